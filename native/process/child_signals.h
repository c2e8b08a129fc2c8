// SIGCHLD in this process while it traces others.
#pragma once

namespace snapvm {

// Every stop of a traced process would be told to this process by SIGCHLD, and whoever has a handler for it,
// as Node has while it has a child, would run with every call of a guest. So the handler that is there is
// told of ends only (SA_NOCLDSTOP), which are all that Node's wants. To be repeated: it comes and goes.
void quiet_stops();

} // namespace snapvm
