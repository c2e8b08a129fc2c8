#include "system/faults.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <linux/kvm.h>
#include <span>
#include <string_view>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include <fcntl.h>

namespace snapvm {
namespace {

// The errnos that a call can be made to give, by its name and, where `detail` is not kAny, by what it asks
// for. The first entry that fits counts. These are not all that a manual lists, but one of each kind that can
// come when a system is short of something or forbids it.
struct Kind {
  const char* name;
  long detail;
  const char* label; // the name of the detail
  std::array<int, 4> errors;
};
constexpr long kAny = -1;
constexpr Kind kKinds[] = {
    {"open", kAny, nullptr, {EMFILE, ENOMEM}},
    {"fstat", kAny, nullptr, {ENOMEM}},
    {"ftruncate", kAny, nullptr, {ENOMEM, ENOSPC}},
    {"write", kAny, nullptr, {ENOSPC, EINTR}},
    {"pwrite", kAny, nullptr, {ENOSPC, EINTR}},
    {"fcntl", F_ADD_SEALS, "F_ADD_SEALS", {EBUSY, EPERM}},
    {"fcntl", F_DUPFD, "F_DUPFD", {EMFILE}},
    {"fcntl", F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC", {EMFILE}},
    {"dup2", kAny, nullptr, {EBUSY}},
    {"dup3", kAny, nullptr, {EBUSY}},
    {"close_range", kAny, nullptr, {ENOSYS}},
    {"memfd_create", kAny, nullptr, {EMFILE, ENOMEM, EACCES}},
    {"socketpair", kAny, nullptr, {EMFILE, ENOBUFS}},
    {"sendmsg", kAny, nullptr, {ENOBUFS, ETOOMANYREFS}},
    {"recvmsg", kAny, nullptr, {ENOMEM}},
    {"getrandom", kAny, nullptr, {EINTR}},
    {"mmap", kAny, nullptr, {ENOMEM, EAGAIN}},
    {"munmap", kAny, nullptr, {ENOMEM}},
    {"mprotect", kAny, nullptr, {ENOMEM}},
    {"madvise", kAny, nullptr, {ENOMEM, EAGAIN}},
    {"ioctl", KVM_CREATE_VM, "KVM_CREATE_VM", {ENOMEM, EMFILE, EINTR}},
    {"ioctl", KVM_CREATE_VCPU, "KVM_CREATE_VCPU", {ENOMEM, EMFILE, EINTR}},
    {"ioctl", KVM_RUN, "KVM_RUN", {EAGAIN, ENOMEM, EFAULT, EINTR}},
    {"ioctl", KVM_CHECK_EXTENSION, "KVM_CHECK_EXTENSION", {EPERM}},
    {"ioctl", KVM_GET_API_VERSION, "KVM_GET_API_VERSION", {EPERM}},
    {"ioctl", KVM_GET_VCPU_MMAP_SIZE, "KVM_GET_VCPU_MMAP_SIZE", {EPERM}},
    {"ioctl", KVM_GET_SUPPORTED_CPUID, "KVM_GET_SUPPORTED_CPUID", {ENOMEM, E2BIG}},
    {"ioctl", KVM_SET_CPUID2, "KVM_SET_CPUID2", {ENOMEM}},
    {"ioctl", KVM_ENABLE_CAP, "KVM_ENABLE_CAP", {ENOMEM, EINVAL}},
    {"ioctl", KVM_SET_USER_MEMORY_REGION, "KVM_SET_USER_MEMORY_REGION", {ENOMEM, EINVAL}},
    {"ioctl", KVM_X86_SET_MSR_FILTER, "KVM_X86_SET_MSR_FILTER", {ENOMEM}},
    {"ioctl", KVM_RESET_DIRTY_RINGS, "KVM_RESET_DIRTY_RINGS", {EINTR, ENOMEM}},
    {"ioctl", KVM_GET_REGS, "KVM_GET_REGS", {ENOMEM}},
    {"ioctl", KVM_GET_SREGS, "KVM_GET_SREGS", {ENOMEM}},
    {"ioctl", KVM_SET_SREGS, "KVM_SET_SREGS", {ENOMEM}},
    {"ioctl", KVM_GET_VCPU_EVENTS, "KVM_GET_VCPU_EVENTS", {ENOMEM}},
    {"ioctl", KVM_SET_VCPU_EVENTS, "KVM_SET_VCPU_EVENTS", {ENOMEM}},
    {"ioctl", KVM_GET_DEBUGREGS, "KVM_GET_DEBUGREGS", {ENOMEM}},
    {"ioctl", KVM_SET_DEBUGREGS, "KVM_SET_DEBUGREGS", {ENOMEM}},
    {"ioctl", KVM_GET_XCRS, "KVM_GET_XCRS", {ENOMEM}},
    {"ioctl", KVM_SET_XCRS, "KVM_SET_XCRS", {ENOMEM}},
    {"ioctl", KVM_GET_XSAVE, "KVM_GET_XSAVE", {ENOMEM}},
    {"ioctl", KVM_SET_XSAVE, "KVM_SET_XSAVE", {ENOMEM}},
    {"ioctl", KVM_GET_MSRS, "KVM_GET_MSRS", {ENOMEM}},
    {"ioctl", KVM_SET_MSRS, "KVM_SET_MSRS", {ENOMEM}},
    {"ioctl", KVM_SET_MP_STATE, "KVM_SET_MP_STATE", {ENOMEM}},
    {"ioctl", kAny, nullptr, {ENOMEM}},
    {"clone", kAny, nullptr, {EAGAIN, ENOMEM, EPERM}},
    {"execveat", kAny, nullptr, {EACCES, ENOMEM}},
    {"setsid", kAny, nullptr, {EPERM}},
    {"prctl", kAny, nullptr, {EPERM}},
    {"capget", kAny, nullptr, {EPERM}},
    // ESRCH: the process was killed a moment before.
    {"ptrace", PTRACE_TRACEME, "PTRACE_TRACEME", {EPERM}},
    {"ptrace", PTRACE_SETOPTIONS, "PTRACE_SETOPTIONS", {ESRCH, EPERM}},
    {"ptrace", PTRACE_CONT, "PTRACE_CONT", {ESRCH, EPERM}},
    {"ptrace", PTRACE_SYSEMU, "PTRACE_SYSEMU", {ESRCH, EPERM}},
    {"ptrace", PTRACE_SINGLESTEP, "PTRACE_SINGLESTEP", {ESRCH, EPERM}},
    {"ptrace", PTRACE_GETREGS, "PTRACE_GETREGS", {ESRCH, EPERM}},
    {"ptrace", PTRACE_SETREGS, "PTRACE_SETREGS", {ESRCH, EPERM}},
    {"ptrace", PTRACE_GETREGSET, "PTRACE_GETREGSET", {ESRCH, ENOMEM}},
    {"ptrace", PTRACE_SETREGSET, "PTRACE_SETREGSET", {ESRCH, ENOMEM}},
    {"ptrace", PTRACE_GETSIGINFO, "PTRACE_GETSIGINFO", {ESRCH, EPERM}},
    {"ptrace", PTRACE_GETEVENTMSG, "PTRACE_GETEVENTMSG", {ESRCH, EPERM}},
    {"ptrace", kAny, nullptr, {ESRCH, EPERM}},
    // ECHILD: the process was killed, and somebody else has waited for it.
    {"waitpid", __WALL | WNOHANG, "WNOHANG", {ECHILD}},
    {"waitpid", kAny, nullptr, {EINTR, ECHILD}},
    {"waitid", kAny, nullptr, {ECHILD}},
    {"pidfd_open", kAny, nullptr, {EMFILE, ENOSYS}},
    {"pidfd_send_signal", SIGKILL, "SIGKILL", {EPERM}},
    {"pidfd_send_signal", kAny, nullptr, {EPERM}},
    {"kill", kAny, nullptr, {EPERM}},
    {"tgkill", kAny, nullptr, {EAGAIN, EPERM}},
    {"sigaction", kAny, nullptr, {EINVAL}},
    {"timer_create", kAny, nullptr, {EAGAIN, ENOMEM}},
    {"timer_settime", kAny, nullptr, {EPERM}},
    {"sched_setaffinity", kAny, nullptr, {EINVAL}},
    {"sched_getaffinity", kAny, nullptr, {EINVAL}},
    // The system calls that the stub of a guest process is told to make.
    {"stub", kAny, nullptr, {ENOMEM, EAGAIN, EPERM}},
};

struct Counted {
  const char* name;
  long detail;
};
constexpr size_t kMostCounted = 1 << 16;

std::array<Counted, kMostCounted> g_calls;
std::atomic<bool> g_armed{false};
std::atomic<uint64_t> g_count{0};
std::atomic<uint64_t> g_failed{0};
std::atomic<const Kind*> g_failed_kind{nullptr};
FaultPlan g_plan;

const Kind* kind_of(const char* name, long detail) {
  for (const Kind& kind : kKinds) {
    if (std::strcmp(kind.name, name) == 0 && (kind.detail == kAny || kind.detail == detail)) return &kind;
  }
  return nullptr;
}

uint32_t choices_of(const Kind& kind) {
  return static_cast<uint32_t>(std::ranges::count_if(kind.errors, [](int error) { return error != 0; }));
}

std::string text_of(const Kind& kind) {
  return kind.label == nullptr ? kind.name : std::string(kind.name) + ' ' + kind.label;
}

// Whether that is its text_of(), without an allocation: a signal handler may ask in the middle of one.
bool is_called(const Kind& kind, std::string_view text) {
  const std::string_view name = kind.name;
  if (!text.starts_with(name)) return false;
  text.remove_prefix(name.size());
  if (kind.label == nullptr) return text.empty();
  return text.starts_with(' ') && text.substr(1) == kind.label;
}

// The name of a call: two wrappers of ioctl differ only by what they take.
const char* plain(const char* name) {
  return std::strcmp(name, "ioctl_value") == 0 ? "ioctl" : name;
}

// Whether this is one more look at the process that was looked at last. All of these looks count as one call,
// since how many there are depends on the moment.
bool is_next_look(const char* name, long detail, pid_t subject) {
  __attribute__((tls_model("initial-exec"))) thread_local pid_t t_looked_at = 0;
  const bool look = std::strcmp(name, "waitpid") == 0 && (detail & WNOHANG) != 0;
  const bool again = look && subject == t_looked_at;
  t_looked_at = look ? subject : 0;
  return again;
}

// Kills a process and waits for its end. False: it does not end, since it is the first of a PID namespace,
// whose other processes have not been waited for.
bool kill_and_reap(pid_t pid) {
  constexpr int kPatience = 200;
  constexpr timespec kNap = {.tv_sec = 0, .tv_nsec = 1'000'000};
  ::kill(pid, SIGKILL);
  for (int i = 0; i < kPatience; i++) {
    int status = 0;
    const pid_t found = ::waitpid(pid, &status, __WALL | WNOHANG);
    if (found < 0 || (found == pid && !WIFSTOPPED(status))) return true;
    ::nanosleep(&kNap, nullptr);
  }
  return false;
}

// Sets errno; but what can be made to happen is made to happen instead. False: it was, and the call itself
// will give this errno.
bool pretend(int error, pid_t subject) {
  if (subject > 0 && error == ESRCH) {
    ::kill(subject, SIGKILL);
    return false;
  }
  if (subject > 0 && error == ECHILD && !kill_and_reap(subject)) return false;
  errno = error;
  return true;
}

} // namespace

void arm_faults(const FaultPlan& plan) {
  g_armed = false;
  g_plan = plan;
  g_count = g_failed = 0;
  g_failed_kind = nullptr;
  g_armed = true;
}

FaultReport disarm_faults() {
  g_armed = false;
  FaultReport report{.counted = g_count, .name = {}, .error = 0, .choices = 0, .failed = g_failed};
  if (const Kind* kind = g_failed_kind) {
    report.name = text_of(*kind);
    report.choices = choices_of(*kind);
    if (g_plan.choice < report.choices) report.error = kind->errors[g_plan.choice];
  }
  return report;
}

std::vector<std::string> counted_calls() {
  std::vector<std::string> names;
  for (const Counted& call : std::span(g_calls).first(std::min<size_t>(g_count, kMostCounted)))
    names.push_back(text_of(*kind_of(call.name, call.detail)));
  return names;
}

} // namespace snapvm

bool snapvm_refuses(const char* wrapper, long detail, pid_t subject) {
  using namespace snapvm;
  if (!g_armed) return false;
  const char* name = plain(wrapper);
  const Kind* kind = kind_of(name, detail);
  if (kind == nullptr || is_next_look(name, detail, subject)) return false;
  if (!g_plan.only.empty() && !is_called(*kind, g_plan.only)) return false;
  const uint64_t number = ++g_count;
  if (number <= kMostCounted) g_calls[number - 1] = {name, detail};
  const Kind* failed = g_failed_kind;
  const bool now = g_plan.at != 0 && number == g_plan.at;
  const bool again = g_plan.for_ever && failed == kind;
  if (!now && !again) return false;
  g_failed_kind = kind;
  if (g_plan.choice >= choices_of(*kind)) return false;
  ++g_failed;
  return pretend(kind->errors[g_plan.choice], subject);
}
