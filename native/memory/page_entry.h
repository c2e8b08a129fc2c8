// Leaf entries of a guest's page tables, as src/snapshot/page-tables.ts and the host's edits make them.
#pragma once

#include <cstdint>

namespace snapvm {

constexpr uint64_t kPresent = 1, kWritable = 2, kUser = 4, kNoExecute = uint64_t{1} << 63;
constexpr uint64_t kAccessedAndDirty = 0x60;
constexpr uint64_t kEntryAddress = 0x000ffffffffff000;
// Bits the processor leaves to software.
constexpr uint64_t kHeld = 1u << 9;  // not present, for its rights were taken; there is a page
constexpr uint64_t kCode = 1u << 10; // may be made executable again

constexpr bool is_mapped(uint64_t entry) {
  return (entry & (kPresent | kHeld)) != 0;
}

// The address in an entry that is not present stands inverted, as in Linux: a processor that reads past the
// present bit in speculation (L1TF) then meets no memory.
constexpr uint64_t address_of(uint64_t entry) {
  return (entry & kPresent) != 0 ? entry & kEntryAddress : ~entry & kEntryAddress;
}

constexpr bool is_code(uint64_t entry) {
  return (entry & kCode) != 0 || ((entry & kPresent) != 0 && (entry & kNoExecute) == 0);
}

} // namespace snapvm
