#include "process/machine.h"

#include "error.h"
#include "process/child_signals.h"
#include "process/features.h"

#include <cstring>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace snapvm {
namespace {

constexpr uint64_t kUserCode = 0x33, kUserData = 0x2b; // Linux' own selectors
constexpr uint32_t kEntriesBetweenLooks = 64;
// What a process costs in the kernel: its tables, stack and page tables.
constexpr uint64_t kKernelBytes = 128 << 10;

user_regs_struct to_raw(const Registers& r) {
  user_regs_struct raw{};
  raw.rax = r.rax;
  raw.rbx = r.rbx;
  raw.rcx = r.rcx;
  raw.rdx = r.rdx;
  raw.rsi = r.rsi;
  raw.rdi = r.rdi;
  raw.rsp = r.rsp;
  raw.rbp = r.rbp;
  raw.r8 = r.r8;
  raw.r9 = r.r9;
  raw.r10 = r.r10;
  raw.r11 = r.r11;
  raw.r12 = r.r12;
  raw.r13 = r.r13;
  raw.r14 = r.r14;
  raw.r15 = r.r15;
  raw.rip = r.rip;
  raw.eflags = r.rflags;
  raw.fs_base = r.fs_base;
  raw.gs_base = r.gs_base;
  raw.cs = kUserCode;
  raw.ss = kUserData;
  raw.orig_rax = ~0ull; // in no system call, so the kernel restarts none
  return raw;
}

Registers from_raw(const user_regs_struct& raw) {
  return {.rax = raw.rax,
          .rbx = raw.rbx,
          .rcx = raw.rcx,
          .rdx = raw.rdx,
          .rsi = raw.rsi,
          .rdi = raw.rdi,
          .rsp = raw.rsp,
          .rbp = raw.rbp,
          .r8 = raw.r8,
          .r9 = raw.r9,
          .r10 = raw.r10,
          .r11 = raw.r11,
          .r12 = raw.r12,
          .r13 = raw.r13,
          .r14 = raw.r14,
          .r15 = raw.r15,
          .rip = raw.rip,
          .rflags = raw.eflags,
          .fs_base = raw.fs_base,
          .gs_base = raw.gs_base};
}

const Snapshot& without_ring_0(const Snapshot& snapshot) {
  if (!snapshot.supervisor) return snapshot;
  throw Error(kHostBackend, "a supervisor guest runs in ring 0, which only the kvm backend has");
}

} // namespace

ProcessMachine::ProcessMachine(const Snapshot& snapshot, ProcessCache& cache)
    : Machine(std::make_unique<OwnedMemory>(without_ring_0(snapshot).memory, snapshot.layers)),
      is_linux_(snapshot.linux_spec.has_value()), cache_(cache), mirror_(own_memory(), sticky_),
      space_(*memory_, sticky_, mirror_), vectors_(child_) {
  load();
}

ProcessMachine::~ProcessMachine() {
  if (!child_) return;
  SameCore::forget(child_->process().pid());
  if (child_->process().alive()) cache_.give_back(std::move(child_));
}

// A process that is killed before its guest has begun is replaced, but not for ever: somebody may mean it.
void ProcessMachine::load() {
  constexpr int kAttempts = 3;
  for (int attempt = 1;; attempt++) {
    child_ = cache_.take();
    try {
      return fill();
    } catch (...) {
      const bool killed = !child_->process().alive();
      forget_child(); // half filled
      if (!killed || attempt == kAttempts) throw;
    }
  }
}

void ProcessMachine::fill() {
  child_->give(own_memory().files());
  mirror_.load(*child_, space_);
  // The page at which the guest is entered. It is private, since the host writes the entry block into it.
  const uint64_t offset = memory_->shape().monitor_offset() + MONITOR_USER;
  memory_->make_private(kScratchSlot, offset / kPage, 1);
  const Backing backing = own_memory().backing(memory_->slot_gpa(kScratchSlot) + offset);
  // SAFETY: STUB_MONITOR is above every address a guest can have (layout.h). Nothing else is mapped there.
  const Command map{
      SYS_mmap,
      {STUB_MONITOR, kPage, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED, backing.file + 1, backing.offset}};
  child_->run({&map, 1}, "mapping the monitor into a guest's process");
}

void ProcessMachine::restore() {
  sticky_.copy_back();
  if (sticky_.relearn_due()) {
    mirror_.forget_dirty();
    sticky_.relearn();
  }
  mirror_.restored();
  // Here, and not when the guest runs: undoing what one call has mapped does not take the next one's time.
  if (is_up_to_date())
    child_->clear_frame();
  else
    replace_child();
}

// Whether there is a process, and it could be made to agree with the page tables. That fails where an earlier
// call has left it no room for more mappings, which is no failure of the next call.
bool ProcessMachine::is_up_to_date() {
  if (!child_ || !child_->process().alive()) return false;
  if (!mirror_.is_stale()) return true;
  try {
    return flush();
  } catch (const Error&) {
    return false; // flush() has given it up
  }
}

void ProcessMachine::replace_child() {
  forget_child();
  load();
  rebuilds_++;
}

void ProcessMachine::forget_child() {
  if (child_) SameCore::forget(child_->process().pid());
  child_.reset(); // before another is taken: there may be no room for both
  place_ = SameCore::kUnknown;
}

void ProcessMachine::resume_with(const user_regs_struct& registers) {
  raw_ = registers;
  set_ = true;
  skip_ = 0;
}

void ProcessMachine::enter_at(const Registers& registers, const EntryBlock& entry) {
  vectors_.forget();
  if (entries_++ % kEntriesBetweenLooks == 0) quiet_stops();
  user_regs_struct raw = to_raw(registers);
  const VectorFeatures& features = VectorFeatures::get();
  raw.rip = stub_address(features.pkru ? snapvm_stub_enter_pkru : snapvm_stub_enter);
  raw.rax = (features.entry_mask & 0xffffffff) | (cache_.zygote().can_set_bases() ? kEntryBases : 0);
  raw.rdx = (features.entry_mask & ~uint64_t{0xffffffff}) | registers.rflags;
  raw.fs_base = entry.fs_base;
  raw.gs_base = entry.gs_base;
  resume_with(raw);
  if (!has_possible_bases()) return; // run() tells of it
  // Nothing of the guest has run yet: if its process was killed meanwhile, it simply gets another.
  if (prepare()) return;
  replace_child();
  if (!prepare()) throw Error(kHostProcess, "a process for a guest was killed as soon as it was made");
}

// Makes the process agree with the page tables, and sets the registers with which the guest goes on. False:
// the process is dead.
bool ProcessMachine::prepare() {
  if (mirror_.is_stale() && !flush()) return false;
  if (set_ && !child_->process().set_registers(raw_)) return false;
  set_ = false;
  return true;
}

// Makes the process agree with the page tables. False: it is dead. A process that did not take all changes is
// not used again, as nobody knows what it has mapped. @throws Error
bool ProcessMachine::flush() {
  last_out_ = {};
  set_ = true; // the stub changes the registers
  try {
    mirror_.flush(*child_, space_);
    return true;
  } catch (...) {
    if (!child_->process().alive()) return false;
    forget_child();
    throw;
  }
}

void ProcessMachine::go_on_with(const Registers& registers) {
  vectors_.put_back();
  user_regs_struct raw = to_raw(registers);
  raw.ds = raw_.ds;
  raw.es = raw_.es;
  raw.fs = raw_.fs;
  raw.gs = raw_.gs;
  resume_with(raw);
}

Exit ProcessMachine::run() {
  if (skip_ != 0) {
    raw_.rip += skip_;
    set_ = true;
    skip_ = 0;
  }
  for (;;) {
    Traced& process = child_->process();
    if ((set_ || mirror_.is_stale()) && !has_possible_bases())
      return FaultExit{.fault = general_protection(registers()), .final = true};
    prepare(); // that the process is dead is seen when it is resumed
    if (process.take_stop()) return InterruptedExit{};
    cache_.core().together(process.pid(), place_);
    if (auto exit = decide(process.resume(PTRACE_SYSEMU))) return std::move(*exit);
  }
}

// Whether ptrace can set these segment bases: a process may give itself bases in the upper half, but
// ptrace does not.
bool ProcessMachine::has_possible_bases() const {
  return raw_.fs_base < kUserEnd && raw_.gs_base < kUserEnd;
}

const Registers& ProcessMachine::registers() {
  registers_ = from_raw(raw_);
  return registers_;
}

StopTarget ProcessMachine::stop_target() {
  const Traced& process = child_->process();
  // The number of the clock of a process's CPU time: see clock_getcpuclockid(3).
  constexpr clockid_t kScheduled = 2;
  return {.process = process.pidfd(),
          .pid = process.pid(),
          .id = process.id(),
          .clock = static_cast<clockid_t>(~process.pid() << 3 | kScheduled)};
}

uint64_t ProcessMachine::overhead_bytes() const {
  return kKernelBytes + STUB_COMMANDS_BYTES + frame_bytes();
}

} // namespace snapvm
