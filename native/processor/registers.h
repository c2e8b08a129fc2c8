// The registers of a Linux program at a system call or a fault, in the order of kvm_regs.
#pragma once

#include <cstdint>

namespace snapvm {

struct Registers {
  uint64_t rax, rbx, rcx, rdx, rsi, rdi, rsp, rbp;
  uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
  uint64_t rip, rflags;
  uint64_t fs_base, gs_base;
};

// What ring 3 may choose of RFLAGS: CF, PF, AF, ZF, SF, DF, OF, AC, ID. TF would be a #DB in the monitor's
// stub.
constexpr uint64_t kUserFlags =
    1u << 0 | 1u << 2 | 1u << 4 | 1u << 6 | 1u << 7 | 1u << 10 | 1u << 11 | 1u << 18 | 1u << 21;
// Bit 1 is always set, and interrupts are enabled.
constexpr uint64_t kFixedFlags = 0x202;

// One past the last address ring 3 can have: the lower half, less a page as Linux leaves it.
constexpr uint64_t kUserEnd = 0x7ffffffff000;

} // namespace snapvm
