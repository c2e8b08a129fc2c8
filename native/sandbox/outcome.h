// How a run of a sandbox ended.
#pragma once

#include "machine/exit.h"
#include "machine/interrupter.h"
#include "memory/message.h"

#include <cstdint>
#include <string>

namespace snapvm {

// The numbers are those of src/addon/addon.ts.
enum class OutcomeKind : uint8_t {
  Done = 0,
  HostCall = 1,
  Abort = 4,
  Syscall = 5,
  Fault = 6,
  Stopped = 7,
  Shutdown = 8,
  Unsupported = 9,
  Exited = 10, // a Linux program, by itself or by a signal
  Frozen = 11, // a Linux program, when it wanted its standard input
  Output = 12, // a Linux program wrote to its standard output, and goes on when that was taken
};

// The spans of `message` lie in the output buffer, which nobody writes until the next entry; those of a Linux
// program's output in its process.
struct Outcome {
  OutcomeKind kind = OutcomeKind::Done;
  StopReason stop = StopReason::None;
  Message message{};  // Done, HostCall, Abort, Exited, Output
  Fault fault;        // Fault
  std::string reason; // Unsupported: what the guest did, as the rest of a sentence that begins with it
};

} // namespace snapvm
