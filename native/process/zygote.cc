#include "process/zygote.h"

#include "error.h"
#include "process/confine.h"
#include "process/same_core.h"
#include "system/calls.h"
#include "system/group.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace snapvm {
namespace {

// When memory runs out a guest process is to end, and not the process that has all of them. Where there is no
// /proc the system chooses. Clones of the process inherit it.
void offer_to_oom_killer(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/oom_score_adj";
  constexpr std::string_view kFirst = "1000";
  const Fd file(sys_open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file) static_cast<void>(sys_write(file.get(), kFirst.data(), kFirst.size()));
}

void set_options(pid_t pid) {
  const auto options = static_cast<uintptr_t>(PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK);
  // SAFETY: PTRACE_SETOPTIONS takes its options in the place of a pointer; nobody follows it.
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  if (sys_ptrace(PTRACE_SETOPTIONS, pid, nullptr, reinterpret_cast<void*>(options)) != 0)
    fail_errno("ptrace(PTRACE_SETOPTIONS)", kHostProcess);
}

} // namespace

std::unique_ptr<GuestProcess> Zygote::spawn() {
  // Twice: that the zygote was killed may be seen only when it is asked for a clone, and the clone may
  // be killed too.
  for (int attempt = 0; attempt < 2; attempt++) {
    if (!process_ || !process_->check_alive()) make();
    if (auto clone = try_clone()) return clone;
  }
  throw Error(kHostProcess, "the processes of this thread's guests are killed as soon as they are made");
}

// As all clones do when the zygote is killed, which itself does not end before somebody has waited for them.
bool Zygote::have_all_clones_ended() const {
  return !clones_.empty() && std::all_of(clones_.begin(), clones_.end(),
                                         [](GuestProcess* clone) { return clone->process().has_ended(); });
}

// Ends and waits for a clone that was being made when the zygote was killed. It is in no list, and the zygote
// does not end before somebody has waited for it. It is found by the zygote's process group.
void Zygote::reap_unknown(pid_t zygote, bool even_stopped) const {
  siginfo_t info{};
  if (sys_waitid_group(zygote, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) != 0) return;
  const pid_t pid = info.si_pid;
  const auto is_it = [pid](GuestProcess* clone) { return clone->process().pid() == pid; };
  // waitid tells of the stops of traced processes, whatever it was asked for.
  if (!even_stopped && info.si_code == CLD_TRAPPED) return;
  if (pid == 0 || pid == zygote || std::ranges::any_of(clones_, is_it)) return;
  int status = 0;
  sys_kill(pid, SIGKILL); // nobody has waited for it, so the number is still its own
  sys_waitpid(pid, &status, __WALL | WNOHANG);
}

// Ends the zygote and all its clones, and waits for them: the clones first, as the zygote does not end before
// somebody has waited for them.
void Zygote::reap() {
  for (GuestProcess* clone : clones_)
    clone->process().end();
  clones_.clear(); // now the zygote can end; and these clones say nothing about the next one
  const pid_t zygote = process_ ? process_->pid() : 0;
  process_.reset();
  // Without a PID namespace an unknown clone does not end with the zygote.
  if (zygote != 0) reap_unknown(zygote, true);
}

void Zygote::make() {
  reap();
  sockets_ = SocketPair::make();
  const Fd file(sys_memfd_create("snapvm-zygote", MFD_CLOEXEC));
  if (!file) fail_errno("memfd_create", kHostProcess);
  if (sys_ftruncate(file.get(), STUB_SHARED_BYTES) != 0) fail_errno("ftruncate", kHostMemory);
  // SAFETY: the file has this size, and never another. The zygote and new clones write the memory too, but
  // only while the stub makes a system call for this thread, which waits for it; no guest ever has it.
  area_ = Mapping(STUB_SHARED_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0,
                  "mmap of what a zygote shares");
  const pid_t pid = start_zygote(sockets_.far.get(), file.get(), isolation_);
  auto process = std::make_unique<Traced>(pid, [this, pid] {
    reap_unknown(pid, false); // a clone that has only stopped may be as it should be
    return have_all_clones_ended();
  });
  set_options(pid);
  SameCore::unbind(pid);
  const uint64_t vdso = process->auxiliary(AT_SYSINFO_EHDR);
  offer_to_oom_killer(pid);
  // SAFETY: STUB_SHARED is above the stub and below the end of what a process may map (layout.h): MAP_FIXED
  // replaces nothing there.
  const Command map_area{
      SYS_mmap, {STUB_SHARED, STUB_SHARED_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, 1, 0}};
  check(process->call(map_area), "mmap of what a zygote shares");
  check(process->call({SYS_close_range, {1, ~0u, 0}}), "close_range");
  if (vdso != 0) move_vdso(*process, vdso);
  can_set_bases_ = process->can_set_bases();
  isolation_.nobody = give_up_privileges(*process, {area_.data(), STUB_SHARED}, isolation_.user_namespace);
  process_ = std::move(process); // only now: nothing is cloned from a process that has given up only half
}

std::unique_ptr<GuestProcess> Zygote::try_clone() {
  const Command fork{SYS_clone, {SIGCHLD, 0, 0, 0, 0}};
  CallResult result = 0;
  try {
    result = process_->call(fork);
  } catch (const Error&) {
    reap(); // there may be a clone that is in no list
    throw;
  }
  const pid_t pid = process_->take_child();
  if (!process_->alive()) {
    if (pid != 0) Traced(pid).end(); // it dies with the zygote, which waits until somebody has waited for it
    return nullptr;
  }
  if (pid == 0) {
    if (result == 0) reap();
    errno = result == 0 ? ESRCH : static_cast<int>(-result);
    fail_errno("clone of a process for a guest", kHostProcess);
  }
  auto clone = std::make_unique<GuestProcess>(pid, clones_);
  try {
    clone->settle({area_.data(), STUB_SHARED}, sockets_);
  } catch (const Error&) {
    if (clone->process().alive()) throw;
    return nullptr;
  }
  return clone;
}

} // namespace snapvm
