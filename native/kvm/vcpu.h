// The vCPU of a VM: every call on its descriptor, and the two mappings it shares with KVM.
#pragma once

#include "kvm/vm.h"
#include "memory/mapping.h"

#include <cstdint>
#include <linux/kvm.h>
#include <span>

namespace snapvm {

// What KVM_GET_XSAVE and KVM_SET_XSAVE move.
constexpr size_t kKvmXsaveBytes = 4096;

// Its setters and getters throw an Error where KVM refuses, unless they say otherwise.
class Vcpu {
public:
  Vcpu(const Vm& vm, uint32_t ring_entries);

  // SAFETY: KVM's mapping is page aligned and lives as long as this; system.cc checks that it is at least a
  // kvm_run long. KVM writes to it only inside KVM_RUN, on this thread.
  kvm_run& run() const { return *reinterpret_cast<kvm_run*>(run_.data()); }
  // The low byte of what the guest wrote to a port, after KVM_EXIT_IO.
  // SAFETY: KVM sets data_offset for such an exit, to a place inside its mapping; no guest can choose it.
  uint8_t first_io_byte() const { return run_.data()[run().io.data_offset]; }
  // The dirty ring. KVM writes entries from other contexts too: see DirtyRing::collect.
  // SAFETY: the mapping is page aligned, has the ring's entries and nothing else, and lives as long as this.
  std::span<kvm_dirty_gfn> ring() const {
    return {reinterpret_cast<kvm_dirty_gfn*>(ring_.data()), ring_.bytes() / sizeof(kvm_dirty_gfn)};
  }

  // Segments, control registers and descriptor tables.
  kvm_sregs sregs() const;
  void set_sregs(const kvm_sregs& sregs) const;
  kvm_debugregs debug_registers() const;
  void set_debug_registers(const kvm_debugregs& debug) const;
  uint64_t xcr0() const;
  void set_xcr0(uint64_t value) const;
  // Reads the MSRs that the entries name into their `data`.
  void get_msrs(std::span<kvm_msr_entry> entries) const;
  // @throws Error SNAPVM_HOST_KVM naming the MSR that KVM refuses
  void set_msrs(std::span<const kvm_msr_entry> entries) const;
  void get_xsave(std::span<uint8_t, kKvmXsaveBytes> area) const;
  // False: KVM refuses the area.
  bool try_set_xsave(std::span<const uint8_t, kKvmXsaveBytes> area) const;
  void set_xsave(std::span<const uint8_t, kKvmXsaveBytes> area) const;
  void make_runnable() const;
  // Clears what an interrupted or faulting guest may have left half delivered.
  void clear_events() const;

  // KVM_RUN. Gives 0 or an errno. @throws Error SNAPVM_HOST_MEMORY
  int enter() const;
  // Lets KVM finish the instruction of the last exit without running the guest. False: it asked for another
  // exit instead, so the vCPU holds state that only a new VM is free of. @throws Error
  bool complete_pending() const;

private:
  int fd() const { return fd_.get(); }
  int try_enter() const;

  Fd fd_;
  Mapping run_;
  Mapping ring_;
};

} // namespace snapvm
