// Signals of a Linux program: what it set up, and how one is handed to its handler.
#pragma once

#include "memory/address_space.h"
#include "processor/registers.h"
#include "processor/vector_state.h"

#include <array>
#include <cstdint>
#include <optional>

namespace snapvm {

constexpr uint32_t kSignals = 64;

struct SignalAction {
  uint64_t handler = 0; // 0 default, 1 ignore
  uint64_t flags = 0;
  uint64_t restorer = 0;
  uint64_t mask = 0;
};

struct SignalState {
  std::array<SignalAction, kSignals + 1> actions{}; // by number
  uint64_t blocked = 0;                             // bit n - 1 for signal n
  uint64_t pending = 0;
  uint64_t killed = 0; // those of them that kill() sent: a handler is told
  uint64_t stack = 0;  // sigaltstack
  uint64_t stack_bytes = 0;
  uint32_t stack_flags = 2; // SS_DISABLE
  uint32_t reserved = 0;    // it is kept as bytes, and none of them may be chance
};

enum class SentBy : uint8_t { Process, Thread }; // kill, or tkill and tgkill

struct SignalInfo {
  int32_t number = 0;
  int32_t code = 0;
  uint64_t address = 0; // of a fault; of one that was sent: the sender's pid and uid
  uint64_t trap = 0;
  uint64_t error = 0;
  uint64_t cr2 = 0;
};

// A processor exception as a program would see it.
SignalInfo signal_of_fault(uint8_t vector, uint64_t error_code, uint64_t rip, uint64_t cr2);

// Whether a signal without a handler ends the program.
bool is_fatal_by_default(uint32_t number);

// Puts a frame on the program's stack and the registers at its handler. False: the stack cannot be written.
bool enter_handler(SignalState& state, const SignalInfo& info, Registers& registers, AddressSpace& space,
                   const VectorState& vectors);
// rt_sigreturn: the registers as the frame has them, made harmless. False: there is no such frame.
bool leave_handler(SignalState& state, Registers& registers, AddressSpace& space, VectorState& vectors);

} // namespace snapvm
