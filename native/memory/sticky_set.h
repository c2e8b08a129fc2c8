// The pages of a sandbox ever found dirty, and how they get their content back.
//
// A page the guest writes for the first time faults once, and its machine notes it here and makes it
// writable. The page then stays writable, so later calls write it without a fault, and it stays in this
// set, so every restore copies it back: 0.1 us a page instead of a fault of 1 to 10 us. What that costs:
// pages no call uses any more are copied too. So the set is learned anew, by write-protecting all of it,
// after a number of calls that doubles as long as nothing comes of it; and after a few when one call has
// written several times what those before it did, as that one is likely to stay alone.
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
  bool has(SlotId slot, uint64_t page) const { return known_[slot][page]; }
  void copy_back() const;
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
  GuestMemory& memory_;
  std::vector<Page> pages_;
  std::array<std::vector<bool>, kSlots> known_;
  uint32_t restores_ = 0; // since the set was last learned
  uint32_t interval_;
  size_t learned_ = 0;                      // size at the end of the interval before this one
  size_t settled_ = 0;                      // size at the last restore
  uint32_t calm_ = 0;                       // restores since it last changed
  uint32_t since_outlier_ = UINT32_MAX / 2; // restores since a call that wrote much more than others
};

} // namespace snapvm
