// Linux guests: how a sandbox starts a program, answers its system calls, and hands it its faults.
#include "error.h"
#include "kvm/sandbox.h"
#include "linux/byte_stream.h"

#include <algorithm>
#include <cstring>

namespace snapvm {
namespace {

// The random bytes of Initialise: fixed, so that the same program is frozen in the same state.
constexpr uint8_t kFixedEntropy[32] = {};
constexpr size_t kStreamLine = 1024;
constexpr uint32_t kOutputLevel = 3, kErrorLevel = 2;
constexpr uint8_t kGeneralProtection = 13;

struct ProgramInput {
  std::vector<std::string> args; // behind argv[0]; none: those of the definition
  bool has_args = false;
  std::span<const uint8_t> standard_input;
};

// {u32 count + 1, or 0 for the definition's}, each {u32 length, bytes}; the rest is standard input. The main
// thread writes it (src/guests/linux/codec.ts).
ProgramInput read_program_input(std::span<const uint8_t> payload) {
  ProgramInput input;
  if (payload.empty()) return input;
  ByteReader in(payload);
  const auto count = in.value<uint32_t>();
  size_t used = sizeof count;
  input.has_args = count > 0;
  for (uint32_t i = 1; i < count; i++) {
    const auto length = in.value<uint32_t>();
    const auto bytes = in.bytes(length);
    input.args.emplace_back(bytes.begin(), bytes.end());
    used += sizeof length + length;
  }
  input.standard_input = payload.subspan(used);
  return input;
}

} // namespace

// Gives the process its input, and the vCPU the registers the program begins with or goes on with.
void Sandbox::begin_program(Purpose purpose, const Input* input) {
  Process& process = linux_->process;
  const uint8_t* entropy = input == nullptr ? kFixedEntropy : input->entropy;
  const bool freeze = purpose == Purpose::Initialise && snapshot_.entry == EntryKind::Start;
  if (snapshot_.entry == EntryKind::Call) {
    process.begin({}, entropy, false);
    return;
  }
  const ProgramInput given =
      read_program_input(input == nullptr ? std::span<const uint8_t>() : input->payload);
  process.begin(given.standard_input, entropy, freeze);
  Registers registers;
  EntryBlock entry{.rip = snapshot_.address, .rdx = 0, .fs_base = 0, .gs_base = 0, .rax = 0};
  if (snapshot_.entry == EntryKind::Resume) {
    registers = *snapshot_.frozen;
    entry = {.rip = registers.rip,
             .rdx = registers.rdx,
             .fs_base = registers.fs_base,
             .gs_base = registers.gs_base,
             .rax = 0};
    // The system call it was frozen in happens now.
    if (process.system_call(registers) != Verdict::Continue)
      throw Error(kInternal, "a frozen program did not go on from its system call");
    sticky_->add(kScratchSlot, (memory_.shape().monitor_offset() + MONITOR_USER) / kPage);
    std::memcpy(memory_.monitor() + MONITOR_ENTRY_BLOCK + offsetof(EntryBlock, rax), &registers.rax,
                sizeof registers.rax);
  } else {
    std::vector<std::string> args = process.spec().args;
    if (given.has_args) {
      args.resize(1);
      args.insert(args.end(), given.args.begin(), given.args.end());
    }
    const auto first = process.start(args);
    if (!first) {
      throw Error(kInputTooLarge,
                  "the arguments and the environment of the program take more than a quarter of its "
                  "stack (raise stackBytes in its policy)");
    }
    registers = *first;
  }
  set_registers(to_kvm(registers), entry);
}

// The stub wrote to the system call port. True: the program runs on.
bool Sandbox::system_call() {
  const kvm_run& run = vcpu().run();
  const kvm_regs& regs = run.s.regs.regs;
  const uint64_t stub = kKernelHighBase + MONITOR_SYSCALL_STUB;
  constexpr uint64_t kOutBytes = 2;
  // Ring 3 may use the port too, but only the stub says that a `syscall` led there.
  if (regs.rip != stub + (ports_.rip_after_out ? kOutBytes : 0)) return hand_to_program(kGeneralProtection);
  count_exit();
  Registers registers = from_kvm(regs, run.s.regs.sregs);
  registers.rip = registers.rcx;
  registers.rflags = (registers.r11 & kUserFlags) | kFixedFlags;
  return conclude(linux_->process.system_call(registers), registers);
}

bool Sandbox::conclude(Verdict verdict, const Registers& registers) {
  Process& process = linux_->process;
  switch (verdict) {
  case Verdict::Continue:
    return go_on(registers);
  case Verdict::Exited:
    outcome_.kind = ExitKind::Exited;
    outcome_.message = {.kind = OutputKind::Result, .code = 0, .name = {}, .payload = process.result()};
    // The stub's `out` is a plain one, and the next entry has another RIP.
    poisoned_ = pending_ = false;
    return false;
  case Verdict::Frozen:
    outcome_.kind = ExitKind::Frozen;
    frozen_ = registers;
    state_ = State::Ready;
    return false;
  case Verdict::Stopped:
    outcome_.kind = ExitKind::Stopped; // and `stop` says why
    return false;
  case Verdict::Stuck:
    throw Error(kLinuxStuck,
                "the program waits for something that cannot happen: there is no other process or thread");
  case Verdict::Overflow:
    throw Error(kGuestLimit, "the program wrote more than " + std::to_string(process.spec().output_bytes) +
                                 " bytes of output (outputBytes in its policy)");
  }
  return false;
}

// An exception goes to the program's handler, if it has one. True: the program runs on.
bool Sandbox::hand_to_program(uint8_t vector) {
  const kvm_run& run = vcpu().run();
  const uint64_t stub = run.s.regs.regs.rip - (kKernelHighBase + MONITOR_FAULT_STUBS);
  if (run.s.regs.sregs.cs.dpl == 0 && stub < uint64_t{MONITOR_VECTORS} * MONITOR_FAULT_STUB_BYTES)
    read_fault(vector);
  else
    raise(kGeneralProtection); // the host refuses for the processor
  outcome_.kind = ExitKind::Fault;
  const Fault& fault = outcome_.fault;
  count_exit();
  Registers registers = from_kvm(run.s.regs.regs, run.s.regs.sregs);
  registers.rip = fault.rip;
  registers.rsp = fault.rsp;
  registers.rflags = (fault.rflags & kUserFlags) | kFixedFlags;
  const SignalInfo info = signal_of_fault(fault.vector, fault.error_code, fault.rip, fault.cr2);
  if (!linux_->process.fault(info, registers)) return false;
  outcome_ = {};
  return go_on(registers);
}

// Back to ring 3 by registers alone: those the guest was entered with, but for the data selectors it may have
// loaded. Not those that KVM reports, which need not be those it was given: on AMD-V the type of TR comes
// back as 11.
bool Sandbox::go_on(Registers registers) {
  if (registers.rip >= kUserEnd) {
    // What `sysret` or `iret` would do with such an address.
    const SignalInfo info = signal_of_fault(kGeneralProtection, 0, registers.rip, 0);
    outcome_.kind = ExitKind::Fault;
    outcome_.fault = {
        .vector = kGeneralProtection, .rip = registers.rip, .rsp = registers.rsp, .rflags = registers.rflags};
    if (!linux_->process.fault(info, registers) || registers.rip >= kUserEnd) return false;
    outcome_ = {};
  }
  linux_->space.flush();
  kvm_run& run = vcpu().run();
  run.s.regs.regs = to_kvm(registers);
  if (ports_.mode == PortMode::Iopl3) run.s.regs.regs.rflags |= kIopl3;
  const kvm_sregs left = run.s.regs.sregs;
  kvm_sregs& sregs = run.s.regs.sregs;
  sregs = entry_sregs_;
  sregs.ds = left.ds;
  sregs.es = left.es;
  sregs.fs = left.fs;
  sregs.gs = left.gs;
  sregs.fs.base = registers.fs_base;
  sregs.gs.base = registers.gs_base;
  run.kvm_dirty_regs = KVM_SYNC_X86_REGS | KVM_SYNC_X86_SREGS;
  return true;
}

// Standard output and error of a guest of the SDK, whose answers are messages: lines of its log.
void Sandbox::keep_stream(int stream, std::span<const uint8_t> bytes) {
  std::string& line = streams_[stream == 1 ? 0 : 1];
  const uint32_t level = stream == 1 ? kOutputLevel : kErrorLevel;
  for (const uint8_t byte : bytes) {
    if (byte != '\n') line.push_back(static_cast<char>(byte));
    if (byte != '\n' && line.size() < kStreamLine) continue;
    keep_log(level, line);
    line.clear();
  }
}

void Sandbox::flush_streams() {
  for (size_t i = 0; i < streams_.size(); i++) {
    if (!streams_[i].empty()) keep_log(i == 0 ? kOutputLevel : kErrorLevel, streams_[i]);
    streams_[i].clear();
  }
}

// The entry stub gets the program's vector registers back from the monitor's own XSAVE area.
void Sandbox::capture_frozen(Capture& capture) {
  capture.frozen = frozen_;
  capture.dispatch = frozen_.rip;
  capture.rsp = frozen_.rsp;
  capture.fs_base = frozen_.fs_base;
  capture.gs_base = frozen_.gs_base;
  const size_t bytes = linux_->vectors.bytes();
  if (bytes > MONITOR_BYTES - MONITOR_XSAVE_AREA)
    throw Error(kInternal, "the vector registers of this processor do not fit the monitor");
  write_entry_block({.rip = frozen_.rip,
                     .rdx = frozen_.rdx,
                     .fs_base = frozen_.fs_base,
                     .gs_base = frozen_.gs_base,
                     .rax = frozen_.rax});
  linux_->vectors.get({memory_.monitor() + MONITOR_XSAVE_AREA, bytes});
}

} // namespace snapvm
