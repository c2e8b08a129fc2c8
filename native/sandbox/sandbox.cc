#include "sandbox/sandbox.h"

#include "error.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace snapvm {
namespace {

void check_shape(const Snapshot& snapshot) {
  const MemoryShape& m = snapshot.memory;
  const uint64_t limit = uint64_t{SNAPVM_MAX_GPA} / 2;
  const bool sane = m.image_bytes > 0 && m.image_bytes < limit && m.scratch_bytes < limit &&
                    m.table_bytes > 0 && m.table_bytes < limit && m.input_bytes >= kPage &&
                    m.input_bytes < limit && m.output_bytes >= kPage && m.output_bytes < limit &&
                    (m.image_bytes | m.scratch_bytes | m.table_bytes) % kPage == 0 &&
                    m.monitor_bytes == (snapshot.supervisor ? 0 : MONITOR_BYTES) && m.frame_bytes < limit &&
                    m.file_bytes < limit && m.frame_bytes % kPage == 0 &&
                    m.monitor_offset() + m.monitor_bytes + m.frame_bytes <= m.scratch_bytes;
  if (!sane || snapshot.layers.empty()) throw Error(kInternal, "a snapshot descriptor has impossible sizes");
  if (snapshot.layers.front().image->bytes() !=
      m.image_bytes + m.table_bytes + m.monitor_bytes + round_up_to_page(m.file_bytes)) {
    throw Error(kInternal, "a snapshot descriptor does not fit its image");
  }
  for (const Layer& layer : snapshot.layers) {
    const auto& pages = *layer.pages;
    const bool ascending = std::is_sorted(pages.begin(), pages.end(), std::less_equal<>());
    const bool aligned =
        std::all_of(pages.begin(), pages.end(), [](uint64_t gpa) { return gpa % kPage == 0; });
    if (!ascending || !aligned) throw Error(kInternal, "a layer's pages are not ascending page addresses");
    if (layer.image->bytes() < pages.size() * kPage)
      throw Error(kInternal, "a layer is shorter than its pages");
  }
}

const Snapshot& checked(const Snapshot& snapshot) {
  check_shape(snapshot);
  return snapshot;
}

} // namespace

Sandbox::Sandbox(Snapshot snapshot, GuestLimits limits, Interrupter& interrupter, const Load& load)
    : snapshot_(std::move(snapshot)), limits_(limits), interrupter_(interrupter),
      machine_(load(checked(snapshot_))) {
  if (!snapshot_.linux_spec) return;
  const bool program = runs_program();
  ProcessSpec spec = *snapshot_.linux_spec;
  spec.files = memory().files();
  spec.hwcap2 = machine_->has_fsgsbase() ? 2 : 0; // HWCAP2_FSGSBASE
  const auto sink = [this](int stream, std::span<const uint8_t> bytes) { keep_stream(stream, bytes); };
  linux_ =
      std::make_unique<Process>(std::move(spec), machine_->space(), machine_->vectors(), snapshot_.host_state,
                                program ? Process::Sink() : Process::Sink(sink), [this] {
                                  if (!running_) return false; // its limits begin with its run
                                  outcome_.stop = interrupter_.pending(true);
                                  return outcome_.stop != StopReason::None;
                                });
}

// The machine first, then what the host wrote.
void Sandbox::restore() {
  if (state_ == State::Clean) return;
  state_ = State::Dirty; // also if something below throws: nobody goes on with what is half restored
  machine_->restore();
  zero_input(0);
  if (linux_) linux_->restore();
  state_ = State::Clean;
  restores_++;
}

void Sandbox::zero_input(size_t from) {
  // SAFETY: input_used_ is what write_input() gave, at most the buffer's size.
  if (input_used_ > from) std::memset(memory().input() + from, 0, input_used_ - from);
  input_used_ = std::min(input_used_, from);
}

void Sandbox::write(const Input& input) {
  const size_t used = write_input(input_buffer(), input);
  zero_input(used);
  input_used_ = used;
  note_private(0, used);
  // SAFETY: an Input's entropy is as long as entropy_; who makes the Input upholds that.
  std::memcpy(entropy_.data(), input.entropy, entropy_.size());
}

// What the host writes is in no dirty log. `from` is an offset into the buffers.
void Sandbox::note_private(size_t from, size_t bytes) {
  memory().make_private(kScratchSlot, from / kPage, round_up_to_page(from % kPage + bytes) / kPage);
}

uint64_t Sandbox::resident_bytes() const {
  return private_bytes() + machine_->overhead_bytes() + (linux_ ? linux_->kept_bytes() : 0) +
         own_input_.capacity();
}

const Outcome& Sandbox::enter(Purpose purpose, const Input* input, uint64_t ticket, Limits limits) {
  const bool ready = snapshot_.entry == EntryKind::Call || snapshot_.entry == EntryKind::Resume;
  const bool fits = purpose == Purpose::Initialise   ? !ready
                    : purpose == Purpose::Specialise ? snapshot_.entry == EntryKind::Call
                                                     : ready || snapshot_.entry == EntryKind::Start;
  if (!fits) throw Error(kSandboxState, "the snapshot is not one that this can be done with");
  outcome_ = {};
  exits_ = 0;
  logs_.clear();
  printed_.clear();
  for (std::string& line : streams_)
    line.clear();
  log_bytes_ = dropped_logs_ = 0;
  run_ns_ = restore_ns_ = 0;
  started_ns_ = monotonic_ns();
  entering_ = true;
  is_refused_ = false;
  restore();
  state_ = State::Dirty; // from here on, also if something below throws
  if (input != nullptr && snapshot_.entry == EntryKind::Call) write(*input);
  if (linux_) begin_program(purpose, input);
  if (!linux_ || snapshot_.entry == EntryKind::Call) {
    machine_->enter_at(snapshot_.registers, {.rip = snapshot_.registers.rip,
                                             .rdx = 0, // the entry block in guest memory has it
                                             .fs_base = snapshot_.registers.fs_base,
                                             .gs_base = snapshot_.registers.gs_base,
                                             .rax = 0});
  }
  expected_ = purpose == Purpose::Call ? OutputKind::Result : OutputKind::Ready;
  specialising_ = purpose == Purpose::Specialise;
  budget_ = Budget::start(limits);
  return run(ticket);
}

const Outcome& Sandbox::enter_ready(const Input& input, uint64_t ticket, Limits limits) {
  if (state_ != State::Ready) throw Error(kSandboxState, "the guest is not ready to be called");
  const Registers left = machine_->registers();
  const EntryBlock entry{
      .rip = left.rax, .rdx = 0, .fs_base = left.fs_base, .gs_base = left.gs_base, .rax = 0};
  Registers registers{};
  registers.rsp = left.rsp;
  registers.rdi = snapshot_.registers.rdi;
  registers.rflags = snapshot_.registers.rflags;
  check_dispatch(entry.rip);
  machine_->finish_ready();
  if (linux_) linux_->begin_ready(input.entropy);
  // SAFETY: the buffer is inside scratch (check_shape), and the guest does not run.
  std::memset(memory().output(), 0, memory().shape().output_bytes);
  note_private(memory().shape().input_bytes, memory().shape().output_bytes);
  write(input);
  if (!snapshot_.supervisor) machine_->write_entry_block(entry);
  machine_->enter_at(registers, entry);
  expected_ = OutputKind::Result;
  specialising_ = false;
  budget_ = Budget::start(limits);
  return run(ticket);
}

const Outcome& Sandbox::resume(const Input& answer, uint64_t ticket) {
  if (state_ != State::Waiting) throw Error(kSandboxState, "the guest is not waiting for an answer");
  if (runs_program()) {
    linux_->forget_printed();
    is_refused_ = answer.status != 0;
    return run(ticket);
  }
  Input with_entropy = answer;
  std::array<uint8_t, 32> entropy = entropy_;
  with_entropy.entropy = entropy.data();
  write(with_entropy);
  return run(ticket);
}

const Outcome& Sandbox::run(uint64_t ticket) {
  state_ = State::Dirty;
  outcome_ = {};
  const int64_t since = monotonic_ns();
  if (entering_) restore_ns_ = since - started_ns_;
  entering_ = false;
  interrupter_.begin(machine_->stop_target(), ticket, budget_);
  running_ = true;
  struct End {
    Sandbox& sandbox;
    int64_t since;
    ~End() {
      sandbox.running_ = false;
      sandbox.interrupter_.end(sandbox.budget_);
      sandbox.run_ns_ += monotonic_ns() - since;
    }
  } const end{*this, since};
  try {
    run_to_decision();
  } catch (...) {
    flush_print(); // what it printed may say why
    flush_streams();
    throw;
  }
  flush_print();
  if (outcome_.kind != OutcomeKind::HostCall) flush_streams();
  return outcome_;
}

void Sandbox::run_to_decision() {
  bool signalled = false;
  for (;;) {
    outcome_.stop = interrupter_.pending(signalled);
    if (outcome_.stop == StopReason::None && is_refused_) outcome_.stop = StopReason::Abort;
    if (outcome_.stop != StopReason::None) {
      outcome_.kind = OutcomeKind::Stopped;
      return;
    }
    const Exit exit = machine_->run();
    signalled = std::holds_alternative<InterruptedExit>(exit);
    if (!handle(exit)) return;
  }
}

} // namespace snapvm
