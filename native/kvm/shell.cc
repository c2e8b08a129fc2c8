#include "kvm/shell.h"

#include <algorithm>

namespace snapvm {
namespace {

// 16 KiB. KVM needs 64 free entries and, where the processor logs pages, 512 more
// (kvm_dirty_ring_get_rsvd_entries): half of these is the least that works everywhere, and a guest that fills
// it gets a larger one.
constexpr uint32_t kFirstRingEntries = 1024;
constexpr size_t kMostShells = 8;
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

uint32_t first_ring_entries() {
  return std::min<uint32_t>(kFirstRingEntries, Host::get().dirty_ring_max / sizeof(kvm_dirty_gfn));
}

Shell::Shell(uint32_t entries, bool filtered)
    : vm(make_vm(entries, filtered)), vcpu(vm, entries), reset(vcpu.sregs()), ring_entries(entries) {}

uint64_t Shell::resident_bytes(uint32_t ring_entries) {
  return ring_entries * sizeof(kvm_dirty_gfn) + static_cast<uint64_t>(Host::get().run_bytes) + kKernelBytes;
}

std::optional<Shell> ShellCache::take(uint32_t ring_entries) {
  if (shells_.empty() || shells_.back().ring_entries != ring_entries) return std::nullopt;
  std::optional<Shell> shell(std::move(shells_.back()));
  shells_.pop_back();
  return shell;
}

bool ShellCache::wants(uint32_t ring_entries) const {
  return shells_.size() < kMostShells && ring_entries == first_ring_entries();
}

} // namespace snapvm
