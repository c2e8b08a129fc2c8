#include "process/nursery.h"

#include "error.h"
#include "process/confine.h"
#include "system/calls.h"
#include "system/group.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <string_view>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

namespace snapvm {
namespace {

constexpr size_t kMostIdle = 8;
constexpr size_t kStackBytes = 16 << 10;
constexpr const char* kTraceMe = "ptrace(PTRACE_TRACEME)";
constexpr const char* kExecute = "execveat of a program in memory";
constexpr int kNamespaces =
    CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

Fd make_program() {
  // Kernels before 6.3 do not know the flag, and need none.
  Fd program(sys_memfd_create("snapvm-stub", MFD_CLOEXEC | MFD_EXEC));
  if (!program) program = Fd(sys_memfd_create("snapvm-stub", MFD_CLOEXEC));
  if (!program) fail_errno("memfd_create", kHostProcess);
  if (sys_write(program.get(), snapvm_stub, snapvm_stub_bytes) != static_cast<ssize_t>(snapvm_stub_bytes))
    fail_errno("write to a memory file", kHostMemory);
  return program;
}

struct Start {
  int program;
  int socket;
  int area;
  // What failed in the new process, if anything has.
  const char* failed = nullptr;
  int error = 0;
};

constexpr int kProgram = 2; // the number its program has in the new process

// Descriptors 0 and 1 become the socket and the shared area; every other is closed. What failed, or null.
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

// In the new process, on the memory of this one: nothing but system calls.
int start_mother(void* argument) {
  Start& start = *static_cast<Start*>(argument);
  if (const char* failed = take_descriptors(start)) return fail_in_child(start, failed);
  if (sys_prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return fail_in_child(start, "prctl(PR_SET_PDEATHSIG)");
  // Signals for the group of this process are not for it. Where seccomp forbids that, they stop it and are
  // dropped.
  sys_setsid();
  // The handlers are those of this process, and would run on its memory. Two signals cannot have any.
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

// With all signals blocked, as the new process shares the stack of handlers until it has become another.
pid_t clone_from_here(Start& start, int flags) {
  Mapping stack(kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0, "mmap of a stack");
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid =
      sys_clone(start_mother, stack.data() + kStackBytes, flags | CLONE_VM | CLONE_VFORK | SIGCHLD, &start);
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return pid;
}

// With as many namespaces as the system allows, and never with fewer than the first time: what is short for a
// moment is no reason for weaker walls.
pid_t clone_isolated(Start& start, Isolation& isolation) {
  // Root becomes nobody, which is more than a user namespace gives; anybody else needs one to have the
  // others.
  constexpr std::array<int, 3> kFlags = {kNamespaces, CLONE_NEWUSER | kNamespaces, 0};
  static std::atomic<int> allowed{-1}; // an index into those
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

// When memory runs out a process of a guest is to go, and not the one that has all of them. Where /proc is
// not there the system chooses. Those that are cloned from this one inherit it.
void offer_to_oom_killer(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/oom_score_adj";
  constexpr std::string_view kFirst = "1000";
  const Fd file(sys_open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file) static_cast<void>(sys_write(file.get(), kFirst.data(), kFirst.size()));
}

void set_options(pid_t pid) {
  const auto options = static_cast<uintptr_t>(PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): that is how ptrace takes them
  if (sys_ptrace(PTRACE_SETOPTIONS, pid, nullptr, reinterpret_cast<void*>(options)) != 0)
    fail_errno("ptrace(PTRACE_SETOPTIONS)", kHostProcess);
}

[[noreturn]] void say_why(pid_t pid, int status, const Start& start) {
  if (status == kNotSeen) {
    sys_kill(pid, SIGKILL); // its own child that nobody has waited for: the number is still its own
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

// The mother last, and while the list of the others is there: she is waited for by looking at it.
Nursery::~Nursery() {
  idle_.clear();
  bury();
}

std::unique_ptr<Child> Nursery::take() {
  while (!idle_.empty()) {
    std::unique_ptr<Child> child = std::move(idle_.back());
    idle_.pop_back();
    if (child->process().check_alive()) return child;
  }
  // Twice: that the mother has been killed may be found only when she is asked, and a child may be killed
  // too.
  for (int attempt = 0; attempt < 2; attempt++) {
    if (!mother_ || !mother_->check_alive()) make_mother();
    if (auto child = clone_child()) return child;
  }
  throw Error(kHostProcess, "the processes of this thread's guests are killed as soon as they are made");
}

// As they do when the mother is killed: she waits for them to be waited for.
bool Nursery::have_all_ended() const {
  return !children_.empty() && std::all_of(children_.begin(), children_.end(),
                                           [](Child* child) { return child->process().has_ended(); });
}

// One that the mother was giving birth to when she was killed: nobody knows it, and she ends only when it has
// been waited for. It is of her group, which she leads.
void Nursery::end_unknown(pid_t mother, bool even_stopped) const {
  siginfo_t info{};
  if (sys_waitid_group(mother, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) != 0) return;
  const pid_t pid = info.si_pid;
  const auto is_it = [pid](Child* child) { return child->process().pid() == pid; };
  // Stops of what is traced are told whatever was asked for.
  if (!even_stopped && info.si_code == CLD_TRAPPED) return;
  if (pid == 0 || pid == mother || std::ranges::any_of(children_, is_it)) return;
  int status = 0;
  sys_kill(pid, SIGKILL); // nobody has waited for it, so the number is its own
  sys_waitpid(pid, &status, __WALL | WNOHANG);
}

// With the mother all others die, and she ends only when they have been waited for.
void Nursery::bury() {
  for (Child* child : children_)
    child->process().end();
  children_.clear(); // now she can end, and they say nothing of the next one
  const pid_t mother = mother_ ? mother_->pid() : 0;
  mother_.reset();
  // Without a namespace it does not end with her.
  if (mother != 0) end_unknown(mother, true);
}

void Nursery::give_back(std::unique_ptr<Child> child) {
  if (idle_.size() < kMostIdle && child->empty()) idle_.push_back(std::move(child));
}

void Nursery::make_mother() {
  bury();
  int ends[2];
  if (sys_socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, ends) != 0) fail_errno("socketpair", kHostProcess);
  sockets_ = {Fd(ends[0]), Fd(ends[1])};
  const Fd file(sys_memfd_create("snapvm-nursery", MFD_CLOEXEC));
  if (!file) fail_errno("memfd_create", kHostProcess);
  if (sys_ftruncate(file.get(), STUB_NURSERY_BYTES) != 0) fail_errno("ftruncate", kHostMemory);
  area_ = Mapping(STUB_NURSERY_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0, "mmap of a nursery");
  const Fd program = make_program();
  Start start{.program = program.get(), .socket = sockets_.far.get(), .area = file.get()};
  const pid_t pid = clone_isolated(start, isolation_);
  if (const int status = wait_soon(pid); !WIFSTOPPED(status)) say_why(pid, status, start);
  // Not the mother before all of this is done: nobody is to be cloned from one that has given up only half.
  auto process = std::make_unique<Traced>(pid, [this, pid] {
    end_unknown(pid, false); // one that has only stopped may be as it should be
    return have_all_ended();
  });
  set_options(pid);
  SameCore::unbind(pid);
  const uint64_t vdso = process->auxiliary(AT_SYSINFO_EHDR);
  offer_to_oom_killer(pid);
  const Command map_area{
      SYS_mmap, {STUB_NURSERY, STUB_NURSERY_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, 1, 0}};
  check(process->call(map_area), "mmap of a nursery");
  check(process->call({SYS_close_range, {1, ~0u, 0}}), "close_range");
  if (vdso != 0) move_vdso(*process, vdso);
  can_set_bases_ = process->can_set_bases();
  isolation_.nobody = give_up_privileges(*process, {area_.data(), STUB_NURSERY}, isolation_.user_namespace);
  mother_ = std::move(process);
}

std::unique_ptr<Child> Nursery::clone_child() {
  const Command fork{SYS_clone, {SIGCHLD, 0, 0, 0, 0}};
  CallResult result = 0;
  try {
    result = mother_->call(fork);
  } catch (const Error&) {
    bury(); // she may have a child that nobody knows
    throw;
  }
  const pid_t pid = mother_->take_child();
  if (!mother_->alive()) {
    if (pid != 0) Traced(pid).end(); // it dies with her, and she would wait for whoever waits for it
    return nullptr;
  }
  if (pid == 0) {
    if (result == 0) bury();
    errno = result == 0 ? ESRCH : static_cast<int>(-result);
    fail_errno("clone of a process for a guest", kHostProcess);
  }
  auto child = std::make_unique<Child>(pid, children_, sockets_);
  try {
    child->settle({area_.data(), STUB_NURSERY});
  } catch (const Error&) {
    if (child->process().alive()) throw;
    return nullptr;
  }
  return child;
}

} // namespace snapvm
