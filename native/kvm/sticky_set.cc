#include "kvm/sticky_set.h"

#include <algorithm>
#include <atomic>
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

void StickySet::attach(uint32_t ring_entries, uint32_t next) {
  ring_entries_ = ring_entries;
  next_ = next;
  collected_ = 0;
}

void StickySet::collect(const Vcpu& vcpu) {
  for (;;) {
    kvm_dirty_gfn& entry = vcpu.ring()[next_ & (ring_entries_ - 1)];
    // Pairs with KVM's write barrier between an entry and its flag (Documentation/virt/kvm/api.rst, 8.29).
    std::atomic_ref<uint32_t> flags(entry.flags);
    if (flags.load(std::memory_order_acquire) != KVM_DIRTY_GFN_F_DIRTY) return;
    add(static_cast<SlotId>(entry.slot), entry.offset);
    flags.store(KVM_DIRTY_GFN_F_RESET, std::memory_order_release);
    next_++;
    collected_++;
  }
}

void StickySet::add(SlotId slot, uint64_t page) {
  if (slot >= kSlots || page >= known_[slot].size() || known_[slot][page]) return;
  const uint64_t offset = page * kPage;
  // Known only once it is in the list: without memory for that, the next look at the ring finds it again.
  pages_.push_back({memory_.slot_data(slot) + offset, memory_.golden(slot, offset), slot, offset});
  known_[slot][page] = true;
  memory_.made_private(slot, page, 1);
}

void StickySet::copy_back() const {
  for (const Page& page : pages_) {
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

bool StickySet::reprotect(Vm& vm) {
  const uint32_t expected = collected_;
  collected_ = 0;
  return vm.reset_dirty_rings() >= expected;
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
