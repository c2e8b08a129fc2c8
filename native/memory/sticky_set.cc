#include "memory/sticky_set.h"

#include <algorithm>
#include <cstring>

namespace snapvm {
namespace {

// Copying fewer pages than this costs less than the faults of learning them again.
constexpr size_t kSmall = 32;
// So many pages may be copied for nothing before a set is learned anew, or twice its own size. A page of a
// small set lies in the processor's caches and is copied in a tenth to a hundredth of the time of the fault
// that learns it; one of a large set costs about as much as its fault.
constexpr uint64_t kLeastWaste = 2048;
constexpr uint64_t kWaste = 2;
// Learning that saved less than it may cost makes the set wait longer for the next time, up to this.
constexpr uint64_t kMostPatience = 16;
// One page in so many is looked at in every restore, to see whether the call wrote it.
constexpr size_t kSampled = 64;
constexpr size_t kMostSamples = 64;

alignas(kPage) constexpr uint8_t kZeros[kPage] = {};

uint64_t most_waste(uint64_t pages) {
  return std::max(kLeastWaste, kWaste * pages);
}

} // namespace

StickySet::StickySet(GuestMemory& memory) : memory_(memory) {
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

void StickySet::add_all() {
  for (const SlotId slot : {kImageSlot, kScratchSlot}) {
    for (uint64_t page = 0; page < known_[slot].size(); page++)
      add(slot, page);
  }
}

void StickySet::copy_back() {
  if (pages_.size() > kSmall) sample();
  for (const Page& page : pages_) {
    // SAFETY: add() took both from the memory this belongs to, and had the page made private.
    if (page.golden != nullptr)
      std::memcpy(page.data, page.golden, kPage);
    else
      std::memset(page.data, 0, kPage);
  }
}

// Estimates how many pages are copied for nothing. A page that the call did write makes up for one that no
// call did: a set of which half is used is worth keeping.
void StickySet::sample() {
  const size_t size = pages_.size();
  const size_t samples = std::min(1 + size / kSampled, kMostSamples);
  uint64_t unchanged = 0;
  for (size_t i = 0; i < samples; i++) {
    next_sample_ += 0x9e3779b97f4a7c15; // an odd number, so that every page has its turn, far from the last
    const Page& page = pages_[(next_sample_ >> 32) % size];
    // SAFETY: as in copy_back(); the guest does not run, and both are whole pages.
    unchanged += std::memcmp(page.data, page.golden != nullptr ? page.golden : kZeros, kPage) == 0;
  }
  const uint64_t wasted = size * unchanged / samples;
  const uint64_t needed = size - wasted;
  wasted_ = std::max(wasted_ + wasted, needed) - needed;
}

bool StickySet::relearn_due() {
  const uint64_t size = pages_.size();
  if (size < learned_) saved_ += learned_ - size;
  return size > kSmall && wasted_ >= patience_ * most_waste(size);
}

void StickySet::relearn() {
  const bool paid = learned_ == 0 || saved_ >= most_waste(learned_);
  patience_ = paid ? 1 : std::min(patience_ * 2, kMostPatience);
  learned_ = pages_.size();
  saved_ = wasted_ = 0;
  for (const Page& page : pages_)
    known_[page.slot][page.offset / kPage] = false;
  pages_.clear();
}

} // namespace snapvm
