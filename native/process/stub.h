// What C++ knows of the stub (stub.S): its places, and the form of the system calls that it is told to make.
#pragma once

#include "process/layout.h"

#include <cstdint>

extern "C" {
extern const uint8_t snapvm_stub[];
extern const uint32_t snapvm_stub_bytes, snapvm_stub_start, snapvm_stub_call, snapvm_stub_called,
    snapvm_stub_stop, snapvm_stub_enter, snapvm_stub_enter_pkru, snapvm_stub_bases; // offsets in the stub
}

namespace snapvm {

// One system call for the stub to make.
struct Command {
  int64_t number;
  uint64_t arguments[6];
};
static_assert(sizeof(Command) == COMMAND_BYTES);

// The address in a guest process of one of those offsets.
inline uint64_t stub_address(uint32_t offset) {
  return uint64_t{STUB_BASE} + offset;
}

// How many commands a list can hold.
constexpr uint64_t kMostCommands = STUB_COMMANDS_BYTES / COMMAND_BYTES;

} // namespace snapvm
