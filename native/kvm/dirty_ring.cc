#include "kvm/dirty_ring.h"

#include <atomic>

namespace snapvm {
namespace {

// Names no slot of any address space (KVM_USER_MEM_SLOTS is less than 2^15). KVM checks what it reads from
// the ring, which user space can write, and passes over entries of slots that there are not.
constexpr uint32_t kNoSlot = ~0u;

} // namespace

void DirtyRing::attach(uint32_t entries, uint32_t next) {
  entries_ = entries;
  next_ = next;
  collected_ = 0;
  has_forgotten_ = false;
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

// A reset write-protects the pages that the entries name: a guest that writes more pages than fit, again and
// again, would fault for each of them each time. Should a KVM go by something else than the entry, that is
// all that happens.
bool DirtyRing::make_room(const Vcpu& vcpu, Vm& vm, StickySet& sticky) {
  collect(vcpu, sticky);
  for (uint32_t i = next_ - collected_; i != next_; i++) {
    // SAFETY: as in collect(). KVM reads the slot when it is told to reset, which only this thread does.
    std::atomic_ref<uint32_t>(vcpu.ring()[i & (entries_ - 1)].slot).store(kNoSlot, std::memory_order_relaxed);
  }
  has_forgotten_ = true;
  return reprotect(vm);
}

bool DirtyRing::reprotect(Vm& vm) {
  const uint32_t expected = collected_;
  collected_ = 0;
  return vm.reset_dirty_rings() >= expected;
}

} // namespace snapvm
