// The dirty ring of a vCPU: KVM writes an entry for every page the guest writes first, and the page stays
// writable until the ring is reset (Documentation/virt/kvm/api.rst, 8.29). A full ring is emptied in such a
// way that its pages stay writable all the same, so it never has to be larger than the exits it saves.
//
// A KVM that emulates a guest may write an entry for every store, and many more before it looks whether the
// ring is full. What it then overwrites is lost; it goes by an index of its own, that it shows nobody.
#pragma once

#include "kvm/vcpu.h"
#include "memory/sticky_set.h"

#include <cstdint>

namespace snapvm {

class DirtyRing {
public:
  // Another vCPU has another, empty ring, which KVM fills from index `next` on. Pages found so far stay in
  // the set: they may be dirty still.
  void attach(uint32_t entries, uint32_t next);
  // Takes the new entries out of the ring. If KVM may have overwritten some, every page is in the set.
  void collect(const Vcpu& vcpu, StickySet& sticky);
  // Makes room in a full ring, and KVM forget the pages in it: they stay writable and are not reported again.
  // False: KVM has kept some entries.
  bool make_room(const Vcpu& vcpu, Vm& vm, StickySet& sticky);
  // Has KVM report the pages collected so far again when they are written, but for those that it was made to
  // forget. False: it lost track of some.
  bool reprotect(const Vcpu& vcpu, Vm& vm);
  // Whether there are such pages. Only slots that are new to the VM have KVM report them again.
  bool has_forgotten() const { return has_forgotten_; }
  // The VM has new slots.
  void slots_are_new() { has_forgotten_ = false; }
  uint32_t next() const { return next_; }

private:
  kvm_dirty_gfn& entry(const Vcpu& vcpu, uint32_t index) const;
  bool is_new(const Vcpu& vcpu, uint32_t index) const;
  void find_place(const Vcpu& vcpu);
  bool give_back(const Vcpu& vcpu, Vm& vm);

  uint32_t entries_ = 0;
  uint32_t first_ = 0;   // index of the first entry that KVM has not got back: where its next reset begins
  uint32_t next_ = 0;    // index of the next entry to look at
  bool is_lost_ = false; // KVM goes on at `next_` or behind it
  bool has_forgotten_ = false;
};

} // namespace snapvm
