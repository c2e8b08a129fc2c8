// What the process backend makes of a stop of the guest's process.
#include "error.h"
#include "memory/page_entry.h"
#include "process/machine.h"

#include <array>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <sys/ptrace.h>
#include <sys/ucontext.h>
#include <sys/wait.h>

namespace snapvm {
namespace {

constexpr uint64_t kUserCode = 0x33, kUserCode32 = 0x23;
constexpr int kSyscallStop = SIGTRAP | 0x80; // PTRACE_O_TRACESYSGOOD
constexpr uint64_t kSyscallBytes = 2;
constexpr uint64_t kSyscallStub = kKernelHighBase + MONITOR_SYSCALL_STUB;
// `int 0x80` leads to Linux, though not further than here; in a virtual machine its gate is not there.
constexpr uint64_t kInt80Error = 0x80 << 3 | 2;

// Not every signal that the kernel sends for an instruction has the vector of it: then it is an earlier
// one's.
uint8_t vector_of(int signal, uint8_t said) {
  switch (signal) {
  case SIGILL:
    return kInvalidOpcode;
  case SIGTRAP:
    return said == kBreakpoint ? kBreakpoint : kDebug;
  default:
    return said;
  }
}

// ptrace gives a process null and selectors of ring 3. Its guest may have made itself others, of lower
// privilege levels or null with bits, which mean the same.
void make_settable(user_regs_struct& registers) {
  constexpr uint64_t kRing3 = 3;
  for (auto* selector : {&registers.ds, &registers.es, &registers.fs, &registers.gs})
    if (*selector != 0) *selector |= kRing3;
}

// What the kernel writes for a signal handler (arch/x86/include/asm/sigframe.h).
struct SignalFrame {
  uint64_t return_address;
  ucontext_t context;
};

} // namespace

// Nothing: the guest runs on.
std::optional<Exit> ProcessMachine::decide(int status) {
  Traced& process = child_->process();
  if (!process.alive()) return died(status);
  if (!process.get_registers(raw_)) return std::nullopt;
  make_settable(raw_);
  switch (const int signal = WSTOPSIG(status)) {
  case kSyscallStop:
    return system_call();
  case kStopSignal:
    return InterruptedExit{};
  case SIGSEGV:
    return segment_fault();
  case SIGBUS:
  case SIGFPE:
  case SIGILL:
  case SIGTRAP:
  case SIGSYS: {
    uint64_t address = 0;
    if (is_from_processor(address)) return fault(signal);
    return std::nullopt;
  }
  default:
    return std::nullopt; // somebody's signal, which is no business of a guest
  }
}

Exit ProcessMachine::died(int status) {
  const std::string how =
      WIFSIGNALED(status) ? "was killed by signal " + std::to_string(WTERMSIG(status)) : "ended";
  const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  return UnsupportedExit{"lost its process, which " + how + " from outside" +
                         (killed ? ", as the system does when memory runs out" : "")};
}

std::optional<Exit> ProcessMachine::segment_fault() {
  if (auto exit = port_exit()) return exit;
  if (raw_.rip == kSyscallStub) return stub_call();
  if (is_behind_sysenter()) return sysenter();
  uint64_t address = 0;
  if (!is_from_processor(address)) return std::nullopt;
  // A page that is not executable cannot be what an instruction on it wanted to write.
  if (address != 0 && is_executable(raw_.rip) && mirror_.allow_write(address, space_)) return std::nullopt;
  return fault(SIGSEGV);
}

// Where a page fault was, else 0. False: the signal was sent by a process.
bool ProcessMachine::is_from_processor(uint64_t& address) const {
  siginfo_t info{};
  if (!child_->process().get_signal(info)) return true;
  const bool page_fault =
      info.si_signo == SIGSEGV && (info.si_code == SEGV_MAPERR || info.si_code == SEGV_ACCERR);
  // SAFETY: an address of the guest's, used as a number; nothing of it is read here.
  address = page_fault ? reinterpret_cast<uint64_t>(info.si_addr) : 0;
  return info.si_code > 0;
}

int ProcessMachine::code_at(uint64_t gva) const {
  const auto gpa = memory_->translate(memory_->shape().tables_gpa(), gva);
  const uint8_t* host = gpa ? memory_->view(*gpa, 1) : nullptr;
  return host == nullptr ? -1 : *host;
}

bool ProcessMachine::is_executable(uint64_t gva) const {
  const uint64_t entry = space_.entry(gva);
  return (entry & kPresent) != 0 && (entry & kNoExecute) == 0;
}

std::optional<ProcessMachine::Out> ProcessMachine::out_at(uint64_t rip) const {
  if (!is_executable(rip)) return std::nullopt;
  const int opcode = code_at(rip);
  if (opcode == kOutDx8) return Out{.rip = rip, .bytes = 1, .immediate = std::nullopt};
  const int port = opcode == kOutImm8 ? code_at(rip + 1) : -1;
  if (port < 0) return std::nullopt;
  return Out{.rip = rip, .bytes = 2, .immediate = static_cast<uint8_t>(port)};
}

// An `out` to a port of ours is a general protection fault of the process, and the instruction is done here.
std::optional<Exit> ProcessMachine::port_exit() {
  if (raw_.cs != kUserCode) return std::nullopt;
  if (last_out_.bytes == 0 || last_out_.rip != raw_.rip) {
    const auto out = out_at(raw_.rip);
    if (!out) return std::nullopt;
    last_out_ = *out;
  }
  const auto port =
      last_out_.immediate ? uint16_t{*last_out_.immediate} : static_cast<uint16_t>(raw_.rdx & 0xffff);
  // To a Linux guest it says nothing: see KvmMachine::system_call.
  if (port == PORT_SYSCALL && !is_linux_) return SyscallExit{};
  auto exit = exit_of_port(port, static_cast<uint8_t>(raw_.rax));
  if (exit) skip_ = last_out_.bytes;
  return exit;
}

Exit ProcessMachine::system_call() {
  constexpr int kOpcode[] = {0x0f, 0x05};
  const uint64_t rip = raw_.rip - kSyscallBytes;
  const bool is_syscall =
      raw_.cs == kUserCode && code_at(rip) == kOpcode[0] && code_at(rip + 1) == kOpcode[1];
  raw_.rax = raw_.orig_rax;
  if (is_syscall) return SyscallExit{};
  if (is_behind_sysenter()) return sysenter();
  raw_.rip = rip;
  Fault fault = general_protection(registers());
  fault.error_code = kInt80Error;
  return FaultExit{.fault = fault};
}

// On Intel's processors `sysenter` enters the kernel by its 32-bit door. Where EBP is the address of a word,
// that is a system call, which was stopped; else it comes back. Either way it is at the vDSO's landing pad
// then, with code of 32 bits: move_vdso(). A guest that jumps there itself says the same of itself.
bool ProcessMachine::is_behind_sysenter() const {
  const auto rip = static_cast<uint32_t>(raw_.rip);
  const auto pad = static_cast<uint32_t>(STUB_VDSO);
  return raw_.cs == kUserCode32 && rip >= pad && rip - pad < STUB_VDSO_MOST_BYTES;
}

// As in a virtual machine, where it has no door to enter by. The instruction keeps neither RIP nor RSP. If
// the guest's code has it once, that is where it was; else nobody knows (0).
Exit ProcessMachine::sysenter() {
  constexpr uint8_t kOpcode[] = {0x0f, 0x34};
  Fault fault = general_protection(registers());
  fault.rip = mirror_.only_place_of(kOpcode).value_or(0);
  fault.rsp = 0;
  return FaultExit{.fault = fault, .final = true};
}

// A guest that jumped to what `syscall` runs in a virtual machine, with a return address and flags as that
// instruction would have left them.
Exit ProcessMachine::stub_call() {
  raw_.rip = raw_.rcx;
  raw_.eflags = (raw_.r11 & kUserFlags) | kFixedFlags;
  return SyscallExit{};
}

// The kernel tells vector, error code and address to signal handlers only. So it is made to write the frame
// of one, and the process stopped before the handler's first instruction.
Exit ProcessMachine::fault(int signal) {
  if (signal == SIGSYS) return vsyscall_fault();
  Traced& process = child_->process();
  if (is_linux_) vectors_.keep(); // a handler begins with new ones
  vectors_.open_memory();
  user_regs_struct elsewhere = raw_;
  elsewhere.rsp = 0; // the kernel does not change to a stack it believes to be on already
  elsewhere.fs_base = elsewhere.gs_base = 0; // the guest's may be none that can be given
  process.set_registers(elsewhere);
  const int status = process.resume(PTRACE_SINGLESTEP, signal);
  if (!process.alive()) return died(status);
  user_regs_struct at_handler;
  if (!process.get_registers(at_handler)) return died(process.resume(PTRACE_CONT));
  const std::span<uint8_t> memory = child_->frame();
  const uint64_t offset = at_handler.rsp - STUB_FRAME;
  if (at_handler.rip != stub_address(snapvm_stub_stop) || offset > memory.size() - sizeof(SignalFrame))
    throw Error(kHostProcess, "the kernel wrote no signal frame for a fault of a guest");
  SignalFrame frame;
  std::memcpy(&frame, memory.data() + offset, sizeof frame);
  const auto& values = frame.context.uc_mcontext.gregs;
  Fault fault{.vector = vector_of(signal, static_cast<uint8_t>(values[REG_TRAPNO])),
              .error_code = static_cast<uint64_t>(values[REG_ERR]),
              .rip = raw_.rip,
              .cr2 = 0,
              .rsp = raw_.rsp,
              .rflags = raw_.eflags};
  if (fault.vector == kPageFault) {
    if (signal == SIGBUS) return UnsupportedExit{"touched memory that the host has no more of"};
    fault.cr2 = static_cast<uint64_t>(values[REG_CR2]);
    // Whether the page is there is what the guest's tables say, not what the process has mapped of them.
    const bool present = memory_->translate(memory_->shape().tables_gpa(), fault.cr2).has_value();
    fault.error_code = (fault.error_code & (kFaultWrite | kFaultFetch)) | kFaultUser;
    if (present) fault.error_code |= kFaultPresent;
  } else if (!has_error_code(fault.vector)) {
    fault.error_code = 0; // that of an earlier fault
  }
  return FaultExit{.fault = fault};
}

// The kernel emulates the vsyscall page without stopping the process as at a system call, but asks its
// filter. In a virtual machine there is nothing at that address.
Exit ProcessMachine::vsyscall_fault() {
  siginfo_t info{};
  if (!child_->process().get_signal(info)) return died(child_->process().resume(PTRACE_CONT));
  // SAFETY: an address of the guest's, used as a number; nothing of it is read here.
  raw_.rip = reinterpret_cast<uint64_t>(info.si_call_addr);
  raw_.rsp -= sizeof(uint64_t); // it has already returned from there
  Fault fault = general_protection(registers());
  fault.vector = kPageFault;
  fault.error_code = kFaultUser | kFaultFetch;
  fault.cr2 = fault.rip;
  return FaultExit{.fault = fault};
}

} // namespace snapvm
