// What a sandbox makes of the guest's exits. See sandbox.cc for its life and for restore.
#include "error.h"
#include "memory/bytes.h"
#include "sandbox/sandbox.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace snapvm {
namespace {

// Debug prints are kept as log lines of this level (trace), cut at this length.
constexpr uint32_t kPrintLevel = 5;
constexpr size_t kPrintLine = 1024;
// What the smallest log record costs the host, so that empty lines are bounded too.
constexpr uint64_t kRecordBytes = 32;

} // namespace

bool Sandbox::handle(const Exit& exit) {
  const auto visit = [this]<typename Kind>(const Kind& kind) {
    // A program has no messages to send: for it these ports are as forbidden as any other.
    if (kIsPortExit<Kind> && runs_program())
      return hand_to_program(general_protection(machine_->registers()));
    return on(kind);
  };
  return std::visit(visit, exit);
}

bool Sandbox::on(const DoneExit&) {
  outcome_.kind = OutcomeKind::Done;
  // A guest that cannot be specialised says why, as a call does: by a result with a code that is not 0.
  if (specialising_) {
    const Message said = read_message(output_buffer());
    if (said.kind == OutputKind::Result && said.code != 0) expected_ = OutputKind::Result;
  }
  expect(expected_, "done");
  if (expected_ == OutputKind::Ready) state_ = State::Ready;
  return false;
}

bool Sandbox::on(const HostCallExit&) {
  outcome_.kind = OutcomeKind::HostCall;
  count_exit();
  if (expected_ == OutputKind::Ready)
    throw Error(kGuestProtocol, "the guest called the host while initialising");
  expect(OutputKind::HostCall, "host call");
  state_ = State::Waiting;
  return false;
}

bool Sandbox::on(const LogExit&) {
  count_exit();
  const Message message = read_message(output_buffer());
  if (message.kind != OutputKind::Log) throw Error(kGuestProtocol, "the guest logged without a log message");
  keep_log(message.code, text_of(message.payload));
  return true;
}

bool Sandbox::on(const PrintExit& exit) {
  count_exit();
  if (exit.byte != '\n') printed_.push_back(static_cast<char>(exit.byte));
  if (exit.byte == '\n' || printed_.size() >= kPrintLine) flush_print();
  return true;
}

bool Sandbox::on(const AbortExit&) {
  outcome_.kind = OutcomeKind::Abort;
  expect(OutputKind::Abort, "abort");
  return false;
}

bool Sandbox::on(const SyscallExit&) {
  if (linux_) return system_call();
  outcome_.kind = OutcomeKind::Syscall;
  return false;
}

bool Sandbox::on(const FaultExit& exit) {
  if (linux_ && !exit.final) return hand_to_program(exit.fault);
  outcome_.kind = OutcomeKind::Fault;
  outcome_.fault = exit.fault;
  return false;
}

// The loop in run_to_decision asks the interrupter why.
bool Sandbox::on(const InterruptedExit&) {
  return true;
}

bool Sandbox::on(const ShutdownExit&) {
  outcome_.kind = OutcomeKind::Shutdown;
  return false;
}

bool Sandbox::on(const UnsupportedExit& exit) {
  outcome_.kind = OutcomeKind::Unsupported;
  outcome_.reason = exit.reason;
  return false;
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

void Sandbox::keep_log(uint32_t level, std::string_view text) {
  if (log_bytes_ + text.size() + kRecordBytes > limits_.log_bytes) {
    dropped_logs_++;
    return;
  }
  log_bytes_ += text.size() + kRecordBytes;
  logs_.push_back({level, std::string(text)});
}

void Sandbox::flush_print() {
  if (!printed_.empty()) keep_log(kPrintLevel, printed_);
  printed_.clear();
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
  const Registers left = machine_->registers();
  Capture capture{.image = nullptr,
                  .pages = {},
                  .dispatch = left.rax,
                  .rsp = left.rsp,
                  .fs_base = left.fs_base,
                  .gs_base = left.gs_base,
                  .system = {},
                  .frozen = std::nullopt,
                  .host_state = {},
                  .drew_random = linux_ && linux_->drew_random()};
  if (outcome_.kind == OutcomeKind::Frozen) {
    capture_frozen(capture);
  } else {
    check_dispatch(capture.dispatch);
    if (snapshot_.supervisor) {
      machine_->finish_ready();
      capture.system = machine_->capture_system();
    } else {
      machine_->write_entry_block({.rip = capture.dispatch,
                                   .rdx = 0,
                                   .fs_base = capture.fs_base,
                                   .gs_base = capture.gs_base,
                                   .rax = 0});
    }
  }
  if (linux_) capture.host_state = linux_->freeze();
  machine_->collect_dirty();
  // Messages are not state: both buffers are zero at every entry.
  // SAFETY: the output buffer follows the input buffer, both inside scratch (check_shape in sandbox.cc).
  std::memset(memory().input(), 0, memory().shape().input_bytes + memory().shape().output_bytes);
  std::vector<StickySet::Page> changed;
  static constexpr uint8_t kZero[kPage] = {};
  // SAFETY: the sticky set names whole pages of the guest's slots; the guest does not run meanwhile.
  for (const auto& page : machine_->sticky().pages()) {
    if (std::memcmp(page.data, page.golden != nullptr ? page.golden : kZero, kPage) != 0)
      changed.push_back(page);
  }
  const auto gpa = [this](const StickySet::Page& page) { return memory().slot_gpa(page.slot) + page.offset; };
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
    for (uint64_t offset = 0; offset < memory().slot_bytes(slot); offset += kPage) {
      const uint64_t gpa = memory().slot_gpa(slot) + offset;
      const uint8_t* golden = memory().golden(slot, offset);
      const uint8_t* found = memory().view(gpa, kPage);
      // SAFETY: offset is below the slot's size, which is whole pages, so both are whole pages of that slot.
      if (found == golden || std::memcmp(found, golden != nullptr ? golden : kZero, kPage) == 0) continue;
      // A bug, but not one to run on with: the page is put back from now on.
      machine_->sticky().add(slot, offset / kPage);
      state_ = State::Dirty;
      return gpa;
    }
  }
  return std::nullopt;
}

} // namespace snapvm
