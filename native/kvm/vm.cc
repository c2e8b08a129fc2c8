#include "kvm/vm.h"

#include "kvm/registers.h"
#include "kvm/system.h"
#include "system/calls.h"

#include <array>
#include <cerrno>
#include <csignal>

namespace snapvm {

static_assert(sizeof(kvm_userspace_memory_region) == 32 && sizeof(kvm_dirty_gfn) == 16);
static_assert(sizeof(kvm_enable_cap) == 104 && sizeof(kvm_msr_filter) == 392);

Vm::Vm(uint32_t ring_entries) : fd_(System::get().create_vm()) {
  if (!fd_) fail_errno("KVM_CREATE_VM");
  kvm_enable_cap ring{};
  ring.cap = KVM_CAP_DIRTY_LOG_RING;
  ring.args[0] = ring_entries * sizeof(kvm_dirty_gfn);
  if (sys_ioctl(fd_.get(), KVM_ENABLE_CAP, &ring) != 0) fail_errno("enabling KVM_CAP_DIRTY_LOG_RING");
}

Fd Vm::create_vcpu() const {
  Fd vcpu(sys_ioctl_value(fd_.get(), KVM_CREATE_VCPU, 0));
  if (!vcpu) fail_errno("KVM_CREATE_VCPU");
  return vcpu;
}

void Vm::set_slot(SlotId id, uint64_t gpa, const uint8_t* host, uint64_t bytes) {
  // SAFETY: the kernel takes the address as a number. Whoever owns the memory keeps it mapped until the slot
  // is removed or the VM gone: KvmMachine declares its VM after its memory.
  kvm_userspace_memory_region region{.slot = id,
                                     .flags = KVM_MEM_LOG_DIRTY_PAGES,
                                     .guest_phys_addr = gpa,
                                     .memory_size = bytes,
                                     .userspace_addr = reinterpret_cast<uint64_t>(host)};
  if (sys_ioctl(fd_.get(), KVM_SET_USER_MEMORY_REGION, &region) != 0)
    fail_errno("KVM_SET_USER_MEMORY_REGION");
}

void Vm::remove_slot(SlotId id) {
  set_slot(id, 0, nullptr, 0); // a size of 0 is how KVM is told
}

void Vm::filter_msrs() {
  if (!System::get().msr_filter) {
    throw Error(kHostKvm,
                "this KVM lacks KVM_CAP_X86_MSR_FILTER, without which a supervisor guest cannot be put back");
  }
  // One bitmap a range: a set bit allows. Everything outside the ranges is denied, which the guest sees as
  // #GP.
  std::array<std::array<uint8_t, 128>, 2> allowed{};
  constexpr std::array<uint32_t, 2> kBases = {0, 0xc0000000};
  const auto allow = [&](uint32_t msr) {
    const size_t range = msr >= kBases[1];
    const uint32_t bit = msr - kBases[range];
    allowed[range][bit / 8] |= static_cast<uint8_t>(1u << (bit % 8));
  };
  for (const uint32_t msr : kGuestMsrs)
    allow(msr);
  for (const uint32_t msr : kSregsMsrs)
    allow(msr);
  kvm_msr_filter filter{};
  filter.flags = KVM_MSR_FILTER_DEFAULT_DENY;
  for (size_t i = 0; i < kBases.size(); i++) {
    filter.ranges[i].flags = KVM_MSR_FILTER_READ | KVM_MSR_FILTER_WRITE;
    filter.ranges[i].base = kBases[i];
    filter.ranges[i].nmsrs = 128 * 8;
    filter.ranges[i].bitmap = allowed[i].data();
  }
  if (sys_ioctl(fd_.get(), KVM_X86_SET_MSR_FILTER, &filter) != 0) fail_errno("KVM_X86_SET_MSR_FILTER");
}

uint32_t Vm::reset_dirty_rings() {
  // Since 2025 kernels stop half way when a signal is pending, and the engine's own alarms are signals.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const int count = sys_ioctl(fd_.get(), KVM_RESET_DIRTY_RINGS, nullptr);
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (count >= 0) return static_cast<uint32_t>(count);
  if (error == EINTR) return 0;
  errno = error;
  fail_errno("KVM_RESET_DIRTY_RINGS");
}

} // namespace snapvm
