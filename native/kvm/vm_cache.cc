#include "kvm/vm_cache.h"

#include "kvm/system.h"

#include <algorithm>

namespace snapvm {
namespace {

// 16 KiB. KVM refuses a ring without room for the entries it reserves, 64 and 512 more where the processor
// logs pages (kvm_dirty_ring_get_rsvd_entries), so of powers of two this is the least that works everywhere.
// It is full with 960 pages, or 448; emptying it costs less than one of their faults.
constexpr uint32_t kRingEntries = 1024;
constexpr size_t kMostVms = 8;
// Of address space: to map more takes longer than the system call, and may be charged for (overcommit).
constexpr uint64_t kMostScratchBytes = 16 << 20;
// What a VM and its vCPU take of the kernel: slab, page tables of both sides, stacks. 500 sandboxes that had
// been called lowered MemFree by 640 to 700 KiB each on the development machine (Linux 6.18); what is counted
// elsewhere is about 110 of that.
constexpr uint64_t kKernelBytes = 512 << 10;

Vm make_vm(uint32_t ring_entries, bool filtered) {
  Vm vm(ring_entries);
  if (filtered) vm.filter_msrs();
  return vm;
}

} // namespace

uint32_t dirty_ring_entries() {
  return std::min<uint32_t>(kRingEntries, System::get().dirty_ring_max / sizeof(kvm_dirty_gfn));
}

BareVm::BareVm(uint32_t entries, bool filtered)
    : vm(make_vm(entries, filtered)), vcpu(vm, entries), reset(vcpu.sregs()) {}

uint64_t BareVm::resident_bytes(uint32_t ring_entries) {
  return ring_entries * sizeof(kvm_dirty_gfn) + static_cast<uint64_t>(System::get().run_bytes) + kKernelBytes;
}

std::optional<BareVm> VmCache::take() {
  if (vms_.empty()) return std::nullopt;
  std::optional<BareVm> vm(std::move(vms_.back()));
  vms_.pop_back();
  return vm;
}

bool VmCache::wants() const {
  return vms_.size() < kMostVms;
}

void VmCache::give(BareVm&& vm, Mapping&& scratch) {
  vms_.push_back(std::move(vm));
  const bool keep = scratch.bytes() > 0 && scratch.bytes() <= kMostScratchBytes;
  if (keep && scratches_.size() < kMostVms) scratches_.push_back(std::move(scratch));
}

// Of another size than all sandboxes want now, one would stay for ever: the first goes when none fits.
Mapping VmCache::take_scratch(uint64_t bytes) {
  for (auto scratch = scratches_.rbegin(); scratch != scratches_.rend(); ++scratch) {
    if (scratch->bytes() != bytes) continue;
    Mapping found = std::move(*scratch);
    scratches_.erase(std::next(scratch).base());
    return found;
  }
  if (!scratches_.empty()) scratches_.erase(scratches_.begin());
  return {};
}

} // namespace snapvm
