// Real-time signals of this process that nobody else uses.
#pragma once

namespace snapvm {

// Takes the first one nobody has a handler for, for good. SA_RESTART: what it interrupts need not know.
// @throws Error SNAPVM_HOST_MEMORY
int claim_realtime_signal(void (*handler)(int), const char* purpose);

} // namespace snapvm
