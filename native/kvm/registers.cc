#include "kvm/registers.h"

#include "kvm/vcpu.h"

#include <cstring>

namespace snapvm {
namespace {

// Control register bits, by their names in the Intel SDM (vol. 3, 2.5) and the AMD APM (vol. 2, 3.1).
constexpr uint64_t kCr0 =
    1u << 0 | 1u << 1 | 1u << 4 | 1u << 5 | 1u << 16 | 1u << 18 | 1u << 31; // PE MP ET NE WP AM PG
constexpr uint64_t kCr4 = 1u << 5 | 1u << 9 | 1u << 10 | 1u << 18;          // PAE OSFXSR OSXMMEXCPT OSXSAVE
constexpr uint64_t kCr4Fsgsbase = 1u << 16;
constexpr uint64_t kCr4Pke = 1u << 22;
constexpr uint64_t kEfer = 1u << 0 | 1u << 8 | 1u << 10 | 1u << 11; // SCE LME LMA NXE

// What `syscall` clears in RFLAGS: TF, IF, DF, IOPL, NT, AC. On hardware the stub runs at CPL 0 with the
// rest.
constexpr uint64_t kSyscallMask = 1u << 8 | 1u << 9 | 1u << 10 | 3u << 12 | 1u << 14 | 1u << 18;

constexpr uint64_t kPatAtReset = 0x0007040600070406;

// A flat 64-bit segment, accessed bit preset.
kvm_segment flat_segment(uint16_t selector, bool code) {
  kvm_segment s{};
  s.limit = ~0u;
  s.selector = selector;
  s.type = code ? 11 : 3; // execute and read, or read and write
  s.present = s.s = s.g = 1;
  s.l = code;
  s.db = !code;
  s.dpl = selector & 3;
  return s;
}

// A null selector, as Linux gives its programs in DS, ES, FS and GS; FS and GS keep their bases.
kvm_segment null_segment(uint64_t base) {
  kvm_segment s{};
  s.base = base;
  s.unusable = 1;
  return s;
}

kvm_segment task_segment(uint64_t base, uint32_t limit, uint8_t type) {
  kvm_segment s{};
  s.base = base;
  s.limit = limit;
  s.selector = SEL_TSS;
  s.type = type;
  s.present = 1;
  return s;
}

void set_long_mode(kvm_sregs& s, uint64_t root_gpa) {
  s.cr0 = kCr0;
  s.cr2 = 0;
  s.cr3 = root_gpa;
  s.cr4 = kCr4 | (System::get().fsgsbase ? kCr4Fsgsbase : 0);
  s.cr8 = 0;
  s.efer = kEfer;
  s.ldt = {};
  s.ldt.unusable = 1;
  s.ldt.type = 2;
}

kvm_msr_entry msr(uint32_t index, uint64_t data) {
  return {.index = index, .reserved = 0, .data = data};
}

} // namespace

kvm_sregs user_sregs(const kvm_sregs& reset, const UserEntry& entry) {
  kvm_sregs s = reset;
  set_long_mode(s, entry.root_gpa);
  // As in a process, and on KVMs that do not ask; what ring 3 does with it the entry stub undoes.
  if (System::get().pku) s.cr4 |= kCr4Pke;
  s.cs = flat_segment(SEL_USER_CODE, true);
  s.ss = flat_segment(SEL_USER_DATA, false);
  s.ds = s.es = null_segment(0);
  s.fs = null_segment(entry.fs_base);
  s.gs = null_segment(entry.gs_base);
  s.gdt.base = kKernelHighBase + MONITOR_GDT;
  s.gdt.limit = MONITOR_GDT_BYTES - 1;
  s.idt.base = kKernelHighBase + MONITOR_IDT;
  s.idt.limit = MONITOR_IDT_BYTES - 1;
  s.tr = task_segment(kKernelHighBase + MONITOR_TSS, TSS_LIMIT, entry.ports == PortMode::Bitmap9 ? 9 : 11);
  return s;
}

void set_user_msrs(const Vcpu& vcpu) {
  const kvm_msr_entry entries[] = {
      msr(0xc0000081, uint64_t{SEL_KERNEL_CODE} << 32), // STAR; sysret is never used
      msr(0xc0000082, kKernelHighBase + MONITOR_SYSCALL_STUB),
      msr(0xc0000083, 0),
      msr(0xc0000084, kSyscallMask),
      msr(0x174, 0), // SYSENTER_CS: 0 makes `sysenter` #GP
  };
  vcpu.set_msrs(entries);
}

SystemState supervisor_state(const Vcpu& vcpu, uint64_t root_gpa) {
  SystemState state{};
  state.sregs = vcpu.sregs();
  set_long_mode(state.sregs, root_gpa);
  state.sregs.cs = flat_segment(SEL_KERNEL_CODE, true);
  const kvm_segment data = flat_segment(SEL_KERNEL_DATA, false);
  state.sregs.ss = state.sregs.ds = state.sregs.es = state.sregs.fs = state.sregs.gs = data;
  state.sregs.gdt = state.sregs.idt = {}; // it has none until it loads its own
  state.sregs.tr = task_segment(0, TSS_LIMIT, 11);
  state.debug.dr6 = 0xffff0ff0;
  state.debug.dr7 = 0x400;
  state.xcr0 = System::get().xcr0;
  for (size_t i = 0; i < kGuestMsrs.size(); i++)
    state.msrs[i] = kGuestMsrs[i] == 0x277 ? kPatAtReset : 0;
  return state;
}

SystemState capture_system(const Vcpu& vcpu) {
  SystemState state{};
  state.sregs = vcpu.sregs();
  state.debug = vcpu.debug_registers();
  state.xcr0 = vcpu.xcr0();
  std::array<kvm_msr_entry, kGuestMsrs.size()> entries;
  for (size_t i = 0; i < entries.size(); i++)
    entries[i] = msr(kGuestMsrs[i], 0);
  vcpu.get_msrs(entries);
  for (size_t i = 0; i < entries.size(); i++)
    state.msrs[i] = entries[i].data;
  return state;
}

void apply_system(const Vcpu& vcpu, const SystemState& state) {
  vcpu.clear_events();
  vcpu.make_runnable();
  vcpu.set_debug_registers(state.debug);
  vcpu.set_sregs(state.sregs);
  vcpu.set_xcr0(state.xcr0);
  reset_fpu(vcpu);
  std::array<kvm_msr_entry, kGuestMsrs.size()> entries;
  for (size_t i = 0; i < entries.size(); i++)
    entries[i] = msr(kGuestMsrs[i], state.msrs[i]);
  vcpu.set_msrs(entries);
}

void reset_fpu(const Vcpu& vcpu) {
  std::array<uint8_t, kKvmXsaveBytes> area{};
  constexpr uint16_t kFcw = 0x37f;
  constexpr uint32_t kMxcsr = 0x1f80;
  std::memcpy(area.data(), &kFcw, sizeof kFcw);
  std::memcpy(area.data() + 24, &kMxcsr, sizeof kMxcsr);
  // x87 and SSE come from the legacy area, everything else gets its initial state. SSE has to be named for
  // MXCSR: KVM takes it from the area only then.
  constexpr uint64_t kXstateBv = 3;
  std::memcpy(area.data() + 512, &kXstateBv, sizeof kXstateBv);
  vcpu.set_xsave(area);
}

} // namespace snapvm
