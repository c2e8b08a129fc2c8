#include "linux/signals.h"

#include "memory/bytes.h"

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <vector>

namespace snapvm {
namespace {

// The frame as Linux writes it (arch/x86/include/uapi/asm/sigcontext.h, ucontext.h, and sigframe.h): programs
// read and change it through ucontext_t.
struct MachineContext {
  uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
  uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, flags;
  uint16_t cs, gs, fs, ss;
  uint64_t error, trap, old_mask, cr2;
  uint64_t vectors; // address of the XSAVE area
  uint64_t reserved[8];
};
struct UserContext {
  uint64_t flags;
  uint64_t link;
  uint64_t stack;
  uint32_t stack_flags;
  uint32_t pad;
  uint64_t stack_bytes;
  MachineContext machine;
  uint64_t mask;
};
struct Info {
  int32_t number, error, code, pad;
  uint64_t address;
  uint8_t rest[104];
};
struct Frame {
  uint64_t return_address;
  UserContext context;
  Info info;
};
static_assert(sizeof(MachineContext) == 256 && sizeof(UserContext) == 304 && sizeof(Info) == 128);
static_assert(sizeof(Frame) == 440 && offsetof(UserContext, machine) == 40);

constexpr uint64_t kContextFlags = 1 | 2 | 4; // UC_FP_XSTATE, UC_SIGCONTEXT_SS, UC_STRICT_RESTORE_SS
constexpr uint64_t kRestorer = 0x04000000;    // SA_RESTORER
constexpr uint64_t kRedZone = 128;
constexpr uint16_t kUserCode = 0x33, kUserData = 0x2b;

// Bytes 464 to 511 of the area say how much of it there is (struct _fpx_sw_bytes).
struct AreaNote {
  uint32_t magic;
  uint32_t bytes;
  uint64_t features;
  uint32_t area_bytes;
  uint32_t pad[7];
};
constexpr size_t kAreaNote = 464, kAreaHeader = 512;
constexpr uint32_t kMagic1 = 0x46505853, kMagic2 = 0x46505845;

uint64_t bit(uint32_t number) {
  return uint64_t{1} << (number - 1);
}

bool is_on_stack(const SignalState& state, uint64_t rsp) {
  return rsp > state.stack && rsp - state.stack <= state.stack_bytes;
}

MachineContext context_of(const Registers& r, const SignalInfo& info, uint64_t blocked, uint64_t vectors) {
  return {.r8 = r.r8,
          .r9 = r.r9,
          .r10 = r.r10,
          .r11 = r.r11,
          .r12 = r.r12,
          .r13 = r.r13,
          .r14 = r.r14,
          .r15 = r.r15,
          .rdi = r.rdi,
          .rsi = r.rsi,
          .rbp = r.rbp,
          .rbx = r.rbx,
          .rdx = r.rdx,
          .rax = r.rax,
          .rcx = r.rcx,
          .rsp = r.rsp,
          .rip = r.rip,
          .flags = r.rflags,
          .cs = kUserCode,
          .gs = 0,
          .fs = 0,
          .ss = kUserData,
          .error = info.error,
          .trap = info.trap,
          .old_mask = blocked,
          .cr2 = info.cr2,
          .vectors = vectors,
          .reserved = {}};
}

Registers registers_of(const MachineContext& m, const Registers& before) {
  return {.rax = m.rax,
          .rbx = m.rbx,
          .rcx = m.rcx,
          .rdx = m.rdx,
          .rsi = m.rsi,
          .rdi = m.rdi,
          .rsp = m.rsp,
          .rbp = m.rbp,
          .r8 = m.r8,
          .r9 = m.r9,
          .r10 = m.r10,
          .r11 = m.r11,
          .r12 = m.r12,
          .r13 = m.r13,
          .r14 = m.r14,
          .r15 = m.r15,
          .rip = m.rip,
          .rflags = (m.flags & kUserFlags) | kFixedFlags,
          .fs_base = before.fs_base,
          .gs_base = before.gs_base};
}

bool write_whole(AddressSpace& space, uint64_t gva, std::span<const uint8_t> bytes) {
  return space.write(gva, bytes) == bytes.size();
}

// The vector registers below `top`; gives their address, or 0.
uint64_t push_vectors(uint64_t top, AddressSpace& space, const VectorState& vectors) {
  std::vector<uint8_t> area(vectors.bytes() + sizeof kMagic2);
  vectors.get(std::span(area).first(vectors.bytes()));
  AreaNote note{.magic = kMagic1,
                .bytes = static_cast<uint32_t>(area.size()),
                .features = 0,
                .area_bytes = static_cast<uint32_t>(vectors.bytes()),
                .pad = {}};
  std::memcpy(&note.features, area.data() + kAreaHeader, sizeof note.features);
  std::memcpy(area.data() + kAreaNote, &note, sizeof note);
  std::memcpy(area.data() + vectors.bytes(), &kMagic2, sizeof kMagic2);
  const uint64_t at = (top - area.size()) & ~uint64_t{63};
  return write_whole(space, at, area) ? at : 0;
}

} // namespace

SignalInfo signal_of_fault(uint8_t vector, uint64_t error_code, uint64_t rip, uint64_t cr2) {
  SignalInfo info{
      .number = SIGSEGV, .code = SI_KERNEL, .address = 0, .trap = vector, .error = error_code, .cr2 = 0};
  switch (vector) {
  case 0:
    info.number = SIGFPE, info.code = FPE_INTDIV, info.address = rip;
    break;
  case 1:
    info.number = SIGTRAP, info.code = TRAP_TRACE, info.address = rip;
    break;
  case 3:
    info.number = SIGTRAP;
    break;
  case 6:
    info.number = SIGILL, info.code = ILL_ILLOPN, info.address = rip;
    break;
  case 12:
    info.number = SIGBUS;
    break;
  case 14:
    info.code = (error_code & 1) != 0 ? SEGV_ACCERR : SEGV_MAPERR;
    info.address = info.cr2 = cr2;
    break;
  case 16:
  case 19:
    info.number = SIGFPE, info.code = FPE_FLTINV, info.address = rip;
    break;
  case 17:
    info.number = SIGBUS, info.code = BUS_ADRALN;
    break;
  default:
    break;
  }
  return info;
}

bool is_fatal_by_default(uint32_t number) {
  switch (number) {
  case SIGCHLD:
  case SIGCONT:
  case SIGURG:
  case SIGWINCH:
  // These would stop the program, and nobody could make it go on.
  case SIGSTOP:
  case SIGTSTP:
  case SIGTTIN:
  case SIGTTOU:
    return false;
  default:
    return true;
  }
}

bool enter_handler(SignalState& state, const SignalInfo& info, Registers& registers, AddressSpace& space,
                   const VectorState& vectors) {
  SignalAction& action = state.actions[static_cast<uint32_t>(info.number)];
  if ((action.flags & kRestorer) == 0) return false; // libc always gives one on x86-64
  uint64_t top = registers.rsp - kRedZone;
  const bool nested = is_on_stack(state, registers.rsp);
  if ((action.flags & SA_ONSTACK) != 0 && (state.stack_flags & SS_DISABLE) == 0 && !nested)
    top = state.stack + state.stack_bytes;
  const uint64_t area = push_vectors(top, space, vectors);
  if (area == 0) return false;
  const uint64_t at = ((area - sizeof(Frame)) & ~uint64_t{15}) - 8; // as after a call instruction
  Frame frame{};
  frame.return_address = action.restorer;
  frame.context.flags = kContextFlags;
  frame.context.stack = state.stack;
  frame.context.stack_flags = nested ? uint32_t{SS_ONSTACK} : state.stack_flags;
  frame.context.stack_bytes = state.stack_bytes;
  frame.context.machine = context_of(registers, info, state.blocked, area);
  frame.context.mask = state.blocked;
  frame.info = {
      .number = info.number, .error = 0, .code = info.code, .pad = 0, .address = info.address, .rest = {}};
  if (!write_whole(space, at, bytes_of(frame))) return false;
  state.blocked |= action.mask;
  if ((action.flags & SA_NODEFER) == 0) state.blocked |= bit(static_cast<uint32_t>(info.number));
  const uint64_t handler = action.handler;
  if ((action.flags & SA_RESETHAND) != 0) action.handler = 0;
  const uint64_t info_at = at + offsetof(Frame, info), context_at = at + offsetof(Frame, context);
  registers.rdi = static_cast<uint64_t>(info.number);
  registers.rsi = info_at;
  registers.rdx = context_at;
  registers.rax = 0;
  registers.rsp = at;
  registers.rip = handler;
  registers.rflags = kFixedFlags;
  return true;
}

bool leave_handler(SignalState& state, Registers& registers, AddressSpace& space, VectorState& vectors) {
  Frame frame;
  if (space.read(registers.rsp - sizeof frame.return_address, bytes_of(frame)) != sizeof frame) return false;
  const MachineContext& machine = frame.context.machine;
  if (machine.vectors != 0) {
    std::vector<uint8_t> area(vectors.bytes());
    if (space.read(machine.vectors, area) != area.size()) return false;
    std::fill(area.begin() + kAreaNote, area.begin() + kAreaHeader, uint8_t{0});
    if (!vectors.set(area)) return false;
  }
  registers = registers_of(machine, registers);
  state.blocked = frame.context.mask & ~(bit(SIGKILL) | bit(SIGSTOP));
  return true;
}

} // namespace snapvm
