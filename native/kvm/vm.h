// One RAII class per kernel object: a VM and its vCPU. KVM frees a vCPU only with its VM.
#pragma once

#include "kvm/host.h"
#include "memory/guest_memory.h"
#include "memory/mapping.h"

#include <linux/kvm.h>

namespace snapvm {

class Vm {
public:
  // `ring_entries` is the size of the vCPU's dirty ring: a power of two.
  explicit Vm(uint32_t ring_entries);

  int fd() const { return fd_.get(); }
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

class Vcpu {
public:
  Vcpu(const Vm& vm, uint32_t ring_entries);

  int fd() const { return fd_.get(); }
  kvm_run& run() const { return *reinterpret_cast<kvm_run*>(run_.data()); }
  // The low byte of what the guest wrote to a port, after KVM_EXIT_IO.
  uint8_t first_io_byte() const { return run_.data()[run().io.data_offset]; }
  kvm_dirty_gfn* ring() const { return reinterpret_cast<kvm_dirty_gfn*>(ring_.data()); }

  kvm_regs regs() const;
  kvm_sregs sregs() const;
  // KVM_RUN. Gives 0 or an errno. @throws Error SNAPVM_HOST_MEMORY
  int enter() const;
  // Lets KVM finish the instruction of the last exit without running the guest. False: it asked for another
  // exit instead, so the vCPU holds state that only a new VM is free of. @throws Error
  bool complete_pending() const;
  // Clears what an interrupted or faulting guest may have left half delivered.
  void clear_events() const;

private:
  int try_enter() const;

  Fd fd_;
  Mapping run_;
  Mapping ring_;
};

} // namespace snapvm
