// The pages of a sandbox ever found dirty, and how they get their content back.
//
// A page the guest writes for the first time faults once, KVM makes it writable and puts an entry into the
// dirty ring. The page then stays writable, so later calls write it without a fault, and it stays in this
// set, so every restore copies it back: 0.1 us a page instead of a fault of 1 to 10 us. What that costs:
// pages no call uses any more are copied too. So the set is learned anew, by write-protecting all of it,
// after a number of calls that doubles as long as nothing comes of it; and after a few when one call has
// written several times what those before it did, as that one is likely to stay alone.
#pragma once

#include "kvm/vm.h"
#include "memory/guest_memory.h"

#include <array>
#include <cstdint>
#include <vector>

namespace snapvm {

class StickySet {
public:
  explicit StickySet(GuestMemory& memory);

  // Another vCPU has another, empty ring, which KVM fills from index `next` on. The pages stay: they may be
  // dirty still.
  void attach(uint32_t ring_entries, uint32_t next);
  // Takes the new entries out of the ring.
  void collect(const Vcpu& vcpu);
  // A page the host wrote itself, which no dirty log reports.
  void add(SlotId slot, uint64_t page);
  void copy_back() const;
  // Has KVM report the pages collected so far again when they are written. False: it lost track of some.
  bool reprotect(Vm& vm);
  // Forgets all pages, which must have been copied back and reprotected.
  void relearn();
  // To be asked once per restore: whether the set has earned another look.
  bool relearn_due();

  uint32_t ring_next() const { return next_; }
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
  uint32_t ring_entries_ = 0;
  uint32_t next_ = 0;      // ring index of the next entry to look at
  uint32_t collected_ = 0; // entries taken since the last reset of the ring
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
