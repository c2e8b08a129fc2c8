// Why the guest stopped running, decoded once into a closed set by the machine that ran it.
#pragma once

#include "abi.h"

#include <cstdint>
#include <optional>
#include <string>

namespace snapvm {

// The first twelve are what a caller of the sandbox can meet; src/addon/addon.ts has the same numbers.
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
  Interrupted, // handled by the sandbox itself
};

constexpr uint8_t kDebug = 1, kBreakpoint = 3, kInvalidOpcode = 6, kGeneralProtection = 13, kPageFault = 14;
// Bits of a page fault's error code (Intel SDM vol. 3, 4.7).
constexpr uint64_t kFaultPresent = 1, kFaultWrite = 2, kFaultUser = 4, kFaultFetch = 16;

// Whether the exception frame of a vector starts with an error code (Intel SDM vol. 3, table 6-1; AMD APM
// vol. 2, 8.2).
constexpr bool has_error_code(uint8_t vector) {
  constexpr uint32_t kVectors = 1u << 8 | 1u << 10 | 1u << 11 | 1u << 12 | 1u << 13 | 1u << 14 | 1u << 17 |
                                1u << 21 | 1u << 29 | 1u << 30;
  return vector < 32 && (kVectors >> vector & 1) != 0;
}

// Opcodes of `out`.
constexpr uint8_t kOutImm8 = 0xe6, kOutDx8 = 0xee, kOutDx32 = 0xef, kOutImm32 = 0xe7;

struct Fault {
  uint8_t vector = 0;
  uint64_t error_code = 0;
  uint64_t rip = 0;
  uint64_t cr2 = 0;
  uint64_t rsp = 0;
  uint64_t rflags = 0;
};

struct Exit {
  ExitKind kind;
  uint8_t value = 0; // Print: the byte
  Fault fault{};
  // Fault: the guest cannot go on from it, whatever registers it is given.
  bool final = false;
  // Unsupported: what the guest did, as the rest of a sentence that begins with it.
  std::string reason = {};
};

// What ring 3 says by writing to a port; nothing for one that it may not use.
constexpr std::optional<ExitKind> exit_of_port(uint16_t port) {
  switch (port) {
  case PORT_LOG:
    return ExitKind::Log;
  case PORT_HOST_CALL:
    return ExitKind::HostCall;
  case PORT_ABORT:
    return ExitKind::Abort;
  case PORT_PRINT:
    return ExitKind::Print;
  case PORT_DONE:
    return ExitKind::Done;
  default:
    return std::nullopt;
  }
}

} // namespace snapvm
