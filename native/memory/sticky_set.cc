#include "memory/sticky_set.h"

#include <algorithm>
#include <cstring>

namespace snapvm {
namespace {

constexpr uint32_t kFirstInterval = 64;
// Learning a page costs as much as copying it a hundred times. So this bounds what learning costs a function
// to a tenth, and for how many calls a rare large one makes the others pay.
constexpr uint32_t kLongestInterval = 1024;
// Copying fewer pages than this costs less than the faults of learning them again.
constexpr size_t kSmall = 32;
// A set that has kept its size for kCalm restores and then grows to kOutgrown times as much is looked at
// again after kAfterOutlier restores; not if that happened within the last kFirstInterval, so that a function
// of which every tenth call is a large one is not learned twice for each of them.
constexpr uint32_t kCalm = 8;
constexpr size_t kOutgrown = 4;
constexpr uint32_t kAfterOutlier = 4;

} // namespace

StickySet::StickySet(GuestMemory& memory) : memory_(memory), interval_(kFirstInterval) {
  for (const SlotId slot : {kImageSlot, kScratchSlot})
    known_[slot].resize(memory.slot_bytes(slot) / kPage);
}

bool StickySet::add(SlotId slot, uint64_t page) {
  if (slot >= kSlots || page >= known_[slot].size() || known_[slot][page]) return false;
  const uint64_t offset = page * kPage;
  // Known only once it is in the list: without memory for that, it is found again.
  pages_.push_back({memory_.slot_data(slot) + offset, memory_.golden(slot, offset), slot, offset});
  known_[slot][page] = true;
  memory_.make_private(slot, page, 1);
  return true;
}

void StickySet::copy_back() const {
  for (const Page& page : pages_) {
    // SAFETY: add() took both from the memory this belongs to, and had the page made private.
    if (page.golden != nullptr)
      std::memcpy(page.data, page.golden, kPage);
    else
      std::memset(page.data, 0, kPage);
  }
}

bool StickySet::relearn_due() {
  const size_t size = pages_.size();
  since_outlier_++;
  if (size > kSmall && calm_ >= kCalm && size >= kOutgrown * settled_ && since_outlier_ >= kFirstInterval) {
    interval_ = kAfterOutlier;
    restores_ = since_outlier_ = 0;
  }
  calm_ = size == settled_ ? calm_ + 1 : 0;
  settled_ = size;
  return size > kSmall && ++restores_ >= interval_;
}

void StickySet::relearn() {
  // Shrunk by a quarter or more since the last look: worth looking again soon.
  const bool paid = pages_.size() < learned_ - learned_ / 4;
  interval_ = paid ? kFirstInterval : std::min(interval_ * 2, kLongestInterval);
  learned_ = pages_.size();
  restores_ = 0;
  for (const Page& page : pages_)
    known_[page.slot][page.offset / kPage] = false;
  pages_.clear();
}

} // namespace snapvm
