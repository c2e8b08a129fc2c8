#include "kvm/vm.h"

#include "kvm/flexible.h"
#include "kvm/registers.h"
#include "system/calls.h"
#include "system/interruptions.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <vector>

namespace snapvm {

static_assert(sizeof(kvm_regs) == 144 && sizeof(kvm_sregs) == 312 && sizeof(kvm_dirty_gfn) == 16);
static_assert(sizeof(kvm_userspace_memory_region) == 32 && sizeof(kvm_vcpu_events) == 64);
static_assert(sizeof(kvm_enable_cap) == 104 && sizeof(kvm_debugregs) == 128 && sizeof(kvm_msr_filter) == 392);

namespace {

// Creating a VM takes locks that a pending signal interrupts.
int create_vm() {
  Interruptions interruptions;
  for (;;) {
    const int vm = sys_ioctl_value(Host::get().kvm.get(), KVM_CREATE_VM, 0);
    if (vm >= 0 || errno != EINTR || interruptions.are_too_many()) return vm;
  }
}

} // namespace

Vm::Vm(uint32_t ring_entries) : fd_(create_vm()) {
  if (!fd_) fail_errno("KVM_CREATE_VM");
  kvm_enable_cap ring{};
  ring.cap = KVM_CAP_DIRTY_LOG_RING;
  ring.args[0] = ring_entries * sizeof(kvm_dirty_gfn);
  if (sys_ioctl(fd(), KVM_ENABLE_CAP, &ring) != 0) fail_errno("enabling KVM_CAP_DIRTY_LOG_RING");
}

void Vm::set_slot(SlotId id, uint64_t gpa, const uint8_t* host, uint64_t bytes) {
  kvm_userspace_memory_region region{.slot = id,
                                     .flags = KVM_MEM_LOG_DIRTY_PAGES,
                                     .guest_phys_addr = gpa,
                                     .memory_size = bytes,
                                     .userspace_addr = reinterpret_cast<uint64_t>(host)};
  if (sys_ioctl(fd(), KVM_SET_USER_MEMORY_REGION, &region) != 0) fail_errno("KVM_SET_USER_MEMORY_REGION");
}

void Vm::remove_slot(SlotId id) {
  set_slot(id, 0, nullptr, 0); // a size of 0 is how KVM is told
}

void Vm::filter_msrs() {
  if (!Host::get().msr_filter) {
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
  if (sys_ioctl(fd(), KVM_X86_SET_MSR_FILTER, &filter) != 0) fail_errno("KVM_X86_SET_MSR_FILTER");
}

uint32_t Vm::reset_dirty_rings() {
  // Since 2025 kernels stop half way when a signal is pending, and the engine's own alarms are signals.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const int count = sys_ioctl(fd(), KVM_RESET_DIRTY_RINGS, nullptr);
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (count >= 0) return static_cast<uint32_t>(count);
  if (error == EINTR) return 0;
  errno = error;
  fail_errno("KVM_RESET_DIRTY_RINGS");
}

Vcpu::Vcpu(const Vm& vm, uint32_t ring_entries) : fd_(sys_ioctl_value(vm.fd(), KVM_CREATE_VCPU, 0)) {
  if (!fd_) fail_errno("KVM_CREATE_VCPU");
  const Host& host = Host::get();
  const int protection = PROT_READ | PROT_WRITE;
  run_ = Mapping(static_cast<size_t>(host.run_bytes), protection, MAP_SHARED, fd(), 0, "mmap of kvm_run");
  ring_ = Mapping(ring_entries * sizeof(kvm_dirty_gfn), protection, MAP_SHARED, fd(),
                  KVM_DIRTY_LOG_PAGE_OFFSET * static_cast<off_t>(kPage), "mmap of the dirty ring");
  if (snapvm_set_cpuid(fd(), host.cpuid.data(), static_cast<uint32_t>(host.cpuid.size())) != 0) {
    fail_errno("KVM_SET_CPUID2");
  }
  // RIP comes back with every exit (half a microsecond at most): restore needs it, see Sandbox::left_plainly.
  run().kvm_valid_regs = KVM_SYNC_X86_REGS;
}

kvm_regs Vcpu::regs() const {
  kvm_regs regs;
  if (sys_ioctl(fd(), KVM_GET_REGS, &regs) != 0) fail_errno("KVM_GET_REGS");
  return regs;
}

kvm_sregs Vcpu::sregs() const {
  kvm_sregs sregs;
  if (sys_ioctl(fd(), KVM_GET_SREGS, &sregs) != 0) fail_errno("KVM_GET_SREGS");
  return sregs;
}

// Since Linux 6.13 the first KVM_RUN of a VM makes a task, for which there may be no room (EAGAIN).
int Vcpu::enter() const {
  const int error = try_enter();
  if (error != EAGAIN && error != ENOMEM) return error;
  errno = error;
  fail_errno("KVM_RUN");
}

int Vcpu::try_enter() const {
  return sys_ioctl(fd(), KVM_RUN, nullptr) == 0 ? 0 : errno;
}

bool Vcpu::complete_pending() const {
  run().kvm_dirty_regs = 0;
  run().immediate_exit = 1;
  const int error = try_enter();
  run().immediate_exit = 0;
  if (error == 0) return false;
  if (error == EINTR) return true;
  errno = error;
  fail_errno("KVM_RUN");
}

void Vcpu::clear_events() const {
  kvm_vcpu_events events{};
  if (sys_ioctl(fd(), KVM_GET_VCPU_EVENTS, &events) != 0) fail_errno("KVM_GET_VCPU_EVENTS");
  events.exception = {};
  events.interrupt = {};
  events.nmi = {};
  events.exception_has_payload = 0;
  events.exception_payload = 0;
  // Without these flags KVM ignores the fields; each was reported valid by the GET above or is always
  // settable.
  events.flags |= KVM_VCPUEVENT_VALID_NMI_PENDING | KVM_VCPUEVENT_VALID_SHADOW;
  if (sys_ioctl(fd(), KVM_SET_VCPU_EVENTS, &events) != 0) fail_errno("KVM_SET_VCPU_EVENTS");
  kvm_debugregs debug{};
  debug.dr6 = 0xffff0ff0; // the architectural values at reset (Intel SDM vol. 3, 17.2)
  debug.dr7 = 0x400;
  if (sys_ioctl(fd(), KVM_SET_DEBUGREGS, &debug) != 0) fail_errno("KVM_SET_DEBUGREGS");
}

} // namespace snapvm
