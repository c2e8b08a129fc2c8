// The registers a guest starts with, and the system registers a supervisor guest can change.
#pragma once

#include "kvm/system.h"
#include "memory/guest_memory.h"

#include <array>
#include <cstdint>
#include <linux/kvm.h>
#include <span>
#include <vector>

namespace snapvm {

class Vcpu;

// The MSRs ring 0 of a guest may use; each is put back by a restore.
inline constexpr std::array<uint32_t, 9> kGuestMsrs = {
    0x174,      0x175,      0x176,                              // SYSENTER_CS, _ESP, _EIP
    0x277,                                                      // PAT
    0xc0000081, 0xc0000082, 0xc0000083, 0xc0000084, 0xc0000102, // STAR, LSTAR, CSTAR, SFMASK, KERNEL_GS_BASE
};
// Those it may use that travel in kvm_sregs: EFER, FS_BASE, GS_BASE.
inline constexpr std::array<uint32_t, 3> kSregsMsrs = {0xc0000080, 0xc0000100, 0xc0000101};

// Everything beyond kvm_regs and the FPU that ring 0 can change. Plain data: captured, hashed and carried as
// bytes.
struct SystemState {
  kvm_sregs sregs;
  kvm_debugregs debug;
  uint64_t xcr0;
  std::array<uint64_t, kGuestMsrs.size()> msrs;
};
static_assert(std::is_trivially_copyable_v<SystemState>);

// RFLAGS.IOPL 3, for PortMode::Iopl3.
constexpr uint64_t kIopl3 = 0x3000;

// What differs between user guests in their segment and control registers.
struct UserEntry {
  uint64_t root_gpa;
  uint64_t fs_base;
  uint64_t gs_base;
  PortMode ports;
};

// Segments, control registers and descriptor tables of a user guest; `reset` is the vCPU's state after
// creation.
kvm_sregs user_sregs(const kvm_sregs& reset, const UserEntry& entry);
// MSRs a user guest needs once per vCPU; ring 3 cannot change them.
void set_user_msrs(const Vcpu& vcpu);

SystemState supervisor_state(const Vcpu& vcpu, uint64_t root_gpa);
SystemState capture_system(const Vcpu& vcpu);
// Puts back all of SystemState, the FPU and pending events: some ten ioctls, for supervisor guests only.
void apply_system(const Vcpu& vcpu, const SystemState& state);

// The FPU's initial state, by ioctl: user guests do it themselves in the monitor's entry stub.
void reset_fpu(const Vcpu& vcpu);

} // namespace snapvm
