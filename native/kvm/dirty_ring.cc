#include "kvm/dirty_ring.h"

#include <atomic>

namespace snapvm {

void DirtyRing::attach(uint32_t entries, uint32_t next) {
  entries_ = entries;
  next_ = next;
  collected_ = 0;
}

void DirtyRing::collect(const Vcpu& vcpu, StickySet& sticky) {
  for (;;) {
    // SAFETY: attach() was given the ring's size, a power of two, so the index is inside it.
    kvm_dirty_gfn& entry = vcpu.ring()[next_ & (entries_ - 1)];
    // Pairs with KVM's write barrier between an entry and its flag.
    std::atomic_ref<uint32_t> flags(entry.flags);
    if (flags.load(std::memory_order_acquire) != KVM_DIRTY_GFN_F_DIRTY) return;
    sticky.add(static_cast<SlotId>(entry.slot), entry.offset);
    flags.store(KVM_DIRTY_GFN_F_RESET, std::memory_order_release);
    next_++;
    collected_++;
  }
}

bool DirtyRing::reprotect(Vm& vm) {
  const uint32_t expected = collected_;
  collected_ = 0;
  return vm.reset_dirty_rings() >= expected;
}

} // namespace snapvm
