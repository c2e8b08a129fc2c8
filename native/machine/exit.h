// Why the guest stopped running, decoded once into a closed set by the machine that ran it.
#pragma once

#include "abi.h"

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>

namespace snapvm {

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

// The kinds of exit. Each has what belongs to its kind and nothing else.
struct DoneExit {};     // the guest's message is its result, or says that it is ready
struct HostCallExit {}; // its message asks the host for something
struct LogExit {};      // its message is a log record
struct PrintExit {
  uint8_t byte;
};
struct AbortExit {}; // its message says why it gives up
struct SyscallExit {};
struct FaultExit {
  Fault fault;
  bool final = false; // the guest cannot go on from it, whatever registers it is given
};
struct InterruptedExit {}; // somebody asked the machine to stop
struct ShutdownExit {};
struct UnsupportedExit {
  std::string reason; // what the guest did, as the rest of a sentence that begins with it
};

using Exit = std::variant<DoneExit, HostCallExit, LogExit, PrintExit, AbortExit, SyscallExit, FaultExit,
                          InterruptedExit, ShutdownExit, UnsupportedExit>;

// Whether a guest exits in this way by writing to one of its ports.
template <typename Kind>
inline constexpr bool kIsPortExit =
    std::is_same_v<Kind, DoneExit> || std::is_same_v<Kind, HostCallExit> || std::is_same_v<Kind, LogExit> ||
    std::is_same_v<Kind, PrintExit> || std::is_same_v<Kind, AbortExit>;

// What ring 3 says by writing `value` to a port; nothing for a port that it may not use.
inline std::optional<Exit> exit_of_port(uint16_t port, uint8_t value) {
  switch (port) {
  case PORT_LOG:
    return LogExit{};
  case PORT_HOST_CALL:
    return HostCallExit{};
  case PORT_ABORT:
    return AbortExit{};
  case PORT_PRINT:
    return PrintExit{value};
  case PORT_DONE:
    return DoneExit{};
  default:
    return std::nullopt;
  }
}

} // namespace snapvm
