#include "kvm/sandbox.h"

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

Sandbox::Sandbox(Snapshot snapshot, GuestLimits limits, Interrupter& interrupter, ShellCache& shells)
    : snapshot_(std::move(snapshot)), limits_(limits), interrupter_(interrupter), shells_(shells),
      memory_(checked(snapshot_).memory, snapshot_.layers,
              shells.take_scratch(snapshot_.memory.scratch_bytes)),
      ring_entries_(std::max(first_ring_entries(), *snapshot_.ring_entries)) {
  if (!snapshot_.supervisor) ports_ = probe_ports({memory_.monitor(), MONITOR_BYTES});
  sticky_.emplace(memory_);
  build_vm();
  if (!snapshot_.linux_spec) return;
  const bool program = runs_program();
  ProcessSpec spec = *snapshot_.linux_spec;
  spec.files = memory_.files();
  spec.hwcap2 = Host::get().fsgsbase ? 2 : 0; // HWCAP2_FSGSBASE
  const auto sink = [this](int stream, std::span<const uint8_t> bytes) { keep_stream(stream, bytes); };
  linux_ = std::make_unique<LinuxGuest>(
      std::move(spec), memory_, *sticky_, [this]() -> const Vcpu& { return vcpu(); }, snapshot_.host_state,
      program ? Process::Sink() : Process::Sink(sink),
      [this] {
        if (!running_) return false; // its limits begin with its run
        outcome_.stop = interrupter_.pending(true);
        return outcome_.stop != StopReason::None;
      });
}

Sandbox::~Sandbox() {
  try {
    retire();
  } catch (const std::exception&) {
    // Then the VM goes the way of every other.
  }
}

void Sandbox::build_vm() {
  rebuild_ = true; // until all of this is done
  shell_.reset();
  if (!snapshot_.supervisor) shell_ = shells_.take(ring_entries_);
  if (!shell_) shell_.emplace(ring_entries_, snapshot_.supervisor);
  sticky_->attach(ring_entries_, shell_->ring_next);
  for (const SlotId slot : {kImageSlot, kScratchSlot}) {
    shell_->vm.set_slot(slot, memory_.slot_gpa(slot), memory_.slot_data(slot), memory_.slot_bytes(slot));
  }
  if (!shell_->prepared) set_xcr0(vcpu(), Host::get().xcr0);
  // A Linux program runs on from an exit with the system registers it had, so they have to come back too.
  vcpu().run().kvm_valid_regs = KVM_SYNC_X86_REGS | (snapshot_.linux_spec ? KVM_SYNC_X86_SREGS : 0);
  const uint64_t root = memory_.shape().tables_gpa();
  if (snapshot_.supervisor) {
    entry_system_ = snapshot_.system ? *snapshot_.system : supervisor_state(vcpu(), root);
    entry_system_.sregs.apic_base = shell_->reset.apic_base;
    apply_system(vcpu(), entry_system_);
  } else {
    const UserEntry entry{
        .root_gpa = root, .fs_base = snapshot_.fs_base, .gs_base = snapshot_.gs_base, .ports = ports_.mode};
    entry_sregs_ = user_sregs(shell_->reset, entry);
    if (!shell_->prepared) set_user_msrs(vcpu());
    shell_->prepared = true;
  }
  pending_ = poisoned_ = rebuild_ = false;
}

// Makes the VM one that the next sandbox can take for a new one: nothing pending, an empty ring, no memory.
// Registers need no cleaning: that sandbox sets what differs, as every call does, and the rest ring 3 cannot
// reach. Ring 0 can, so supervisor guests neither give nor take. Removing the slots drops every translation
// KVM and the processor have made of them.
void Sandbox::retire() {
  if (!shell_ || rebuild_ || snapshot_.supervisor || !shells_.wants(ring_entries_)) return;
  if (!vcpu().complete_pending()) return;
  vcpu().clear_events();
  sticky_->collect(vcpu());
  if (!sticky_->reprotect(shell_->vm)) return;
  shell_->ring_next = sticky_->ring_next();
  for (const SlotId slot : {kImageSlot, kScratchSlot})
    shell_->vm.remove_slot(slot);
  // From here on no VM has the memory.
  shells_.give(std::move(*shell_), memory_.give_up_scratch());
}

// The order is the design's: pending exit, pages, what the host wrote, registers (which set_entry_registers
// does, as part of the entry itself).
void Sandbox::restore() {
  if (state_ == State::Clean) return;
  state_ = State::Dirty; // also if something below throws: nobody goes on with a VM that is half built
  if (!rebuild_ && pending_ && !vcpu().complete_pending()) rebuild_ = true;
  // After completing, which may write guest memory (`ins`), and before a rebuild, which takes the ring with
  // it.
  if (shell_) sticky_->collect(vcpu());
  if (rebuild_) {
    build_vm();
    rebuilds_++;
  } else if (snapshot_.supervisor) {
    apply_system(vcpu(), entry_system_);
  } else if (poisoned_) {
    vcpu().clear_events();
  }
  sticky_->copy_back();
  if (sticky_->relearn_due()) relearn();
  zero_input(0);
  if (linux_) {
    linux_->space.restored();
    linux_->process.restore();
  }
  pending_ = poisoned_ = false;
  state_ = State::Clean;
  restores_++;
}

void Sandbox::relearn() {
  if (sticky_->reprotect(shell_->vm)) {
    sticky_->relearn();
    return;
  }
  // Only another VM reports every page again; until then none may be forgotten.
  build_vm();
  rebuilds_++;
}

void Sandbox::zero_input(size_t from) {
  if (input_used_ > from) std::memset(memory_.input() + from, 0, input_used_ - from);
  input_used_ = std::min(input_used_, from);
}

void Sandbox::write(const Input& input) {
  const size_t used = write_input(input_buffer(), input);
  zero_input(used);
  input_used_ = used;
  note_private(0, used);
  std::memcpy(entropy_.data(), input.entropy, entropy_.size());
}

// What the host writes is in no dirty log. `from` is an offset into the buffers.
void Sandbox::note_private(size_t from, size_t bytes) {
  memory_.made_private(kScratchSlot, from / kPage, round_up_to_page(from % kPage + bytes) / kPage);
}

uint64_t Sandbox::resident_bytes() const {
  return private_bytes() + Shell::resident_bytes(ring_entries_) + (linux_ ? linux_->process.kept_bytes() : 0);
}

// The entry stub reads its target from guest memory; a restore puts the page back with the others.
void Sandbox::write_entry_block(const EntryBlock& block) {
  sticky_->add(kScratchSlot, (memory_.shape().monitor_offset() + MONITOR_USER) / kPage);
  std::memcpy(memory_.monitor() + MONITOR_ENTRY_BLOCK, &block, sizeof block);
}

// One copy into kvm_run instead of an ioctl per register class.
void Sandbox::set_registers(kvm_regs regs, const EntryBlock& entry) {
  kvm_run& run = vcpu().run();
  run.cr8 = 0; // without an interrupt controller KVM takes CR8 from here, and leaves the guest's there
  regs.rip = entry.rip;
  run.kvm_dirty_regs = KVM_SYNC_X86_REGS;
  if (!snapshot_.supervisor) {    // whose other registers are put back by ioctl
    regs.rip = kMonitorEntryStub; // which puts the FPU back and jumps to entry.rip
    if (ports_.mode == PortMode::Iopl3) regs.rflags |= kIopl3;
    run.s.regs.sregs = entry_sregs_;
    run.s.regs.sregs.fs.base = entry.fs_base;
    run.s.regs.sregs.gs.base = entry.gs_base;
    run.kvm_dirty_regs |= KVM_SYNC_X86_SREGS;
  }
  run.s.regs.regs = regs;
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
  run_ns_ = 0;
  restore();
  state_ = State::Dirty; // from here on, also if something below throws
  if (input != nullptr && snapshot_.entry == EntryKind::Call) write(*input);
  if (linux_) begin_program(purpose, input);
  if (!linux_ || snapshot_.entry == EntryKind::Call) {
    set_registers(snapshot_.regs, {.rip = snapshot_.address,
                                   .rdx = 0, // the entry block in guest memory has it
                                   .fs_base = snapshot_.fs_base,
                                   .gs_base = snapshot_.gs_base,
                                   .rax = 0});
  }
  expected_ = purpose == Purpose::Call ? OutputKind::Result : OutputKind::Ready;
  specialising_ = purpose == Purpose::Specialise;
  budget_ = Budget::start(limits);
  return run(ticket);
}

const Outcome& Sandbox::enter_ready(const Input& input, uint64_t ticket, Limits limits) {
  if (state_ != State::Ready) throw Error(kSandboxState, "the guest is not ready to be called");
  const kvm_sregs sregs = vcpu().sregs();
  const kvm_regs& left = vcpu().run().s.regs.regs;
  const EntryBlock entry{
      .rip = left.rax, .rdx = 0, .fs_base = sregs.fs.base, .gs_base = sregs.gs.base, .rax = 0};
  kvm_regs regs{};
  regs.rsp = left.rsp;
  regs.rdi = snapshot_.regs.rdi;
  regs.rflags = snapshot_.regs.rflags;
  check_dispatch(entry.rip);
  complete_ready();
  if (linux_) linux_->process.begin({}, input.entropy, false);
  std::memset(memory_.output(), 0, memory_.shape().output_bytes);
  note_private(memory_.shape().input_bytes, memory_.shape().output_bytes);
  write(input);
  if (snapshot_.supervisor)
    reset_fpu(vcpu());
  else
    write_entry_block(entry);
  set_registers(regs, entry);
  expected_ = OutputKind::Result;
  specialising_ = false;
  budget_ = Budget::start(limits);
  return run(ticket);
}

// From here on registers can be read and set without the `out` of the ready message in the way.
void Sandbox::complete_ready() {
  if (!vcpu().complete_pending()) {
    throw Error(kInternal, "a guest became ready by an instruction KVM cannot finish");
  }
}

const Outcome& Sandbox::resume(const Input& answer, uint64_t ticket) {
  if (state_ != State::Waiting) throw Error(kSandboxState, "the guest is not waiting for an answer");
  Input with_entropy = answer;
  std::array<uint8_t, 32> entropy = entropy_;
  with_entropy.entropy = entropy.data();
  write(with_entropy);
  return run(ticket);
}

const Outcome& Sandbox::run(uint64_t ticket) {
  state_ = State::Dirty;
  pending_ = poisoned_ = true; // until a plain `done` proves otherwise, also if something below throws
  outcome_ = {};
  const int64_t since = monotonic_ns();
  interrupter_.begin(vcpu().run(), ticket, budget_);
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
  if (outcome_.kind != ExitKind::HostCall) flush_streams();
  return outcome_;
}

void Sandbox::run_to_decision() {
  kvm_run& area = vcpu().run();
  bool signalled = false;
  for (;;) {
    outcome_.stop = interrupter_.pending(signalled);
    if (outcome_.stop != StopReason::None) {
      outcome_.kind = ExitKind::Stopped;
      return;
    }
    const Exit exit = decode_exit(area, vcpu().enter());
    if (exit.fatal) rebuild_ = true;
    signalled = exit.kind == ExitKind::Interrupted;
    if (signalled)
      area.immediate_exit = 0; // before `pending` is asked: step 3 of interrupter.h
    else if (!handle(exit))
      return;
  }
}

} // namespace snapvm
