#include "process/traced.h"

#include "error.h"
#include "machine/interrupter.h"
#include "process/features.h"
#include "processor/registers.h"
#include "system/calls.h"
#include "system/interruptions.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace snapvm {
namespace {

constexpr uint64_t kUserCode = 0x33, kUserData = 0x2b; // Linux' own selectors
constexpr int kEventShift = 16;

std::atomic<uint64_t> g_last_id{0};

long trace(int request, pid_t pid, void* address, void* data) {
  return sys_ptrace(request, pid, address, data);
}

user_regs_struct stub_registers(uint64_t offset) {
  user_regs_struct registers{};
  registers.rip = STUB_BASE + offset;
  registers.cs = kUserCode;
  registers.ss = kUserData;
  registers.eflags = kFixedFlags;
  registers.orig_rax = ~0ull; // in no system call, so the kernel restarts none
  return registers;
}

} // namespace

void check(CallResult result, const char* what) {
  if (result == 0) return;
  errno = static_cast<int>(-result);
  fail_errno(what, kHostProcess);
}

// Looks many times before it sleeps: nearly always the process stops meanwhile.
int wait_soon(pid_t pid, const Traced::IsStuck& is_stuck) {
  constexpr int kLooks = 2000, kNaps = 30'000;
  constexpr timespec kNap = {.tv_sec = 0, .tv_nsec = 1'000'000};
  for (int i = 0; i < kLooks + kNaps; i++) {
    int status = 0;
    const pid_t found = sys_waitpid(pid, &status, __WALL | WNOHANG);
    if (found == pid) return status;
    if (found < 0 && errno != EINTR) return SIGKILL; // there is no such process: as if it had been killed
    if (i < kLooks) {
      ::sched_yield();
      continue;
    }
    if (is_stuck && is_stuck()) break;
    ::nanosleep(&kNap, nullptr);
  }
  return kNotSeen;
}

Traced::Traced(pid_t pid, IsStuck is_stuck)
    : id_(++g_last_id), pid_(pid), is_stuck_(std::move(is_stuck)), pidfd_(sys_pidfd_open(pid)) {
  if (pidfd_) return;
  const int error = errno;
  end();
  errno = error;
  fail_errno("pidfd_open", kHostProcess);
}

Traced::~Traced() {
  end();
}

// Not by its pid, which another process may have by now, should somebody else have waited for this one.
// ptrace is safe in this way too, as it refuses a process that this thread does not trace; but on kernels
// before 5.19 it kills only a process that has stopped.
void Traced::kill() const {
  if (pidfd_ && sys_pidfd_send_signal(pidfd_.get(), SIGKILL) == 0) return;
  trace(PTRACE_KILL, pid_, nullptr, nullptr); // seccomp may forbid the pidfd
}

void Traced::end() {
  if (reaped_) return;
  do
    kill();
  while (WIFSTOPPED(note(wait_soon(pid_, is_stuck_))));
  reaped_ = true; // a process that does not end is killed with this thread: nobody waits for it twice
}

// Waits without a bound, unless the process may be stuck. That ends in both cases:
// - The guest runs: it leaves, or the kernel stops it. A guest that does neither is stopped by a signal, once
//   a limit of its call is reached, the call is aborted, or the thread is closed (Interrupter).
// - The stub runs: its system calls do not block, so it comes to its `int3`, or is killed.
int Traced::wait() {
  if (is_stuck_) return note(wait_soon(pid_, is_stuck_));
  int status = 0;
  Interruptions interruptions;
  while (sys_waitpid(pid_, &status, __WALL) < 0) {
    if (errno != EINTR) return note(SIGKILL); // there is no such process: as if it had been killed
    if (interruptions.are_too_many()) fail_errno("waiting for a guest's process", kHostProcess);
  }
  return note(status);
}

int Traced::note(int status) {
  if (WIFSTOPPED(status)) return status;
  alive_ = false;
  reaped_ = status != kNotSeen;
  return status;
}

bool Traced::has_ended() const {
  siginfo_t info{};
  const int flags = WEXITED | WNOHANG | WNOWAIT | __WALL;
  if (reaped_) return true;
  // ECHILD: somebody else has waited for it.
  if (sys_waitid(pid_, &info, flags) != 0) return errno == ECHILD;
  return info.si_pid == pid_ && info.si_code != CLD_TRAPPED; // waitid tells of stops without being asked
}

bool Traced::take_stop() {
  return std::exchange(stop_seen_, false);
}

bool Traced::ask(int request, void* data, const char* what) const {
  if (trace(request, pid_, nullptr, data) == 0) return true;
  if (errno != ESRCH) fail_errno(what, kHostProcess);
  return false;
}

bool Traced::get_registers(user_regs_struct& registers) const {
  return ask(PTRACE_GETREGS, &registers, "ptrace(PTRACE_GETREGS)");
}

bool Traced::set_registers(const user_regs_struct& registers) const {
  // SAFETY: PTRACE_SETREGS only reads; ptrace has one type for what it reads and for what it writes.
  return ask(PTRACE_SETREGS, const_cast<user_regs_struct*>(&registers), "ptrace(PTRACE_SETREGS)");
}

bool Traced::get_signal(siginfo_t& info) const {
  return ask(PTRACE_GETSIGINFO, &info, "ptrace(PTRACE_GETSIGINFO)");
}

bool Traced::check_alive() {
  int status = 0;
  if (alive_ && sys_waitpid(pid_, &status, __WALL | WNOHANG) == pid_ && !WIFSTOPPED(status)) {
    alive_ = false;
    reaped_ = true;
  }
  return alive_;
}

int Traced::resume(int request, int signal) {
  // SAFETY: ptrace takes a signal's number in the place of a pointer; nobody follows it.
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  void* data = reinterpret_cast<void*>(static_cast<intptr_t>(signal));
  // ESRCH: it is being killed. It stops no more, and wait() sees its end.
  if (trace(request, pid_, nullptr, data) != 0 && errno != ESRCH)
    fail_errno("running a guest's process by ptrace", kHostProcess);
  return wait();
}

// The kernel leaves this on the stack: argc, arguments, NULL, environment, NULL, then pairs of type and value
// up to the type 0 (System V ABI for AMD64, 3.4.1).
uint64_t Traced::auxiliary(uint64_t type) const {
  user_regs_struct registers;
  if (!get_registers(registers)) return 0;
  uint64_t at = registers.rsp + sizeof(uint64_t);
  const auto next = [&] {
    uint64_t word = 0;
    // SAFETY: an address of the other process, which only the kernel follows, and refuses where nothing is.
    // The word goes to `word`, which has its size. NOLINTNEXTLINE(performance-no-int-to-ptr)
    if (trace(PTRACE_PEEKDATA, pid_, reinterpret_cast<void*>(at), &word) != 0)
      fail_errno("ptrace(PTRACE_PEEKDATA)", kHostProcess);
    at += sizeof word;
    return word;
  };
  for (int list = 0; list < 2; list++) {
    while (next() != 0) {
    }
  }
  for (uint64_t found = next(); found != 0; found = next()) {
    const uint64_t value = next();
    if (found == type) return value;
  }
  return 0;
}

bool Traced::can_set_bases() {
  user_regs_struct registers = stub_registers(snapvm_stub_bases);
  return run_stub(registers) == 0;
}

CallResult Traced::call(const Command& command) {
  if (sys_refuses_stub(0)) return -errno;
  user_regs_struct registers = stub_registers(snapvm_stub_call);
  registers.rax = static_cast<uint64_t>(command.number);
  registers.rdi = command.arguments[0];
  registers.rsi = command.arguments[1];
  registers.rdx = command.arguments[2];
  registers.r10 = command.arguments[3];
  registers.r8 = command.arguments[4];
  registers.r9 = command.arguments[5];
  registers.rbp = 1;
  return run_stub(registers);
}

CallResult Traced::call_list(size_t count, Pkru pkru) {
  for (size_t i = 0; i < count; i++) {
    if (!sys_refuses_stub(static_cast<long>(i))) continue;
    const CallResult refused = -errno;
    const CallResult before = i == 0 ? 0 : make_list(i, pkru);
    return before != 0 ? before : refused;
  }
  return make_list(count, pkru);
}

CallResult Traced::make_list(size_t count, Pkru pkru) {
  user_regs_struct registers = stub_registers(snapvm_stub_start);
  registers.rbx = STUB_COMMANDS;
  registers.rbp = count;
  registers.r12 = VectorFeatures::get().pkru ? static_cast<uint64_t>(pkru) : STUB_PKRU_NONE;
  return run_stub(registers);
}

// Runs the stub up to its `int3`. A stop signal, which is meant for the guest, is kept for it; other signals
// come from outside and mean nothing here.
CallResult Traced::run_stub(user_regs_struct& registers) {
  if (!set_registers(registers)) {
    alive_ = false; // though it may not have ended yet: a zygote waits until we have waited for its clones
    return -ESRCH;
  }
  for (;;) {
    const int status = resume(PTRACE_CONT);
    if (!alive_) return -ESRCH;
    if (status >> kEventShift != 0) {
      unsigned long pid = 0;
      if (ask(PTRACE_GETEVENTMSG, &pid, "ptrace(PTRACE_GETEVENTMSG)")) child_ = static_cast<pid_t>(pid);
      continue;
    }
    if (WSTOPSIG(status) == kStopSignal) stop_seen_ = true;
    if (!get_registers(registers)) continue;
    if (WSTOPSIG(status) == SIGTRAP && registers.rip == stub_address(snapvm_stub_stop + 1))
      return static_cast<int64_t>(registers.rax) < 0 ? static_cast<int64_t>(registers.rax) : 0;
    const int signal = WSTOPSIG(status);
    if (signal == SIGSEGV || signal == SIGBUS || signal == SIGSYS || signal == SIGILL) return -EFAULT;
  }
}

pid_t Traced::take_child() {
  const pid_t child = std::exchange(child_, 0);
  if (child == 0) return 0;
  return WIFSTOPPED(wait_soon(child)) ? child : 0;
}

} // namespace snapvm
