#include "kvm/shell.h"

#include "kvm/system.h"

#include <algorithm>

namespace snapvm {
namespace {

// 16 KiB. KVM refuses a ring without room for the entries it reserves, 64 and 512 more where the processor
// logs pages (kvm_dirty_ring_get_rsvd_entries), so of powers of two this is the least that works everywhere.
// It is full with 960 pages, or 448; then a guest gets a larger one.
constexpr uint32_t kFirstRingEntries = 1024;
constexpr size_t kMostShells = 8;
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

uint32_t first_ring_entries() {
  return std::min<uint32_t>(kFirstRingEntries, System::get().dirty_ring_max / sizeof(kvm_dirty_gfn));
}

Shell::Shell(uint32_t entries, bool filtered)
    : vm(make_vm(entries, filtered)), vcpu(vm, entries), reset(vcpu.sregs()), ring_entries(entries) {}

uint64_t Shell::resident_bytes(uint32_t ring_entries) {
  return ring_entries * sizeof(kvm_dirty_gfn) + static_cast<uint64_t>(System::get().run_bytes) + kKernelBytes;
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

void ShellCache::give(Shell&& shell, Mapping&& scratch) {
  shells_.push_back(std::move(shell));
  const bool keep = scratch.bytes() > 0 && scratch.bytes() <= kMostScratchBytes;
  if (keep && scratches_.size() < kMostShells) scratches_.push_back(std::move(scratch));
}

// Of another size than all sandboxes want now, one would stay for ever: the first goes when none fits.
Mapping ShellCache::take_scratch(uint64_t bytes) {
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
