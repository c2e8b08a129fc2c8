// The VM cache: where a thread keeps the VMs, without guest memory, that its sandboxes are done with. On the
// development machine a sandbox is made in 0.37 ms with a new VM and in 0.05 ms with one of these (the
// `create` suite of the bench; on hardware a VM alone takes up to 2 ms). Emptying one takes 0.06 ms.
#pragma once

#include "kvm/vcpu.h"

#include <optional>
#include <vector>

namespace snapvm {

// A VM and its vCPU without guest memory.
struct BareVm {
  // `filtered`: for ring 0, which may use only the MSRs that a restore puts back.
  BareVm(uint32_t ring_entries, bool filtered);
  // What one costs in memory: the dirty ring, and what KVM keeps of a VM and its vCPU.
  static uint64_t resident_bytes(uint32_t ring_entries);

  Vm vm;
  Vcpu vcpu;              // after vm: destroyed first
  kvm_sregs reset;        // of the vCPU as KVM made it
  bool prepared = false;  // has what user guests need and cannot change: XCR0, the MSRs of `syscall`
  uint32_t ring_next = 0; // where KVM goes on in the dirty ring
};

// The size of every sandbox's dirty ring: a power of two.
uint32_t dirty_ring_entries();

// The bare VMs of a thread, and empty scratch memory for as many. Nothing in either tells what ran in it: see
// KvmMachine::retire.
class VmCache {
public:
  std::optional<BareVm> take();
  // Whether to keep one more.
  bool wants() const;
  void give(BareVm&& vm, Mapping&& scratch);
  size_t size() const { return vms_.size(); }
  // Anonymous memory of that size that nobody has written to; empty when there is none.
  Mapping take_scratch(uint64_t bytes);

private:
  std::vector<BareVm> vms_;
  std::vector<Mapping> scratches_;
};

} // namespace snapvm
