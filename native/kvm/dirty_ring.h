// The dirty ring of a vCPU: KVM writes an entry for every page the guest writes first, and the page stays
// writable until the ring is reset (Documentation/virt/kvm/api.rst, 8.29).
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
  // Takes the new entries out of the ring.
  void collect(const Vcpu& vcpu, StickySet& sticky);
  // Has KVM report the pages collected so far again when they are written. False: it lost track of some.
  bool reprotect(Vm& vm);
  uint32_t next() const { return next_; }

private:
  uint32_t entries_ = 0;
  uint32_t next_ = 0;      // index of the next entry to look at
  uint32_t collected_ = 0; // entries taken since the last reset
};

} // namespace snapvm
