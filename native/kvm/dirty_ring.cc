#include "kvm/dirty_ring.h"

#include <algorithm>
#include <atomic>

namespace snapvm {
namespace {

// Names no slot of any address space (KVM_USER_MEM_SLOTS is less than 2^15). KVM checks what it reads from
// the ring, which user space can write, and passes over entries of slots that there are not.
constexpr uint32_t kNoSlot = ~0u;

// Flags of an entry that was looked at and is not given back yet. KVM writes over it whatever it has.
constexpr uint32_t kTaken = 0;

} // namespace

void DirtyRing::attach(uint32_t entries, uint32_t next) {
  entries_ = entries;
  first_ = next_ = next;
  is_lost_ = has_forgotten_ = false;
}

kvm_dirty_gfn& DirtyRing::entry(const Vcpu& vcpu, uint32_t index) const {
  // SAFETY: attach() was given the ring's size, a power of two, so the index is inside it.
  return vcpu.ring()[index & (entries_ - 1)];
}

bool DirtyRing::is_new(const Vcpu& vcpu, uint32_t index) const {
  // Pairs with KVM's write barrier between an entry and its flag.
  return std::atomic_ref<uint32_t>(entry(vcpu, index).flags).load(std::memory_order_acquire) ==
         KVM_DIRTY_GFN_F_DIRTY;
}

void DirtyRing::collect(const Vcpu& vcpu, StickySet& sticky) {
  if (is_lost_) find_place(vcpu);
  uint32_t taken = 0;
  for (; taken < entries_ && is_new(vcpu, next_ + taken); taken++) {
    kvm_dirty_gfn& found = entry(vcpu, next_ + taken);
    sticky.add(static_cast<SlotId>(found.slot), found.offset);
    std::atomic_ref<uint32_t>(found.flags).store(kTaken, std::memory_order_release);
  }
  next_ += taken;
  if (taken < entries_) return;
  // All around: what KVM wrote before this lap was not looked at.
  sticky.add_all();
  next_ = first_ + entries_;
  is_lost_ = has_forgotten_ = true;
}

// KVM has gone on where a new entry follows one that is taken. Nowhere: it has not yet.
void DirtyRing::find_place(const Vcpu& vcpu) {
  bool after_new = is_new(vcpu, next_ - 1);
  for (uint32_t skipped = 0; skipped < entries_; skipped++) {
    const bool found = is_new(vcpu, next_ + skipped);
    if (found && !after_new) {
      next_ += skipped;
      is_lost_ = false;
      return;
    }
    after_new = found;
  }
}

// A reset write-protects the pages that the entries name: a guest that writes more pages than fit, again and
// again, would fault for each of them each time. Should a KVM go by something else than the entry, that is
// all that happens.
bool DirtyRing::make_room(const Vcpu& vcpu, Vm& vm, StickySet& sticky) {
  collect(vcpu, sticky);
  for (uint32_t i = first_; i != next_; i++) {
    // SAFETY: KVM reads the slot when it is told to reset, which only this thread does.
    std::atomic_ref<uint32_t>(entry(vcpu, i).slot).store(kNoSlot, std::memory_order_relaxed);
  }
  has_forgotten_ = true;
  return first_ != next_ && give_back(vcpu, vm);
}

bool DirtyRing::reprotect(const Vcpu& vcpu, Vm& vm) {
  // Where it went round, an entry names only the page that came last.
  if (next_ - first_ > entries_) has_forgotten_ = true;
  return give_back(vcpu, vm) && !is_lost_;
}

bool DirtyRing::give_back(const Vcpu& vcpu, Vm& vm) {
  while (first_ != next_) {
    const uint32_t lap = std::min(next_ - first_, entries_);
    for (uint32_t i = first_; i != first_ + lap; i++)
      std::atomic_ref<uint32_t>(entry(vcpu, i).flags).store(KVM_DIRTY_GFN_F_RESET, std::memory_order_release);
    const uint32_t count = vm.reset_dirty_rings();
    if (count == 0 || count > lap) return false;
    first_ += count;
  }
  return true;
}

} // namespace snapvm
