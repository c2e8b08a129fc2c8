// The process itself, and what it may know of the machine.
#include "linux/syscalls.h"

#include "abi.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <linux/futex.h>
#include <linux/rseq.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/utsname.h>

namespace snapvm {
namespace {

rlimit limit_of(const Process& p, uint64_t resource) {
  switch (resource) {
  case RLIMIT_STACK:
    return {p.spec().stack_bytes, p.spec().stack_bytes};
  case RLIMIT_NOFILE:
    return {kMostDescriptors, kMostDescriptors};
  case RLIMIT_NPROC:
    return {1, 1};
  case RLIMIT_CORE:
    return {0, 0};
  default:
    return {RLIM_INFINITY, RLIM_INFINITY};
  }
}

} // namespace

int64_t call_exit(Process& p, Registers&, const Arguments& a) {
  p.exit(static_cast<int>(a[0]));
  return 0;
}

int64_t call_getpid(Process& p, Registers&, const Arguments&) {
  return p.id();
}

int64_t call_getppid(Process&, Registers&, const Arguments&) {
  return 0;
}

// Calls that succeed and have nothing to do: there is one user, one process, no disk.
int64_t call_zero(Process&, Registers&, const Arguments&) {
  return 0;
}

int64_t call_getgroups(Process&, Registers&, const Arguments& a) {
  return as_fd(a[0]) < 0 ? -EINVAL : 0;
}

int64_t call_getresid(Process& p, Registers&, const Arguments& a) {
  for (size_t i = 0; i < 3; i++) {
    if (!p.put(a[i], uint32_t{0})) return -EFAULT;
  }
  return 0;
}

int64_t call_uname(Process& p, Registers&, const Arguments& a) {
  utsname name{};
  const auto set = [](char* field, const char* text) { std::strncpy(field, text, sizeof name.sysname - 1); };
  set(name.sysname, "Linux");
  set(name.nodename, "snapvm");
  set(name.release, "6.1.0-snapvm");
  set(name.version, "#1");
  set(name.machine, "x86_64");
  set(name.domainname, "(none)");
  return p.put(a[0], name) ? 0 : -EFAULT;
}

int64_t call_sysinfo(Process& p, Registers&, const Arguments& a) {
  struct sysinfo info {};
  info.uptime = p.uptime_s();
  info.totalram = uint64_t{p.memory().frames()} * kPage;
  info.freeram = uint64_t{p.memory().state().free} * kPage;
  info.procs = 1;
  info.mem_unit = 1;
  return p.put(a[0], info) ? 0 : -EFAULT;
}

int64_t call_prlimit(Process& p, Registers&, const Arguments& a) {
  if (as_fd(a[0]) != 0 && !p.is_own_id(as_fd(a[0]))) return -ESRCH;
  if (static_cast<uint32_t>(a[1]) >= RLIM_NLIMITS) return -EINVAL;
  if (a[2] != 0) {
    rlimit wanted;
    if (!p.get(a[2], wanted)) return -EFAULT;
    if (wanted.rlim_cur > wanted.rlim_max) return -EINVAL;
  }
  return a[3] == 0 || p.put(a[3], limit_of(p, static_cast<uint32_t>(a[1]))) ? 0 : -EFAULT;
}

int64_t call_getrlimit(Process& p, Registers& r, const Arguments& a) {
  return call_prlimit(p, r, {0, a[0], 0, a[1], 0, 0});
}

int64_t call_setrlimit(Process& p, Registers& r, const Arguments& a) {
  return call_prlimit(p, r, {0, a[0], a[1], 0, 0, 0});
}

int64_t call_getrusage(Process& p, Registers&, const Arguments& a) {
  const int64_t who = as_fd(a[0]);
  if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD) return -EINVAL;
  return p.put(a[1], rusage{}) ? 0 : -EFAULT;
}

int64_t call_times(Process& p, Registers&, const Arguments& a) {
  if (a[0] != 0 && !p.put(a[0], tms{})) return -EFAULT;
  return p.monotonic_ns() / 10'000'000;
}

int64_t call_prctl(Process& p, Registers&, const Arguments& a) {
  constexpr size_t kNameBytes = 16;
  char name[kNameBytes] = {};
  switch (as_fd(a[0])) {
  case PR_SET_NAME:
    for (size_t i = 0; i + 1 < kNameBytes; i++) {
      if (!p.get(a[1] + i, name[i])) return -EFAULT;
      if (name[i] == 0) break;
    }
    p.state().name = name;
    return 0;
  case PR_GET_NAME:
    std::memcpy(name, p.state().name.data(), std::min(p.state().name.size(), kNameBytes - 1));
    return p.put(a[1], name) ? 0 : -EFAULT;
  case PR_GET_DUMPABLE:
  case PR_SET_DUMPABLE:
  case PR_SET_PDEATHSIG:
  case PR_SET_NO_NEW_PRIVS:
    return 0;
  default:
    return -EINVAL;
  }
}

int64_t call_set_tid_address(Process& p, Registers&, const Arguments& a) {
  p.state().clear_tid = a[0];
  return p.id();
}

// Nobody ever interrupts a critical section here; the numbers of the processor are all a program gets.
int64_t call_rseq(Process& p, Registers&, const Arguments& a) {
  constexpr uint32_t kLeast = 32;
  if (static_cast<uint32_t>(a[1]) < kLeast || a[0] % 32 != 0) return -EINVAL;
  if ((a[2] & ~uint64_t{RSEQ_FLAG_UNREGISTER}) != 0) return -EINVAL;
  const uint32_t processor[2] = {0, (a[2] & RSEQ_FLAG_UNREGISTER) != 0 ? ~0u : 0u}; // cpu_id_start, cpu_id
  return p.put(a[0], processor) ? 0 : -EFAULT;
}

int64_t call_futex(Process& p, Registers&, const Arguments& a) {
  uint32_t word;
  if (a[0] % sizeof word != 0) return -EINVAL;
  switch (static_cast<uint32_t>(a[1]) & FUTEX_CMD_MASK) {
  case FUTEX_WAIT:
  case FUTEX_WAIT_BITSET: {
    if (!p.get(a[0], word)) return -EFAULT;
    if (word != static_cast<uint32_t>(a[2])) return -EAGAIN;
    if (a[3] == 0) {
      p.end_with(Verdict::Stuck); // there is no other thread to wake it
      return 0;
    }
    timespec t;
    if (!p.get(a[3], t)) return -EFAULT;
    if (t.tv_sec < 0 || t.tv_nsec < 0 || t.tv_nsec >= 1'000'000'000) return -EINVAL;
    int64_t ns = t.tv_sec > INT64_MAX / 1'000'000'000 - 1 ? INT64_MAX : t.tv_sec * 1'000'000'000 + t.tv_nsec;
    const bool absolute = (static_cast<uint32_t>(a[1]) & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET;
    const bool realtime = (static_cast<uint32_t>(a[1]) & FUTEX_CLOCK_REALTIME) != 0;
    if (absolute) ns = std::max<int64_t>(0, ns - (realtime ? p.realtime_ns() : p.monotonic_ns()));
    return p.sleep(ns) ? -ETIMEDOUT : 0;
  }
  case FUTEX_WAKE:
  case FUTEX_WAKE_BITSET:
  case FUTEX_REQUEUE:
  case FUTEX_CMP_REQUEUE:
    return p.get(a[0], word) ? 0 : -EFAULT;
  default:
    return -ENOSYS;
  }
}

int64_t call_getrandom(Process& p, Registers&, const Arguments& a) {
  constexpr uint64_t kFlags = 7, kMost = 33554431; // as Linux
  if ((a[2] & ~kFlags) != 0) return -EINVAL;
  uint8_t chunk[4096];
  uint64_t done = 0;
  const uint64_t bytes = std::min(a[1], kMost);
  // glibc's malloc takes one such number when it is first used, to know its own blocks by: no secret.
  if (bytes > 0) p.note_random(bytes == sizeof(uint64_t) && a[2] == GRND_NONBLOCK);
  while (done < bytes) {
    const auto part = std::span(chunk).first(std::min<uint64_t>(sizeof chunk, bytes - done));
    p.random().fill(part);
    const size_t n = p.space().write(a[0] + done, part);
    done += n;
    if (n < part.size() || p.work().stop_after(n)) break;
  }
  return done == 0 && bytes > 0 ? -EFAULT : static_cast<int64_t>(done);
}

int64_t call_sched_getaffinity(Process& p, Registers&, const Arguments& a) {
  const uint64_t mask = 1;
  if (as_fd(a[0]) != 0 && !p.is_own_id(as_fd(a[0]))) return -ESRCH;
  if (a[1] < sizeof mask || a[1] % sizeof mask != 0) return -EINVAL;
  return p.put(a[2], mask) ? static_cast<int64_t>(sizeof mask) : -EFAULT;
}

int64_t call_getcpu(Process& p, Registers&, const Arguments& a) {
  for (size_t i = 0; i < 2; i++) {
    if (a[i] != 0 && !p.put(a[i], uint32_t{0})) return -EFAULT;
  }
  return 0;
}

int64_t call_wait4(Process&, Registers&, const Arguments&) {
  return -ECHILD;
}

} // namespace snapvm
