// Clocks, and waiting for them.
#include "linux/syscalls.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <ctime>
#include <sys/time.h>

namespace snapvm {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

timespec to_timespec(int64_t ns) {
  int64_t rest = ns % kSecond, seconds = ns / kSecond;
  if (rest < 0) rest += kSecond, seconds--;
  return {.tv_sec = seconds, .tv_nsec = rest};
}

// Nanoseconds, or nothing where there is no such clock.
std::optional<int64_t> read_clock(Process& p, int64_t clock) {
  switch (clock) {
  case CLOCK_REALTIME:
  case CLOCK_REALTIME_COARSE:
  case CLOCK_TAI:
    return p.realtime_ns();
  case CLOCK_MONOTONIC:
  case CLOCK_MONOTONIC_RAW:
  case CLOCK_MONOTONIC_COARSE:
  case CLOCK_BOOTTIME:
    return p.monotonic_ns();
  case CLOCK_PROCESS_CPUTIME_ID:
  case CLOCK_THREAD_CPUTIME_ID:
    return p.cpu_ns();
  default:
    return std::nullopt;
  }
}

int64_t sleep_for(Process& p, uint64_t at, std::optional<int64_t> clock) {
  timespec t;
  if (!p.get(at, t)) return -EFAULT;
  if (t.tv_sec < 0 || t.tv_nsec < 0 || t.tv_nsec >= kSecond) return -EINVAL;
  int64_t ns = t.tv_sec > INT64_MAX / kSecond - 1 ? INT64_MAX : t.tv_sec * kSecond + t.tv_nsec;
  if (clock) ns = std::max<int64_t>(0, ns - *clock); // until that moment
  p.sleep(ns);
  return 0;
}

} // namespace

int64_t call_time(Process& p, Registers&, const Arguments& a) {
  const int64_t now = p.now_s();
  return a[0] == 0 || p.put(a[0], now) ? now : -EFAULT;
}

int64_t call_gettimeofday(Process& p, Registers&, const Arguments& a) {
  const timespec now = to_timespec(p.realtime_ns());
  const timeval value{.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
  if (a[0] != 0 && !p.put(a[0], value)) return -EFAULT;
  return a[1] == 0 || p.put(a[1], uint64_t{0}) ? 0 : -EFAULT; // UTC
}

int64_t call_clock_gettime(Process& p, Registers&, const Arguments& a) {
  const auto ns = read_clock(p, as_fd(a[0]));
  if (!ns) return -EINVAL;
  return p.put(a[1], to_timespec(*ns)) ? 0 : -EFAULT;
}

int64_t call_clock_getres(Process& p, Registers&, const Arguments& a) {
  if (!read_clock(p, as_fd(a[0]))) return -EINVAL;
  return a[1] == 0 || p.put(a[1], timespec{.tv_sec = 0, .tv_nsec = 1}) ? 0 : -EFAULT;
}

int64_t call_nanosleep(Process& p, Registers&, const Arguments& a) {
  return sleep_for(p, a[0], std::nullopt);
}

int64_t call_clock_nanosleep(Process& p, Registers&, const Arguments& a) {
  const auto now = read_clock(p, as_fd(a[0]));
  if (!now) return -EINVAL;
  const bool absolute = (a[1] & TIMER_ABSTIME) != 0;
  return sleep_for(p, a[2], absolute ? now : std::nullopt);
}

} // namespace snapvm
