// Linux guests: how a sandbox starts a program, answers its system calls, and hands it its faults.
#include "error.h"
#include "linux/byte_stream.h"
#include "machine/vector_components.h"
#include "sandbox/sandbox.h"

#include <algorithm>
#include <cstring>

namespace snapvm {
namespace {

// The random bytes of Initialise: fixed, so that the same program is frozen in the same state.
constexpr uint8_t kFixedEntropy[32] = {};
constexpr size_t kStreamLine = 1024;
constexpr size_t kMostPrinted = 64 << 10; // of each stream, in the error of a call
constexpr uint32_t kOutputLevel = 3, kErrorLevel = 2;

struct ProgramInput {
  std::vector<std::string> args; // behind argv[0]; none: those of the definition
  bool has_args = false;
  bool hands_out_output = false;
  std::span<const uint8_t> standard_input;
};

// The highest bit: the program's output is handed out while it runs.
constexpr uint32_t kHandsOut = uint32_t{1} << 31;

// {u32 count + 1, or 0 for the definition's; kHandsOut}, each {u32 length, bytes}; the rest is standard
// input. The main thread writes it (src/guests/linux/codec.ts).
ProgramInput read_program_input(std::span<const uint8_t> payload) {
  ProgramInput input;
  if (payload.empty()) return input;
  ByteReader in(payload);
  const auto head = in.value<uint32_t>();
  input.hands_out_output = (head & kHandsOut) != 0;
  const uint32_t count = head & ~kHandsOut;
  size_t used = sizeof head;
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
  Process& process = *linux_;
  const uint8_t* entropy = input == nullptr ? kFixedEntropy : input->entropy;
  const bool freeze = purpose == Purpose::Initialise && snapshot_.entry == EntryKind::Start;
  if (snapshot_.entry == EntryKind::Call) {
    process.begin({}, entropy, false, purpose == Purpose::Specialise ? kSpecialisedId : kThawedId);
    return;
  }
  const ProgramInput given =
      read_program_input(input == nullptr ? std::span<const uint8_t>() : input->payload);
  hands_out_output_ = given.hands_out_output;
  own_input_ = {};
  std::span<const uint8_t> standard_input = given.standard_input;
  if (hands_out_output_) {
    own_input_.assign(standard_input.begin(), standard_input.end());
    standard_input = own_input_;
  }
  process.begin(standard_input, entropy, freeze,
                snapshot_.entry == EntryKind::Resume ? kThawedId : kStartedId);
  Registers registers;
  EntryBlock entry{.rip = snapshot_.registers.rip, .rdx = 0, .fs_base = 0, .gs_base = 0, .rax = 0};
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
    entry.rax = registers.rax;
    machine_->write_entry_block(entry);
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
  machine_->enter_at(registers, entry);
}

// True: the program runs on.
bool Sandbox::system_call() {
  count_exit();
  Registers registers = machine_->registers();
  return conclude(linux_->system_call(registers), registers);
}

bool Sandbox::conclude(Verdict verdict, const Registers& registers) {
  Process& process = *linux_;
  switch (verdict) {
  case Verdict::Continue:
    return go_on(registers) && !hand_out_output();
  case Verdict::Exited:
    outcome_.kind = OutcomeKind::Exited;
    outcome_.message = {.kind = OutputKind::Result, .code = 0, .name = {}, .payload = process.result()};
    return false;
  case Verdict::Frozen:
    outcome_.kind = OutcomeKind::Frozen;
    frozen_ = registers;
    state_ = State::Ready;
    return false;
  case Verdict::Stopped:
    outcome_.kind = OutcomeKind::Stopped; // and `stop` says why
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

// True: the program waits until its output was taken.
bool Sandbox::hand_out_output() {
  if (!hands_out_output_ || linux_->printed().empty()) return false;
  outcome_.kind = OutcomeKind::Output;
  outcome_.message = {.kind = OutputKind::Result, .code = 0, .name = {}, .payload = linux_->printed()};
  state_ = State::Waiting;
  return true;
}

// An exception goes to the program's handler, if it has one. True: the program runs on.
bool Sandbox::hand_to_program(const Fault& fault) {
  outcome_.kind = OutcomeKind::Fault;
  outcome_.fault = fault;
  count_exit();
  Registers registers = machine_->registers();
  registers.rflags = (registers.rflags & kUserFlags) | kFixedFlags;
  const SignalInfo info = signal_of_fault(fault.vector, fault.error_code, fault.rip, fault.cr2);
  if (!linux_->fault(info, registers)) return false;
  outcome_ = {};
  return go_on(registers);
}

// Back to ring 3.
bool Sandbox::go_on(Registers registers) {
  if (registers.rip >= kUserEnd) {
    // What `sysret` or `iret` would do with such an address.
    outcome_.kind = OutcomeKind::Fault;
    outcome_.fault = general_protection(registers);
    const SignalInfo info = signal_of_fault(kGeneralProtection, 0, registers.rip, 0);
    if (!linux_->fault(info, registers) || registers.rip >= kUserEnd) return false;
    outcome_ = {};
  }
  machine_->go_on_with(registers);
  return true;
}

std::span<const uint8_t> Sandbox::printed(int stream) const {
  if (!runs_program()) return {};
  const auto bytes = stream == 1 ? linux_->printed() : linux_->errors();
  return bytes.last(std::min(bytes.size(), kMostPrinted));
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
  VectorState& vectors = machine_->vectors();
  const size_t bytes = vectors.bytes();
  if (bytes > MONITOR_XSAVE_BYTES)
    throw Error(kInternal, "the vector registers of this processor do not fit the monitor");
  machine_->write_entry_block({.rip = frozen_.rip,
                               .rdx = frozen_.rdx,
                               .fs_base = frozen_.fs_base,
                               .gs_base = frozen_.gs_base,
                               .rax = frozen_.rax});
  // SAFETY: the length was checked above against the room of the monitor's XSAVE area.
  const std::span<uint8_t> area{memory().monitor() + MONITOR_XSAVE_AREA, bytes};
  vectors.get(area);
  // Not PKRU: the entry stub could not go on behind an `xrstor` that shuts the page it is on.
  set_components(area, components_of(area) & ~(uint64_t{1} << kPkruComponent));
}

} // namespace snapvm
