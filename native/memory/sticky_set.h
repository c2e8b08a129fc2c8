// The pages of a sandbox ever found dirty, and how they get their content back.
//
// A page the guest writes for the first time faults once, and its machine notes it here and makes it
// writable. The page then stays writable, so later calls write it without a fault, and it stays in this
// set, so every restore copies it back: 0.1 us a page instead of a fault of 1 to 10 us. What that costs:
// pages no call uses any more are copied too. So each restore looks whether a few pages had changed at all,
// and when the pages that were copied for nothing come to twice the set (or to a few MiB), the set is
// learned anew by write-protecting all of it. What one large call leaves to those after it is so bounded in
// bytes, while a function that keeps writing its pages keeps its set.
#pragma once

#include "memory/guest_memory.h"

#include <array>
#include <cstdint>
#include <vector>

namespace snapvm {

class StickySet {
public:
  explicit StickySet(GuestMemory& memory);

  // A page that was written, or is going to be. True: it was not known yet.
  bool add(SlotId slot, uint64_t page);
  // Every page: which of them were written is not known.
  void add_all();
  bool has(SlotId slot, uint64_t page) const { return known_[slot][page]; }
  void copy_back();
  // Forgets all pages, which must have been copied back, and be noted again when they are written.
  void relearn();
  // To be asked once per restore: whether the set has earned another look.
  bool relearn_due();

  size_t size() const { return pages_.size(); }
  struct Page {
    uint8_t* data;
    const uint8_t* golden; // null: zeros
    SlotId slot;
    uint64_t offset;
  };
  const std::vector<Page>& pages() const { return pages_; }

private:
  void sample();

  GuestMemory& memory_;
  std::vector<Page> pages_;
  std::array<std::vector<bool>, kSlots> known_;
  uint64_t next_sample_ = 0;
  // In pages, since the set was last learned anew:
  uint64_t wasted_ = 0;   // copied for nothing, less those that were needed, by estimate
  uint64_t saved_ = 0;    // copied less than the set of before would have been
  uint64_t learned_ = 0;  // the size of the set of before
  uint64_t patience_ = 1; // how much more may be wasted, as learning did not pay
};

} // namespace snapvm
