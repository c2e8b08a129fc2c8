// What SIGCHLD tells this process while it traces others.
#pragma once

namespace snapvm {

// Has the handler of SIGCHLD, if there is one, told only of processes that end (SA_NOCLDSTOP). Otherwise each
// stop of a traced process would run it, and so each call of a guest; Node has such a handler while it has a
// child, and wants to know of ends only. To be called again and again, as that handler comes and goes.
void quiet_stops();

} // namespace snapvm
