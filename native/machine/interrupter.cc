#include "machine/interrupter.h"

#include "error.h"
#include "machine/realtime_signal.h"
#include "system/calls.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <sched.h>
#include <unistd.h>
#include <unordered_map>

namespace snapvm {
namespace {

// What the signal's handler sees: how to stop the guest that this thread runs, or null where it runs
// none. The TLS model is initial-exec, since a thread-local that is allocated lazily would allocate
// inside the handler.
__attribute__((tls_model("initial-exec"))) thread_local StopTarget t_target;
__attribute__((tls_model("initial-exec"))) thread_local const StopTarget* volatile t_current = nullptr;

std::atomic<uint64_t> g_next_id{1};

struct Registry {
  std::mutex mutex;
  std::unordered_map<uint64_t, Interrupter*> live;
};

Registry& registry() {
  static auto* instance = new Registry;
  return *instance;
}

void on_signal(int) {
  const StopTarget* target = t_current;
  if (target == nullptr) return;
  const int error = errno;
  if (target->flag != nullptr) *target->flag = 1;
  if (target->process >= 0) send_stop(*target);
  errno = error;
}

int stop_signal() {
  static const int number = claim_realtime_signal(on_signal, "stop guests");
  return number;
}

int64_t now(clockid_t clock) {
  timespec t{}; // stays 0 for the clock of a process that has died, which cannot be read
  ::clock_gettime(clock, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

// The live Interrupter of that id, or null. The caller holds the registry's lock.
Interrupter* find(uint64_t id) {
  const auto found = registry().live.find(id);
  return found == registry().live.end() ? nullptr : found->second;
}

// Whether the clock exists: that of a process which has ended does not. Keeps errno.
bool has_clock(clockid_t clock) {
  const int error = errno;
  timespec t{};
  const bool found = ::clock_gettime(clock, &t) == 0;
  errno = error;
  return found;
}

constexpr double kNsPerUs = 1000;
// How long a thread may go on running a guest until it sees that it is to end.
constexpr int64_t kLookNs = 100'000'000;

} // namespace

// By the pid where seccomp forbids the pidfd. No other process has this pid meanwhile: only the thread that
// runs the guest waits for its process, and the same thread sends the signal.
bool send_stop(const StopTarget& target) {
  return sys_pidfd_send_signal(target.process, kStopSignal) == 0 || errno == ESRCH ||
         sys_tgkill(target.pid, target.pid, kStopSignal) == 0;
}

int64_t monotonic_ns() {
  return now(CLOCK_MONOTONIC);
}

Interrupter::Interrupter(std::function<bool()> ending)
    : id_(g_next_id++), thread_(sys_gettid()), request_(CLOCK_MONOTONIC, thread_),
      wall_(CLOCK_MONOTONIC, thread_), ending_(std::move(ending)), cpu_(thread_) {
  sigset_t ours;
  sigemptyset(&ours);
  sigaddset(&ours, stop_signal());
  ::pthread_sigmask(SIG_UNBLOCK, &ours, nullptr);
  std::lock_guard lock(registry().mutex);
  registry().live.emplace(id_, this);
}

Interrupter::~Interrupter() {
  std::lock_guard lock(registry().mutex);
  registry().live.erase(id_);
}

Budget Budget::start(Limits limits) {
  Budget budget;
  if (limits.wall_us > 0)
    budget.wall_deadline = monotonic_ns() + static_cast<int64_t>(limits.wall_us * kNsPerUs);
  if (limits.deadline_us > 0) {
    const auto deadline = std::max<int64_t>(1, static_cast<int64_t>(limits.deadline_us * kNsPerUs));
    if (budget.wall_deadline == 0 || deadline < budget.wall_deadline) budget.wall_deadline = deadline;
  }
  if (limits.cpu_us > 0)
    budget.cpu_left = std::max<int64_t>(1, static_cast<int64_t>(limits.cpu_us * kNsPerUs));
  return budget;
}

double Budget::wall_left_us() const {
  if (wall_deadline == 0) return 0;
  return std::max(1.0, static_cast<double>(wall_deadline - monotonic_ns()) / kNsPerUs);
}

void Interrupter::begin(const StopTarget& target, uint64_t ticket, const Budget& budget) {
  if (budget.cpu_left != 0) cpu_.prepare(target, thread_);
  t_target = target;
  t_current = &t_target; // before the clocks are read: a timer that fires from here on is seen
  expired_ = StopReason::None;
  wall_deadline_ = budget.wall_deadline;
  cpu_left_ = budget.cpu_left;
  try {
    start_limits();
  } catch (...) {
    t_current = nullptr; // its target may be gone when the next signal comes
    throw;
  }
  running_.store(ticket);
}

void Interrupter::start_limits() {
  const int64_t current = wall_.now();
  if (wall_deadline_ != 0 && wall_deadline_ <= current) expired_ = StopReason::Time;
  if (look_ <= current) look_ = current + kLookNs;
  arm_wall(current);
  if (cpu_left_ == 0) return;
  cpu_.begin();
  cpu_.fire_within(cpu_left_);
}

StopReason Interrupter::pending(bool signalled) {
  if (closed_.load()) return StopReason::Close;
  if (cancelled_count_.load() != 0 && is_cancelled(running_.load())) return StopReason::Abort;
  if (expired_ != StopReason::None) return expired_;
  if (!signalled) return StopReason::None;
  const int64_t current = wall_.now();
  if (wall_deadline_ != 0 && current >= wall_deadline_) return StopReason::Time;
  if (look_ <= current) {
    if (ending_()) return StopReason::Close;
    look_ = current + kLookNs;
  }
  arm_wall(current);
  if (cpu_left_ != 0) {
    const int64_t used = cpu_.used();
    if (used >= cpu_left_) return StopReason::Cpu;
    cpu_.fire_within(cpu_left_ - used);
  }
  return StopReason::None;
}

void Interrupter::arm_wall(int64_t current) {
  wall_.fire_by(wall_deadline_ != 0 ? std::min(wall_deadline_, look_) : look_, current);
}

bool Interrupter::is_cancelled(uint64_t ticket) const {
  std::lock_guard lock(registry().mutex);
  return cancelled_.contains(ticket);
}

void Interrupter::end(Budget& budget) {
  running_.store(0);
  t_current = nullptr;
  if (cpu_left_ != 0) budget.cpu_left = std::max<int64_t>(1, cpu_left_ - cpu_.used());
}

void Interrupter::interrupt(uint64_t id, uint64_t ticket) {
  std::lock_guard lock(registry().mutex);
  Interrupter* thread = find(id);
  if (thread == nullptr || ticket == 0) return;
  thread->cancelled_.insert(ticket);
  thread->cancelled_count_.store(thread->cancelled_.size());
  if (thread->running_.load() == ticket) thread->request_.fire();
}

void Interrupter::settle(uint64_t id, uint64_t ticket) {
  std::lock_guard lock(registry().mutex);
  Interrupter* thread = find(id);
  if (thread == nullptr) return;
  thread->cancelled_.erase(ticket);
  thread->cancelled_count_.store(thread->cancelled_.size());
}

void Interrupter::close(uint64_t id) {
  std::lock_guard lock(registry().mutex);
  Interrupter* thread = find(id);
  if (thread == nullptr) return;
  thread->closed_.store(true);
  thread->request_.fire();
}

Interrupter::Alarm::Alarm(clockid_t of, pid_t thread) : clock(of) {
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = stop_signal();
  event._sigev_un._tid = thread;
  if (sys_timer_create(clock, &event, &timer) == 0) return;
  // For each timer the kernel keeps a place in the user's queue of signals, so that it is never full for it.
  const char* advice = errno == EAGAIN ? "; raise the limit of pending signals (ulimit -i)" : nullptr;
  fail_errno("timer_create", kHostMemory, advice);
}

Interrupter::Alarm::~Alarm() {
  ::timer_delete(timer);
}

int64_t Interrupter::Alarm::now() const {
  return snapvm::now(clock);
}

void Interrupter::Alarm::fire_by(int64_t when, int64_t current) {
  if (armed > current && armed <= when) return;
  itimerspec spec{};
  spec.it_value = {.tv_sec = when / 1'000'000'000, .tv_nsec = when % 1'000'000'000};
  if (sys_timer_settime(timer, TIMER_ABSTIME, &spec) == 0)
    armed = when;
  else if (has_clock(clock)) // or the process has ended, and to run it says so
    fail_errno("timer_settime, without which a guest has no limit,", kHostMemory);
}

void Interrupter::Alarm::fire() const {
  const itimerspec spec{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_nsec = 1}};
  sys_timer_settime(timer, 0, &spec);
}

void Interrupter::CpuTime::prepare(const StopTarget& target, pid_t thread) {
  has_process = target.id != 0;
  // The clock of a process that has ended may have the number of a new one's.
  if (!has_process || process_id == target.id) return;
  process_id = 0;
  try {
    process = std::make_unique<Alarm>(target.clock, thread);
    process_id = target.id;
  } catch (const Error&) {
    if (has_clock(target.clock)) throw;
    has_process = false; // it has ended, and to run it says so
  }
}

void Interrupter::CpuTime::begin() {
  started = 0;
  started = used();
}

int64_t Interrupter::CpuTime::used() const {
  return own.now() + (has_process ? process->now() : 0) - started;
}

// Of two clocks either may use up what is left, alone or both together: each is armed for half of it, and
// then for half of the rest.
void Interrupter::CpuTime::fire_within(int64_t left) {
  constexpr int64_t kLeast = 50'000;
  const int64_t part = has_process ? std::max(left / 2, kLeast) : left;
  for (Alarm* alarm : {&own, has_process ? process.get() : nullptr}) {
    if (alarm == nullptr) continue;
    const int64_t current = alarm->now();
    alarm->fire_by(current + part, current);
  }
}

} // namespace snapvm
