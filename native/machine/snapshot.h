// What a snapshot descriptor (src/wire/descriptor.ts) says about running it.
#pragma once

#include "linux/process.h"
#include "memory/guest_memory.h"
#include "processor/registers.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace snapvm {

// Where a snapshot is entered; src/addon/addon.ts has the same numbers.
enum class EntryKind : uint8_t { Initialise = 0, Call = 1, Start = 2, Resume = 3 };
inline constexpr auto kLastEntry = static_cast<uint32_t>(EntryKind::Resume);

struct Snapshot {
  bool supervisor = false;
  EntryKind entry = EntryKind::Initialise;
  MemoryShape memory;
  std::vector<Layer> layers;
  Registers registers{};       // canonical: RIP is the address it is entered at
  std::vector<uint8_t> system; // supervisor guests that are ready: their system registers
  std::optional<ProcessSpec> linux_spec;
  std::vector<uint8_t> host_state; // Linux guests that were captured
  std::optional<Registers> frozen; // Linux programs that were frozen in a system call
};

} // namespace snapvm
