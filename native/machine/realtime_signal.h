// Finding a real-time signal of this process that nobody else uses.
#pragma once

namespace snapvm {

// Takes the first real-time signal that has no handler, for good, and returns its number. System calls that
// the signal interrupts are restarted (SA_RESTART). `purpose` says in the error what the signal is for.
// @throws Error SNAPVM_HOST_MEMORY when all of them have a handler
int claim_realtime_signal(void (*handler)(int), const char* purpose);

} // namespace snapvm
