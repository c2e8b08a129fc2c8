// Why the guest stopped running: kvm_run decoded once into a closed set.
#pragma once

#include "abi.h"

#include <cstdint>
#include <linux/kvm.h>
#include <string>

namespace snapvm {

// The first twelve are what a caller of the sandbox can meet; src/native.ts has the same numbers.
enum class ExitKind : uint8_t {
  Done = 0,
  HostCall = 1,
  Log = 2,
  Print = 3,
  Abort = 4,
  Syscall = 5,
  Fault = 6,
  Stopped = 7,
  Shutdown = 8,
  Unsupported = 9,
  Exited = 10, // a Linux program, by itself or by a signal
  Frozen = 11, // a Linux program, when it wanted its standard input
  // Handled by the sandbox itself
  Interrupted,
  RingFull,
  PortRefused,
};

struct Exit {
  ExitKind kind;
  // Print: the byte. Fault: the vector, claimed by whoever wrote to the port (see Sandbox::read_fault).
  uint8_t value = 0;
  // The vCPU can only be made usable again by building a new VM.
  bool fatal = false;
  // Unsupported and PortRefused: what the guest did, as the rest of a sentence.
  std::string reason = {};
};

// `error` is what KVM_RUN gave: 0 or an errno.
Exit decode_exit(const kvm_run& run, int error);

} // namespace snapvm
