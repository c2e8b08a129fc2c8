#include "kvm/system.h"

#include "error.h"
#include "kvm/flexible.h"
#include "machine/vector_components.h"
#include "system/calls.h"
#include "system/interruptions.h"

#include <fcntl.h>

namespace snapvm {
namespace {

constexpr uint32_t kHypervisorLeaves = 0x40000000;
constexpr uint32_t kHypervisorLeavesEnd = 0x40010000;
constexpr uint32_t kXsaveLeaf = 0xd;
constexpr uint32_t kFeatureLeaf = 7;
constexpr uint32_t kExtendedFeatureLeaf = 0x80000001;
constexpr uint32_t kFsgsbaseBit = 1;                     // of EBX of the feature leaf
constexpr uint32_t kPkuBit = 1u << 3;                    // of its ECX
constexpr uint32_t kVmxBit = 1u << 5, kSvmBit = 1u << 2; // of ECX
constexpr uint32_t kX87AndSse = 3;
constexpr uint32_t kMaxCpuidEntries = 256;

int capability(int kvm, int number) {
  const int found = sys_ioctl_value(kvm, KVM_CHECK_EXTENSION, number);
  if (found < 0) fail_errno("KVM_CHECK_EXTENSION");
  return found;
}

void require(int kvm, int number, const char* name) {
  if (capability(kvm, number) <= 0) {
    throw Error(kHostKvm, std::string("this KVM lacks ") + name + "; snapvm needs Linux 5.11 or newer");
  }
}

const kvm_cpuid_entry2* find_leaf(const std::vector<kvm_cpuid_entry2>& leaves, uint32_t function,
                                  uint32_t index = 0) {
  for (const auto& leaf : leaves) {
    if (leaf.function == function && leaf.index == index) return &leaf;
  }
  return nullptr;
}

} // namespace

void System::read_cpuid() {
  cpuid.resize(kMaxCpuidEntries);
  const int count = snapvm_get_supported_cpuid(fd_.get(), cpuid.data(), kMaxCpuidEntries);
  if (count < 0) fail_errno("KVM_GET_SUPPORTED_CPUID");
  cpuid.resize(static_cast<size_t>(count));
  // A guest has no use for paravirtual clocks and features: they would be MSRs and pages to restore.
  std::erase_if(cpuid, [](const kvm_cpuid_entry2& leaf) {
    return leaf.function >= kHypervisorLeaves && leaf.function < kHypervisorLeavesEnd;
  });
  // Nor may ring 0 of a guest be a hypervisor: nested virtualisation is the largest attack surface KVM has.
  for (auto& leaf : cpuid) {
    if (leaf.function == 1) leaf.ecx &= ~kVmxBit;
    if (leaf.function == kExtendedFeatureLeaf) leaf.ecx &= ~kSvmBit;
  }
  const auto* xsave = find_leaf(cpuid, kXsaveLeaf);
  if (xsave == nullptr || (xsave->eax & kX87AndSse) != kX87AndSse) {
    throw Error(kHostKvm, "this processor (or its KVM) has no XSAVE, which restoring vector registers needs");
  }
  xcr0 = xsave->eax & kGuestXcr0;
  xsave_bytes = snapvm::xsave_bytes(xcr0, place_on_this_processor);
  if (const auto* features = find_leaf(cpuid, kFeatureLeaf)) {
    fsgsbase = (features->ebx & kFsgsbaseBit) != 0;
    pku = (features->ecx & kPkuBit) != 0;
  }
}

System System::ask() {
  System system;
  system.fd_ = Fd(sys_open("/dev/kvm", O_RDWR | O_CLOEXEC));
  if (!system.fd_) {
    if (is_exhausted(errno)) fail_errno("opening /dev/kvm");
    const char* advice = errno == EACCES || errno == EPERM
                             ? "; add this user to the group that owns it (usually kvm)"
                             : "; enable virtualisation in the firmware and load kvm_intel or kvm_amd";
    throw Error(kHostKvm, std::string("/dev/kvm cannot be opened: ") + std::strerror(errno) + advice);
  }
  const int kvm = system.fd_.get();
  const int version = sys_ioctl(kvm, KVM_GET_API_VERSION, nullptr);
  if (version < 0) fail_errno("KVM_GET_API_VERSION");
  if (version != KVM_API_VERSION)
    throw Error(kHostKvm, "/dev/kvm does not speak the KVM API (version 12); is it the real device?");
  require(kvm, KVM_CAP_IMMEDIATE_EXIT, "KVM_CAP_IMMEDIATE_EXIT");
  require(kvm, KVM_CAP_SYNC_REGS, "KVM_CAP_SYNC_REGS");
  require(kvm, KVM_CAP_DIRTY_LOG_RING, "KVM_CAP_DIRTY_LOG_RING");
  require(kvm, KVM_CAP_XCRS, "KVM_CAP_XCRS");
  system.dirty_ring_max = static_cast<uint32_t>(capability(kvm, KVM_CAP_DIRTY_LOG_RING));
  system.msr_filter = capability(kvm, KVM_CAP_X86_MSR_FILTER) > 0;
  system.run_bytes = sys_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, nullptr);
  if (system.run_bytes < static_cast<int>(sizeof(kvm_run))) fail_errno("KVM_GET_VCPU_MMAP_SIZE");
  system.read_cpuid();
  return system;
}

// Creating a VM takes locks that a pending signal interrupts.
Fd System::create_vm() const {
  Interruptions interruptions;
  for (;;) {
    const int vm = sys_ioctl_value(fd_.get(), KVM_CREATE_VM, 0);
    if (vm >= 0 || errno != EINTR || interruptions.are_too_many()) return Fd(vm);
  }
}

const System& System::get() {
  // A failed probe throws and is tried again by the next caller: /dev/kvm may have become usable meanwhile.
  static const auto* system = new System(ask());
  return *system;
}

} // namespace snapvm
