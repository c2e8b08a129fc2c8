// The guest's page tables as mappings of its process. The tables stay the truth: before the guest runs
// on, what the process maps is made to agree with them. A page that the guest may write is mapped
// read-only until it writes it. That fault notes the page as dirty, makes it private and maps it
// writable, which it then stays.
#pragma once

#include "memory/guest_space.h"
#include "memory/page_runs.h"
#include "memory/sticky_set.h"
#include "memory/translations.h"
#include "process/guest_process.h"
#include "process/owned_memory.h"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace snapvm {

class Mirror final : public Translations {
public:
  Mirror(const OwnedMemory& memory, StickySet& sticky) : memory_(memory), sticky_(sticky) {}

  // Maps all that the tables say into a process that has nothing mapped. @throws Error
  void load(GuestProcess& child, const GuestSpace& space);
  void changes(uint64_t gva, uint64_t before, uint64_t after) override;
  void became_private(uint64_t gva) override { edited_.note(gva); }
  // Whether the tables have changed in a way that the process does not know of yet.
  bool is_stale() const { return !edited_.empty(); }
  // Makes the process agree with the tables. @throws Error
  void flush(GuestProcess& child, const GuestSpace& space);
  // To be called when the guest's memory, tables included, has been put back: every entry that was edited
  // since the last time has changed once more.
  void restored();
  // To be called before the sticky set is learned anew: its pages become read-only again.
  void forget_dirty();
  // Allows the write at `gva` that the process has just refused, if the tables allow it. False: they do not,
  // and the fault is the guest's.
  bool allow_write(uint64_t gva, const GuestSpace& space);
  // The address at which these two bytes are executable, if there is exactly one.
  std::optional<uint64_t> only_place_of(std::span<const uint8_t, 2> bytes) const;

private:
  // A stretch of the process's memory that one mapping covers.
  struct Piece {
    uint64_t gva;
    uint64_t bytes;
    int protection;
    Backing backing;
  };
  // Pages that lie side by side both in the guest's address space and in guest physical memory.
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
  std::vector<Region> regions_; // what the snapshot maps, ordered by GPA
  // Where a guest has written in sequence. It may do so in several places by turns, as a copy or a sort does.
  struct Sequence {
    uint64_t start = 0; // of what the last fault there made writable
    uint64_t end = 0;
    uint64_t pages = 0; // so far
  };
  static constexpr size_t kSequences = 4;
  std::array<Sequence, kSequences> sequences_{};
  size_t oldest_ = 0; // the next to give way
};

} // namespace snapvm
