#include "machine/machine.h"

#include <cstring>

namespace snapvm {

void Machine::write_entry_block(const EntryBlock& block) {
  sticky_.add(kScratchSlot, (memory_->shape().monitor_offset() + MONITOR_USER) / kPage);
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

uint64_t components_of(std::span<const uint8_t> area) {
  constexpr size_t kHeader = 512;
  uint64_t components;
  std::memcpy(&components, area.data() + kHeader, sizeof components);
  return components;
}

} // namespace snapvm
