// Signals: there is nobody to send one but the program itself.
#include "linux/syscalls.h"

#include <cerrno>
#include <csignal>

namespace snapvm {
namespace {

constexpr uint64_t kMaskBytes = 8;
constexpr uint64_t kUnblockable = 1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1);

struct KernelStack {
  uint64_t at;
  uint32_t flags;
  uint32_t pad;
  uint64_t bytes;
};

int64_t send_to(Process& p, int64_t to, uint64_t number, SentBy by) {
  if (number > kSignals) return -EINVAL;
  if (!p.is_own_id(to)) return -ESRCH;
  if (number != 0 && p.signals().actions[number].handler != 1) p.send(static_cast<uint32_t>(number), by);
  return 0;
}

} // namespace

int64_t call_rt_sigaction(Process& p, Registers&, const Arguments& a) {
  const uint64_t number = static_cast<uint32_t>(a[0]);
  if (a[3] != kMaskBytes || number < 1 || number > kSignals) return -EINVAL;
  if (a[1] != 0 && (number == SIGKILL || number == SIGSTOP)) return -EINVAL;
  SignalAction action = p.signals().actions[number];
  const SignalAction before = action;
  if (a[1] != 0) {
    if (!p.get(a[1], action)) return -EFAULT;
    action.mask &= ~kUnblockable;
    p.signals().actions[number] = action;
  }
  return a[2] == 0 || p.put(a[2], before) ? 0 : -EFAULT;
}

int64_t call_rt_sigprocmask(Process& p, Registers&, const Arguments& a) {
  if (a[3] != kMaskBytes) return -EINVAL;
  SignalState& signals = p.signals();
  const uint64_t before = signals.blocked;
  if (a[1] != 0) {
    uint64_t set;
    if (!p.get(a[1], set)) return -EFAULT;
    set &= ~kUnblockable;
    switch (as_fd(a[0])) {
    case SIG_BLOCK:
      signals.blocked |= set;
      break;
    case SIG_UNBLOCK:
      signals.blocked &= ~set;
      break;
    case SIG_SETMASK:
      signals.blocked = set;
      break;
    default:
      return -EINVAL;
    }
  }
  return a[2] == 0 || p.put(a[2], before) ? 0 : -EFAULT;
}

int64_t call_rt_sigreturn(Process& p, Registers& registers, const Arguments&) {
  if (!leave_handler(p.signals(), registers, p.space(), p.vectors())) p.exit(0, SIGSEGV);
  return 0;
}

int64_t call_rt_sigpending(Process& p, Registers&, const Arguments& a) {
  if (a[1] > kMaskBytes) return -EINVAL;
  const uint64_t pending = p.signals().pending & p.signals().blocked;
  return p.put(a[0], pending) ? 0 : -EFAULT;
}

int64_t call_sigaltstack(Process& p, Registers& registers, const Arguments& a) {
  constexpr uint64_t kLeast = 2048; // MINSIGSTKSZ
  SignalState& signals = p.signals();
  const bool used = registers.rsp > signals.stack && registers.rsp - signals.stack <= signals.stack_bytes;
  const KernelStack before{.at = signals.stack,
                           .flags = used ? uint32_t{SS_ONSTACK} : signals.stack_flags,
                           .pad = 0,
                           .bytes = signals.stack_bytes};
  if (a[0] != 0) {
    KernelStack stack;
    if (!p.get(a[0], stack)) return -EFAULT;
    if (used) return -EPERM;
    const uint32_t mode = stack.flags & ~(1u << 31); // SS_AUTODISARM
    if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0) return -EINVAL;
    const bool off = mode == SS_DISABLE;
    if (!off && stack.bytes < kLeast) return -ENOMEM;
    signals.stack = off ? 0 : stack.at;
    signals.stack_bytes = off ? 0 : stack.bytes;
    signals.stack_flags = off ? uint32_t{SS_DISABLE} : 0;
  }
  return a[1] == 0 || p.put(a[1], before) ? 0 : -EFAULT;
}

int64_t call_kill(Process& p, Registers&, const Arguments& a) {
  const int64_t to = as_fd(a[0]);
  return send_to(p, to == 0 || p.is_own_id(-to) ? p.id() : to, static_cast<uint32_t>(a[1]), SentBy::Process);
}

int64_t call_tkill(Process& p, Registers&, const Arguments& a) {
  if (as_fd(a[0]) <= 0) return -EINVAL;
  return send_to(p, as_fd(a[0]), static_cast<uint32_t>(a[1]), SentBy::Thread);
}

int64_t call_tgkill(Process& p, Registers&, const Arguments& a) {
  if (as_fd(a[0]) <= 0 || as_fd(a[1]) <= 0) return -EINVAL;
  if (!p.is_own_id(as_fd(a[0]))) return -ESRCH;
  return send_to(p, as_fd(a[1]), static_cast<uint32_t>(a[2]), SentBy::Thread);
}

int64_t call_pause(Process& p, Registers&, const Arguments&) {
  p.end_with(Verdict::Stuck);
  return 0;
}

} // namespace snapvm
