// The registers of a guest that every machine can read and set, in the order of kvm_regs.
#pragma once

#include <cstdint>

namespace snapvm {

struct Registers {
  uint64_t rax, rbx, rcx, rdx, rsi, rdi, rsp, rbp;
  uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
  uint64_t rip, rflags;
  uint64_t fs_base, gs_base;
};

// The flags of RFLAGS that ring 3 may choose: CF, PF, AF, ZF, SF, DF, OF, AC, ID. TF is not one of them: it
// would cause a #DB in the monitor's stub.
constexpr uint64_t kUserFlags =
    1u << 0 | 1u << 2 | 1u << 4 | 1u << 6 | 1u << 7 | 1u << 10 | 1u << 11 | 1u << 18 | 1u << 21;
// The flags that are always set: bit 1, and IF, as interrupts are enabled.
constexpr uint64_t kFixedFlags = 0x202;

// One past the last address that ring 3 can have: the end of the lower half, less the page that
// Linux keeps free.
constexpr uint64_t kUserEnd = 0x7ffffffff000;

} // namespace snapvm
