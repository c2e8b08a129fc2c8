#include "machine/machine.h"

#include <cstring>

namespace snapvm {

void Machine::write_entry_block(const EntryBlock& block) {
  sticky_.add(kScratchSlot, (memory_->shape().monitor_offset() + MONITOR_USER) / kPage);
  // SAFETY: every user guest's memory has a monitor of MONITOR_BYTES (check_shape in sandbox.cc), and only
  // those have an entry block.
  std::memcpy(memory_->monitor() + MONITOR_ENTRY_BLOCK, &block, sizeof block);
}

Fault general_protection(const Registers& registers) {
  return {.vector = kGeneralProtection,
          .error_code = 0,
          .rip = registers.rip,
          .cr2 = 0,
          .rsp = registers.rsp,
          .rflags = registers.rflags};
}

} // namespace snapvm
