// What a sandbox makes of the guest's exits. See sandbox.cc for its life and for restore.
#include "error.h"
#include "kvm/sandbox.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace snapvm {
namespace {

constexpr uint32_t kRingGrowth = 4;
constexpr uint8_t kGeneralProtection = 13;
// Vectors whose exception frame starts with an error code (Intel SDM vol. 3, table 6-1; AMD APM vol. 2, 8.2).
constexpr uint32_t kErrorCodeVectors = 1u << 8 | 1u << 10 | 1u << 11 | 1u << 12 | 1u << 13 | 1u << 14 |
                                       1u << 17 | 1u << 21 | 1u << 29 | 1u << 30;
constexpr uint64_t kFaultStubBytes = uint64_t{MONITOR_VECTORS} * MONITOR_FAULT_STUB_BYTES;
// Debug prints are kept as log lines of this level (trace), cut at this length.
constexpr uint32_t kPrintLevel = 5;
constexpr size_t kPrintLine = 1024;
// What the smallest log record costs the host, so that empty lines are bounded too.
constexpr uint64_t kRecordBytes = 32;

constexpr uint8_t kOutImm8 = 0xe6, kOutDx8 = 0xee, kOutDx32 = 0xef, kOutImm32 = 0xe7;

bool is_outs(int opcode) {
  return opcode == 0x6e || opcode == 0x6f;
}

// Operand size, address size, repeat, lock, segment overrides, REX (Intel SDM vol. 2, 2.1.1 and 2.2.1).
bool is_prefix(int byte) {
  switch (byte) {
  case 0x26:
  case 0x2e:
  case 0x36:
  case 0x3e:
  case 0x64:
  case 0x65:
  case 0x66:
  case 0x67:
  case 0xf0:
  case 0xf2:
  case 0xf3:
    return true;
  default:
    return byte >= 0x40 && byte <= 0x4f;
  }
}
constexpr int kMostPrefixes = 14; // an instruction has at most 15 bytes

std::string_view as_text(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

bool Sandbox::handle(const Exit& exit) {
  switch (exit.kind) {
  case ExitKind::Done:
  case ExitKind::HostCall:
  case ExitKind::Log:
  case ExitKind::Print:
  case ExitKind::Abort:
    // KVM reports one round of string output just like a plain `out`.
    if (!left_plainly())
      return finish({.kind = ExitKind::PortRefused, .reason = "wrote a string to a port"}), false;
    // A program has no messages to send: for it these ports are as forbidden as any other.
    if (runs_program()) return hand_to_program(kGeneralProtection);
    break;
  default:
    break;
  }
  switch (exit.kind) {
  case ExitKind::Syscall:
    return linux_ ? system_call() : (finish(exit), false);
  case ExitKind::Fault:
    return linux_ ? hand_to_program(exit.value) : (finish(exit), false);
  case ExitKind::Log:
    count_exit();
    return take_log(), true;
  case ExitKind::Print:
    count_exit();
    return print(exit.value), true;
  case ExitKind::RingFull:
    sticky_->collect(vcpu());
    if (!sticky_->reprotect(shell_->vm)) rebuild_ = true;
    // A full ring re-protects all it holds, so a guest that dirties this much gets a VM with more room.
    if (uint64_t{ring_entries_} * kRingGrowth * sizeof(kvm_dirty_gfn) <= Host::get().dirty_ring_max) {
      ring_entries_ *= kRingGrowth;
      *snapshot_.ring_entries = ring_entries_; // the next sandbox starts with that
      rebuild_ = true;
    }
    return true;
  default:
    return finish(exit), false;
  }
}

void Sandbox::finish(const Exit& exit) {
  outcome_.kind = exit.kind;
  outcome_.reason = exit.reason;
  switch (exit.kind) {
  case ExitKind::Done:
    // A guest that cannot be specialised says why, as a call does: by a result with a code that is not 0.
    if (specialising_) {
      const Message said = read_message(output_buffer());
      if (said.kind == OutputKind::Result && said.code != 0) expected_ = OutputKind::Result;
    }
    expect(expected_, "done");
    if (expected_ == OutputKind::Ready) state_ = State::Ready;
    plain_rip_ = vcpu().run().s.regs.regs.rip;
    poisoned_ = false;
    pending_ = snapshot_.supervisor;
    break;
  case ExitKind::HostCall:
    count_exit();
    if (expected_ == OutputKind::Ready)
      throw Error(kGuestProtocol, "the guest called the host while initialising");
    expect(OutputKind::HostCall, "host call");
    state_ = State::Waiting;
    break;
  case ExitKind::Abort:
    expect(OutputKind::Abort, "abort");
    break;
  case ExitKind::Fault:
    read_fault(exit.value);
    break;
  case ExitKind::PortRefused:
    // The I/O bitmap lets `in` and string I/O through on an allowed port; the guest is to see no difference.
    if (snapshot_.supervisor)
      outcome_.kind = ExitKind::Unsupported;
    else
      raise(kGeneralProtection);
    break;
  default:
    break;
  }
}

void Sandbox::expect(OutputKind kind, const char* port) {
  outcome_.message = read_message(output_buffer());
  if (outcome_.message.kind == kind) return;
  throw Error(kGuestProtocol, "the guest left through the " + std::string(port) +
                                  " port with a message of kind " +
                                  std::to_string(uint32_t(outcome_.message.kind)) + "; it has to be " +
                                  std::to_string(uint32_t(kind)));
}

void Sandbox::count_exit() {
  if (++exits_ <= limits_.exits) return;
  throw Error(kGuestLimit,
              "the guest made more than " + std::to_string(limits_.exits) +
                  " log lines, prints, host calls and system calls in one call (maxExits in its policy)");
}

void Sandbox::take_log() {
  const Message message = read_message(output_buffer());
  if (message.kind != OutputKind::Log) throw Error(kGuestProtocol, "the guest logged without a log message");
  keep_log(message.code, as_text(message.payload));
}

void Sandbox::keep_log(uint32_t level, std::string_view text) {
  if (log_bytes_ + text.size() + kRecordBytes > limits_.log_bytes) {
    dropped_logs_++;
    return;
  }
  log_bytes_ += text.size() + kRecordBytes;
  logs_.push_back({level, std::string(text)});
}

void Sandbox::print(uint8_t byte) {
  if (byte != '\n') printed_.push_back(static_cast<char>(byte));
  if (byte == '\n' || printed_.size() >= kPrintLine) flush_print();
}

void Sandbox::flush_print() {
  if (!printed_.empty()) keep_log(kPrintLevel, printed_);
  printed_.clear();
}

// The monitor's stub wrote to the fault port; the processor's exception frame is on the monitor's stack,
// which ring 3 can neither read nor write.
void Sandbox::read_fault(uint8_t vector) {
  const kvm_regs& regs = vcpu().run().s.regs.regs;
  const kvm_sregs sregs = vcpu().sregs();
  const uint64_t stub = regs.rip - (kKernelHighBase + MONITOR_FAULT_STUBS);
  const bool from_monitor = !snapshot_.supervisor && sregs.cs.dpl == 0 && stub < kFaultStubBytes;
  if (!from_monitor) {
    outcome_.reason = "wrote to port " + std::to_string(PORT_FAULT + vector);
    if (snapshot_.supervisor)
      outcome_.kind = ExitKind::Unsupported;
    else
      raise(kGeneralProtection);
    return;
  }
  const bool has_code = kErrorCodeVectors >> vector & 1;
  const uint64_t frame_bytes = (has_code ? 6 : 5) * sizeof(uint64_t);
  const uint64_t offset = regs.rsp - (kKernelHighBase + MONITOR_STACK);
  if (offset > MONITOR_STACK_TOP - MONITOR_STACK - frame_bytes) {
    throw Error(kInternal, "an exception frame lies outside the monitor's stack");
  }
  uint64_t frame[6] = {}; // error code, RIP, CS, RFLAGS, RSP, SS
  std::memcpy(frame + (has_code ? 0 : 1), memory_.monitor() + MONITOR_STACK + offset, frame_bytes);
  outcome_.fault = {.vector = vector,
                    .error_code = frame[0],
                    .rip = frame[1],
                    .cr2 = sregs.cr2,
                    .rsp = frame[4],
                    .rflags = frame[3]};
}

// The host refuses for the processor: a fault where the guest stands.
void Sandbox::raise(uint8_t vector) {
  const kvm_regs& regs = vcpu().run().s.regs.regs;
  outcome_.kind = ExitKind::Fault;
  outcome_.fault = {
      .vector = vector, .error_code = 0, .rip = regs.rip, .cr2 = 0, .rsp = regs.rsp, .rflags = regs.rflags};
}

// Whether the guest left by a plain `out`. Such an exit may stay pending in KVM: it is finished only if RIP
// is still the one it left with, and the next entry sets another. String output is reported in the same way
// but finishes by writing back stale registers, so the instruction itself has to be looked at: once per
// address for the one a guest ends its calls with, since guest code never changes (W^X, and the guest can
// change no table). This saves finishing every exit with an extra KVM_RUN (2.7 us on the development
// machine). Ring 0 can change its code, so its exits are all finished.
bool Sandbox::left_plainly() const {
  const uint64_t rip = vcpu().run().s.regs.regs.rip;
  return snapshot_.supervisor || rip == plain_rip_ || is_plain_out(rip);
}

bool Sandbox::is_plain_out(uint64_t rip) const {
  const auto byte_at = [this](uint64_t gva) -> int {
    const auto gpa = memory_.translate(memory_.shape().tables_gpa(), gva);
    const uint8_t* host = gpa ? memory_.at(*gpa, 1) : nullptr;
    return host == nullptr ? -1 : *host;
  };
  const auto is_dx = [](int opcode) { return opcode == kOutDx8 || opcode == kOutDx32; };
  const auto is_imm = [](int opcode) { return opcode == kOutImm8 || opcode == kOutImm32; };
  if (!ports_.rip_after_out) return is_dx(byte_at(rip)) || is_imm(byte_at(rip));
  // A repeated string instruction that is not finished still has RIP on it, and what is before it is the
  // guest's choice.
  uint64_t opcode = rip;
  for (int i = 0; i < kMostPrefixes && is_prefix(byte_at(opcode)); i++)
    opcode++;
  if (is_outs(byte_at(opcode))) return false;
  // Behind the instruction: its last byte is the opcode of `out dx`, or the port of `out imm8`. None of these
  // ports is an opcode of string output, so neither reading can be mistaken for one.
  const auto is_port = [](int byte) { return byte >= 0 && !is_outs(byte); };
  return is_dx(byte_at(rip - 1)) || (is_port(byte_at(rip - 1)) && is_imm(byte_at(rip - 2)));
}

void Sandbox::check_dispatch(uint64_t address) const {
  const uint64_t sign = address >> 47;
  if (sign == 0 || (snapshot_.supervisor && sign == 0x1ffff)) return;
  char text[24];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(address));
  throw Error(kGuestProtocol, "the guest became ready with dispatch address " + std::string(text) +
                                  ", where no code of a guest of its kind can be");
}

Capture Sandbox::capture() {
  if (state_ != State::Ready)
    throw Error(kSandboxState, "only a guest that has just become ready can be captured");
  const kvm_regs regs = vcpu().run().s.regs.regs;
  const kvm_sregs sregs = vcpu().sregs();
  Capture capture{.image = nullptr,
                  .pages = {},
                  .dispatch = regs.rax,
                  .rsp = regs.rsp,
                  .fs_base = sregs.fs.base,
                  .gs_base = sregs.gs.base,
                  .system = std::nullopt,
                  .frozen = std::nullopt,
                  .host_state = {}};
  if (outcome_.kind == ExitKind::Frozen) {
    capture_frozen(capture);
  } else {
    check_dispatch(capture.dispatch);
    if (snapshot_.supervisor) {
      complete_ready();
      capture.system = capture_system(vcpu());
    } else {
      write_entry_block({.rip = capture.dispatch,
                         .rdx = 0,
                         .fs_base = capture.fs_base,
                         .gs_base = capture.gs_base,
                         .rax = 0});
    }
  }
  if (linux_) capture.host_state = linux_->process.freeze();
  sticky_->collect(vcpu());
  // Messages are not state: both buffers are zero at every entry.
  std::memset(memory_.input(), 0, memory_.shape().input_bytes + memory_.shape().output_bytes);
  std::vector<StickySet::Page> changed;
  static constexpr uint8_t kZero[kPage] = {};
  for (const auto& page : sticky_->pages()) {
    if (std::memcmp(page.data, page.golden != nullptr ? page.golden : kZero, kPage) != 0)
      changed.push_back(page);
  }
  const auto gpa = [this](const StickySet::Page& page) { return memory_.slot_gpa(page.slot) + page.offset; };
  std::sort(changed.begin(), changed.end(), [&](const auto& a, const auto& b) { return gpa(a) < gpa(b); });
  capture.image = Image::create(std::max<size_t>(changed.size(), 1) * kPage);
  for (size_t i = 0; i < changed.size(); i++) {
    capture.image->write({changed[i].data, kPage}, i * kPage);
    capture.pages.push_back(gpa(changed[i]));
  }
  capture.image->seal(nullptr);
  return capture;
}

std::optional<uint64_t> Sandbox::find_difference() {
  if (state_ != State::Clean)
    throw Error(kSandboxState, "only a restored sandbox can be compared with its snapshot");
  static constexpr uint8_t kZero[kPage] = {};
  for (const SlotId slot : {kImageSlot, kScratchSlot}) {
    for (uint64_t offset = 0; offset < memory_.slot_bytes(slot); offset += kPage) {
      const uint8_t* golden = memory_.golden(slot, offset);
      if (std::memcmp(memory_.slot_data(slot) + offset, golden != nullptr ? golden : kZero, kPage) != 0) {
        // A bug, but not one to run on with: the page is put back from now on.
        sticky_->add(slot, offset / kPage);
        state_ = State::Dirty;
        return memory_.slot_gpa(slot) + offset;
      }
    }
  }
  return std::nullopt;
}

} // namespace snapvm
