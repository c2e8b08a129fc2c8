// The guest's page tables as mappings of its process. The tables stay the truth; what the process maps of
// them is made to agree before the guest runs on. A page the guest may write is mapped read-only until it
// does: the fault has it noted as dirty, made private and mapped writable, which it then stays.
#pragma once

#include "memory/guest_space.h"
#include "memory/page_runs.h"
#include "memory/sticky_set.h"
#include "memory/translations.h"
#include "process/guest_process.h"
#include "process/owned_memory.h"

#include <optional>
#include <span>
#include <vector>

namespace snapvm {

class Mirror final : public Translations {
public:
  Mirror(const OwnedMemory& memory, StickySet& sticky) : memory_(memory), sticky_(sticky) {}

  // Maps all there is into a process that has nothing.
  void load(GuestProcess& child, const GuestSpace& space);
  void changes(uint64_t gva, uint64_t before, uint64_t after) override;
  void became_private(uint64_t gva) override { edited_.note(gva); }
  // Whether the process does not agree with the tables.
  bool is_stale() const { return !edited_.empty(); }
  // Has it agree.
  void flush(GuestProcess& child, const GuestSpace& space);
  // To be called when the guest's memory, tables included, has been put back: what was edited since the last
  // time changes once more.
  void restored();
  // To be called when the sticky set is about to be learned anew: its pages are to be mapped read-only.
  void forget_dirty();
  // The guest was refused to write at `gva`. False: and rightly so, it is its own fault.
  bool allow_write(uint64_t gva, const GuestSpace& space);
  // Where these two bytes are executable, if that is one place.
  std::optional<uint64_t> only_place_of(std::span<const uint8_t, 2> bytes) const;

private:
  // How a stretch of the process's memory is mapped.
  struct Piece {
    uint64_t gva;
    uint64_t bytes;
    int protection;
    Backing backing;
  };
  // Pages at neighbouring addresses that are neighbours in guest physical memory too.
  struct Region {
    uint64_t gpa;
    uint64_t gva;
    uint64_t pages;
  };

  std::optional<Piece> piece_at(uint64_t gva, uint64_t entry) const;
  void note_region(uint64_t gva, uint64_t entry);
  template <typename Visit> void walk(uint64_t table, int shift, uint64_t gva, const Visit& visit) const;

  const OwnedMemory& memory_;
  StickySet& sticky_;
  PageRuns edited_;             // addresses that the process has to map anew
  PageRuns since_restore_;      // addresses whose entries changed since the last restore
  std::vector<Region> regions_; // of the snapshot, by GPA
  uint64_t next_fault_ = 0;     // where the next write fault is if the guest writes in sequence
  uint64_t sequence_ = 0;       // pages it has written in sequence so far
};

} // namespace snapvm
