#include "kvm/vcpu.h"

#include "error.h"
#include "kvm/flexible.h"
#include "kvm/system.h"
#include "system/calls.h"

#include <cerrno>
#include <string>

namespace snapvm {

static_assert(sizeof(kvm_regs) == 144 && sizeof(kvm_sregs) == 312 && sizeof(kvm_dirty_gfn) == 16);
static_assert(sizeof(kvm_vcpu_events) == 64 && sizeof(kvm_debugregs) == 128);

Vcpu::Vcpu(const Vm& vm, uint32_t ring_entries) : fd_(vm.create_vcpu()) {
  const System& system = System::get();
  const int protection = PROT_READ | PROT_WRITE;
  // SAFETY: both are new mappings at a place the kernel chooses, of lengths that KVM said or was told.
  run_ = Mapping(static_cast<size_t>(system.run_bytes), protection, MAP_SHARED, fd(), 0, "mmap of kvm_run");
  ring_ = Mapping(ring_entries * sizeof(kvm_dirty_gfn), protection, MAP_SHARED, fd(),
                  KVM_DIRTY_LOG_PAGE_OFFSET * static_cast<off_t>(kPage), "mmap of the dirty ring");
  const auto leaves = static_cast<uint32_t>(system.cpuid.size());
  if (snapvm_set_cpuid(fd(), system.cpuid.data(), leaves) != 0) fail_errno("KVM_SET_CPUID2");
  // RIP comes back with every exit (half a microsecond at most): restore needs it, see
  // KvmMachine::left_plainly.
  run().kvm_valid_regs = KVM_SYNC_X86_REGS;
}

kvm_sregs Vcpu::sregs() const {
  kvm_sregs sregs;
  if (sys_ioctl(fd(), KVM_GET_SREGS, &sregs) != 0) fail_errno("KVM_GET_SREGS");
  return sregs;
}

void Vcpu::set_sregs(const kvm_sregs& sregs) const {
  kvm_sregs copy = sregs;
  if (sys_ioctl(fd(), KVM_SET_SREGS, &copy) != 0) fail_errno("KVM_SET_SREGS");
}

kvm_debugregs Vcpu::debug_registers() const {
  kvm_debugregs debug{};
  if (sys_ioctl(fd(), KVM_GET_DEBUGREGS, &debug) != 0) fail_errno("KVM_GET_DEBUGREGS");
  return debug;
}

void Vcpu::set_debug_registers(const kvm_debugregs& debug) const {
  kvm_debugregs copy = debug;
  if (sys_ioctl(fd(), KVM_SET_DEBUGREGS, &copy) != 0) fail_errno("KVM_SET_DEBUGREGS");
}

uint64_t Vcpu::xcr0() const {
  kvm_xcrs xcrs{};
  if (sys_ioctl(fd(), KVM_GET_XCRS, &xcrs) != 0) fail_errno("KVM_GET_XCRS");
  return xcrs.xcrs[0].value;
}

void Vcpu::set_xcr0(uint64_t value) const {
  kvm_xcrs xcrs{};
  xcrs.nr_xcrs = 1;
  xcrs.xcrs[0].value = value;
  if (sys_ioctl(fd(), KVM_SET_XCRS, &xcrs) != 0) fail_errno("KVM_SET_XCRS");
}

void Vcpu::get_msrs(std::span<kvm_msr_entry> entries) const {
  const int done = snapvm_get_msrs(fd(), entries.data(), static_cast<uint32_t>(entries.size()));
  if (done != static_cast<int>(entries.size())) fail_errno("KVM_GET_MSRS");
}

void Vcpu::set_msrs(std::span<const kvm_msr_entry> entries) const {
  const auto count = static_cast<uint32_t>(entries.size());
  const int done = snapvm_set_msrs(fd(), entries.data(), count);
  if (done < 0) fail_errno("KVM_SET_MSRS");
  if (static_cast<uint32_t>(done) != count) {
    throw Error(kHostKvm,
                "KVM refuses to set MSR " + std::to_string(entries[static_cast<size_t>(done)].index));
  }
}

void Vcpu::get_xsave(std::span<uint8_t, kKvmXsaveBytes> area) const {
  if (snapvm_get_xsave(fd(), area.data()) != 0) fail_errno("KVM_GET_XSAVE");
}

bool Vcpu::try_set_xsave(std::span<const uint8_t, kKvmXsaveBytes> area) const {
  return snapvm_set_xsave(fd(), area.data()) == 0;
}

void Vcpu::set_xsave(std::span<const uint8_t, kKvmXsaveBytes> area) const {
  if (!try_set_xsave(area)) fail_errno("KVM_SET_XSAVE");
}

void Vcpu::make_runnable() const {
  kvm_mp_state runnable{};
  runnable.mp_state = KVM_MP_STATE_RUNNABLE;
  if (sys_ioctl(fd(), KVM_SET_MP_STATE, &runnable) != 0) fail_errno("KVM_SET_MP_STATE");
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
  set_debug_registers(debug);
}

} // namespace snapvm
