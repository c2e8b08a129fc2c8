#include "process/same_core.h"

#include "error.h"
#include "machine/realtime_signal.h"
#include "system/calls.h"

#include <cerrno>
#include <csignal>
#include <unistd.h>

namespace snapvm {
namespace {

constexpr long kHeldNs = 2'000'000;
// After so many times that a thread was held it runs a few calls free: some 0.3 % of its time.
constexpr uint32_t kPinsBeforeFree = 32;
constexpr uint32_t kFreeCalls = 4;

// What the timer's signal handler needs to let the thread and its process go.
struct Held {
  volatile sig_atomic_t pinned = 0;
  volatile sig_atomic_t stuck = 0; // letting go failed, as the kernel had no memory for it
  volatile pid_t process = 0;
  cpu_set_t allowed{}; // what the thread may use when it is not held
};
__attribute__((tls_model("initial-exec"))) thread_local Held t_held;

void let_go(int) {
  const int error = errno;
  t_held.stuck = sys_sched_setaffinity(0, &t_held.allowed) != 0;
  if (t_held.process != 0) sys_sched_setaffinity(t_held.process, &t_held.allowed);
  if (t_held.stuck == 0) t_held.pinned = 0;
  errno = error;
}

// The number of the timer's signal. 0: no signal is left, so nothing is held.
int timer_signal() {
  static const int number = [] {
    try {
      return claim_realtime_signal(let_go, "let guests move between processors");
    } catch (const Error&) {
      return 0;
    }
  }();
  return number;
}

} // namespace

SameCore::~SameCore() {
  t_held.process = 0;
  if (!has_timer_) return;
  ::timer_delete(timer_);
  if (t_held.pinned != 0) let_go(0);
}

void SameCore::together(pid_t process, uint64_t& place) {
  t_held.process = process;
  if (t_held.stuck != 0) let_go(0);
  if (t_held.pinned == 0 && !pin()) {
    set_free(process, place);
    return;
  }
  if (place == place_) return;
  if (sys_sched_setaffinity(process, &here_) == 0) place = place_;
  // The timer may have let go of the thread meanwhile; it does not fire a second time for the process.
  if (t_held.pinned == 0) set_free(process, place);
}

void SameCore::set_free(pid_t process, uint64_t& place) {
  if (place != kFree && sys_sched_setaffinity(process, &t_held.allowed) == 0) place = kFree;
}

void SameCore::unbind(pid_t process) {
  if (t_held.pinned != 0) sys_sched_setaffinity(process, &t_held.allowed);
}

void SameCore::forget(pid_t process) {
  if (t_held.process == process) t_held.process = 0;
}

// Holds this thread to the processor it is on. False: it stays free. Which processors it may use is asked
// each time, as somebody may have changed that.
bool SameCore::pin() {
  if (timer_signal() == 0) return false;
  const int core = ::sched_getcpu();
  if (core < 0 || sys_sched_getaffinity(0, &t_held.allowed) != 0) return false;
  if (free_calls_ > 0) {
    free_calls_--;
    return false;
  }
  if (++pins_ % kPinsBeforeFree == 0) {
    free_calls_ = kFreeCalls;
    return false;
  }
  CPU_ZERO(&here_);
  CPU_SET(static_cast<size_t>(core), &here_);
  if (sys_sched_setaffinity(0, &here_) != 0) return false;
  place_++;
  // Set before the timer is armed, which may fire at once: the handler lets go only what counts as held.
  t_held.pinned = 1;
  if (!arm()) let_go(0); // no timer will
  return t_held.pinned != 0;
}

bool SameCore::arm() {
  if (!has_timer_) {
    sigset_t ours;
    sigemptyset(&ours);
    sigaddset(&ours, timer_signal());
    ::pthread_sigmask(SIG_UNBLOCK, &ours, nullptr);
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = timer_signal();
    event._sigev_un._tid = sys_gettid();
    has_timer_ = sys_timer_create(CLOCK_MONOTONIC, &event, &timer_) == 0;
  }
  itimerspec spec{};
  spec.it_value = {.tv_sec = 0, .tv_nsec = kHeldNs};
  return has_timer_ && sys_timer_settime(timer_, 0, &spec) == 0;
}

} // namespace snapvm
