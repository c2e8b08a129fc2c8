// The memory a Linux program asks for while it runs: brk, and mappings in one window of addresses.
//
// Pages are frames of a pool, given at once: what a program mapped it can touch without an exit. Only an
// area without rights (PROT_NONE) takes none. Frames are zero unless marked: those a program has given back
// are zeroed when they are given out again.
#pragma once

#include "linux/page_ranges.h"
#include "linux/work.h"
#include "memory/address_space.h"

#include <cstdint>
#include <span>
#include <vector>

namespace snapvm {

// From the snapshot's LinuxSpec.
struct MemoryWindows {
  uint64_t brk_start = 0;
  uint64_t brk_end = 0; // one past the last address brk may reach
  uint64_t map_start = 0;
  uint64_t map_end = 0;
};

class ProcessMemory {
public:
  struct Area {
    uint64_t start, end;
    uint32_t protection;
    bool other = false; // shared, or a file's: not private memory without a file
  };
  // All of it, to be put back, and to be kept with a frozen program.
  struct State {
    std::vector<Area> areas; // ascending, disjoint, in the window
    uint64_t brk = 0;
    std::vector<bool> used; // by frame
    std::vector<bool> old;  // by frame: may hold bytes of before
    uint32_t free = 0;
    PageRanges wiped; // MADV_WIPEONFORK: zero after a freeze, as in a child of fork
  };

  ProcessMemory(const MemoryWindows& windows, AddressSpace& space, Work& work);

  const State& state() const { return state_; }
  void set_state(const State& state) {
    state_ = state;
    next_ = 0;
  }
  uint32_t frames() const { return static_cast<uint32_t>(state_.used.size()); }

  // System calls: a value, or a negative errno. What a stop cuts short leaves areas and pages that do not fit
  // each other, until they are put back.
  uint64_t brk(uint64_t address);
  // `content`, if any, is what a file mapping shows.
  int64_t map(uint64_t address, uint64_t bytes, uint32_t protection, int flags,
              std::span<const uint8_t> content);
  int64_t unmap(uint64_t address, uint64_t bytes);
  int64_t protect(uint64_t address, uint64_t bytes, uint32_t protection);
  int64_t remap(uint64_t address, uint64_t old_bytes, uint64_t new_bytes, int flags, uint64_t target);
  int64_t advise(uint64_t address, uint64_t bytes, int advice);

  // Whether anything is there, whatever its rights.
  bool is_mapped(uint64_t address) const;

  // Zeroes what is to be zero after a freeze.
  void wipe();

  // Frames that hold bytes nobody can reach any more, zeroed: then a frozen program need not keep them.
  void forget_old();

private:
  bool in_window(uint64_t address, uint64_t bytes) const;
  bool is_free(uint64_t address, uint64_t bytes) const;
  std::optional<uint64_t> find_gap(uint64_t bytes) const;
  // The areas that cover the range, cut at its ends; false where there is a hole.
  bool isolate(uint64_t start, uint64_t end);
  void cut(uint64_t at);
  void insert(Area area);
  int64_t wipe_on_freeze(uint64_t start, uint64_t end, bool wiped);
  // True: it has to stop.
  bool stop_after_walk();
  bool drop_pages(uint64_t start, uint64_t end);
  uint64_t missing_pages(uint64_t start, uint64_t end) const;
  uint32_t take_frame(std::span<const uint8_t> content);
  void give_back(uint32_t frame);
  bool back(uint64_t start, uint64_t end, uint32_t protection, std::span<const uint8_t> content);

  const MemoryWindows windows_;
  AddressSpace& space_;
  Work& work_;
  State state_;
  uint32_t next_ = 0; // no frame below it is free
};

} // namespace snapvm
