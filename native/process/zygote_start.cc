#include "process/zygote_start.h"

#include "error.h"
#include "memory/fd.h"
#include "memory/mapping.h"
#include "process/stub.h"
#include "process/traced.h"
#include "system/calls.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

namespace snapvm {
namespace {

constexpr size_t kStackBytes = 16 << 10;
constexpr const char* kTraceMe = "ptrace(PTRACE_TRACEME)";
constexpr const char* kExecute = "execveat of a program in memory";
constexpr int kNamespaces =
    CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

Fd make_program() {
  // Kernels before 6.3 do not know MFD_EXEC, and do not need it.
  Fd program(sys_memfd_create("snapvm-stub", MFD_CLOEXEC | MFD_EXEC));
  if (!program) program = Fd(sys_memfd_create("snapvm-stub", MFD_CLOEXEC));
  if (!program) fail_errno("memfd_create", kHostProcess);
  if (sys_write(program.get(), snapvm_stub, snapvm_stub_bytes) != static_cast<ssize_t>(snapvm_stub_bytes))
    fail_errno("write to a memory file", kHostMemory);
  return program;
}

// What the new process needs, and how it tells of a failure. It is in memory that both share.
struct Start {
  int program;
  int socket;
  int area;
  // What failed in the new process, if anything has.
  const char* failed = nullptr;
  int error = 0;
};

constexpr int kProgram = 2; // the number of the program's descriptor in the new process

// Makes the socket and the shared area descriptors 0 and 1, and closes all others but the program. Returns
// what failed, or null.
const char* take_descriptors(const Start& start) {
  constexpr int kSpare = 10;
  const int program = sys_fcntl(start.program, F_DUPFD_CLOEXEC, kSpare);
  const int socket = sys_fcntl(start.socket, F_DUPFD, kSpare);
  const int area = sys_fcntl(start.area, F_DUPFD, kSpare);
  if (program < 0 || socket < 0 || area < 0) return "fcntl(F_DUPFD)";
  if (sys_dup2(socket, 0) < 0 || sys_dup2(area, 1) < 0) return "dup2";
  if (sys_dup3(program, kProgram, O_CLOEXEC) < 0) return "dup3";
  return sys_close_range(kProgram + 1, ~0u) == 0 ? nullptr : "close_range";
}

int fail_in_child(Start& start, const char* what) {
  start.error = errno;
  start.failed = what;
  return 1;
}

// Runs in the new process, on the memory of this one: it makes system calls and nothing else.
int run_in_child(void* argument) {
  // SAFETY: clone_from_here's `start`, which lives until this process has become another program or
  // has ended (CLONE_VFORK).
  Start& start = *static_cast<Start*>(argument);
  if (const char* failed = take_descriptors(start)) return fail_in_child(start, failed);
  if (sys_prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return fail_in_child(start, "prctl(PR_SET_PDEATHSIG)");
  // A session of its own keeps away the signals that are for this process's group. Where seccomp forbids it,
  // they stop the new process, and are dropped.
  sys_setsid();
  // It has this process's handlers, which would run on this process's memory. Two signals cannot
  // have a handler.
  struct sigaction plain = {};
  plain.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; signal++)
    sys_sigaction(signal, &plain, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (sys_ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) return fail_in_child(start, kTraceMe);
  const char* arguments[] = {"snapvm-guest", nullptr};
  const char* environment[] = {nullptr};
  sys_execveat(kProgram, arguments, environment);
  return fail_in_child(start, kExecute);
}

// Clones this process with all signals blocked, as the new process shares the memory of its handlers until it
// has become another program.
pid_t clone_from_here(Start& start, int flags) {
  Mapping stack(kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0, "mmap of a stack");
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  // SAFETY: the new process runs on a stack of its own, which is unmapped only when it no longer has
  // this memory (CLONE_VFORK).
  const pid_t pid =
      sys_clone(run_in_child, stack.data() + kStackBytes, flags | CLONE_VM | CLONE_VFORK | SIGCHLD, &start);
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return pid;
}

// Clones this process with as many namespaces as the system allows, and never with fewer than the first time:
// a shortage that passes is no reason for weaker walls.
pid_t clone_isolated(Start& start, Isolation& isolation) {
  // Root needs no user namespace: it becomes nobody, which is more. Any other user needs one to
  // get the others.
  constexpr std::array<int, 3> kFlags = {kNamespaces, CLONE_NEWUSER | kNamespaces, 0};
  static std::atomic<int> allowed{-1}; // the index of what the system allows; -1: not known yet
  for (int i = 0; i < static_cast<int>(kFlags.size()); i++) {
    const int known = allowed.load();
    if (known >= 0 && i != known) continue;
    const int flags = kFlags[static_cast<size_t>(i)];
    const pid_t pid = clone_from_here(start, flags);
    if (pid >= 0) {
      allowed.store(i);
      isolation = {.user_namespace = (flags & CLONE_NEWUSER) != 0, .nobody = false, .namespaces = flags != 0};
      return pid;
    }
    const bool forbidden =
        errno == EPERM || errno == EINVAL || errno == ENOSYS || errno == ENOSPC || errno == EUSERS;
    if (!forbidden) break;
  }
  fail_errno("clone of a process for guests", kHostProcess);
}

// Throws the reason why the new process did not begin.
[[noreturn]] void say_why(pid_t pid, int status, const Start& start) {
  if (status == kNotSeen) {
    sys_kill(pid, SIGKILL); // nobody has waited for it, so the number is still its own
    throw Error(kHostProcess, "a process for guests was made, and did not begin within half a minute");
  }
  if (start.failed == nullptr) throw Error(kHostProcess, "a process for guests ended before it began");
  const bool denied = start.error == EPERM || start.error == EACCES;
  const char* advice = nullptr;
  if (denied && start.failed == kTraceMe)
    advice = ": this system lets no process be traced; it may have kernel.yama.ptrace_scope above 1, or a "
             "container's seccomp profile may forbid ptrace";
  if (denied && start.failed == kExecute)
    advice = ": this system does not run a program from memory; it may have vm.memfd_noexec above 1";
  errno = start.error;
  fail_errno(start.failed, kHostProcess, advice);
}

} // namespace

pid_t start_zygote(int socket, int area, Isolation& isolation) {
  const Fd program = make_program();
  Start start{.program = program.get(), .socket = socket, .area = area};
  const pid_t pid = clone_isolated(start, isolation);
  if (const int status = wait_soon(pid); !WIFSTOPPED(status)) say_why(pid, status, start);
  return pid;
}

} // namespace snapvm
