// A virtual machine of KVM: its memory slots, and the calls that are about all of it.
#pragma once

#include "memory/fd.h"
#include "memory/guest_memory.h"

#include <cstdint>

namespace snapvm {

class Vm {
public:
  // `ring_entries` is the size of the vCPU's dirty ring: a power of two.
  explicit Vm(uint32_t ring_entries);

  // KVM_CREATE_VCPU, of which a VM has one. KVM frees it only with the VM. @throws Error
  Fd create_vcpu() const;
  void set_slot(SlotId id, uint64_t gpa, const uint8_t* host, uint64_t bytes);
  // Takes the memory away; from here on it may be unmapped.
  void remove_slot(SlotId id);
  // Makes ring 0 unable to touch any MSR but those a restore puts back.
  void filter_msrs();
  // Write-protects again every page whose entry in the dirty ring was marked as collected; gives their
  // number. Less than were marked means KVM lost track of the others for good: the VM has to be rebuilt
  // before it may forget any page.
  uint32_t reset_dirty_rings();

private:
  Fd fd_;
};

} // namespace snapvm
