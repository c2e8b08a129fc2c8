#include "kvm/interrupter.h"

#include "error.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <unordered_map>

namespace snapvm {
namespace {

// What the handler of the signal sees: the run of the guest that this thread is in, or null. initial-exec,
// since a lazily allocated thread-local would allocate inside the handler.
__attribute__((tls_model("initial-exec"))) thread_local kvm_run* volatile t_current = nullptr;

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
  kvm_run* run = t_current;
  if (run != nullptr) run->immediate_exit = 1;
}

// The first real-time signal nobody has a handler for. SA_RESTART: the thread's other system calls need not
// know.
int claim_signal() {
  for (int number = SIGRTMIN + 3; number <= SIGRTMAX; number++) {
    struct sigaction current {};
    if (::sigaction(number, nullptr, &current) != 0 || current.sa_handler != SIG_DFL) continue;
    struct sigaction ours {};
    ours.sa_handler = on_signal;
    ours.sa_flags = SA_RESTART | SA_ONSTACK;
    sigemptyset(&ours.sa_mask);
    if (::sigaction(number, &ours, nullptr) == 0) return number;
  }
  throw Error(kHostMemory,
              "every real-time signal of this process has a handler; snapvm needs one to stop guests");
}

int stop_signal() {
  static const int number = claim_signal();
  return number;
}

int64_t now(clockid_t clock) {
  timespec t;
  ::clock_gettime(clock, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

// With the registry's lock held.
Interrupter* find(uint64_t id) {
  const auto found = registry().live.find(id);
  return found == registry().live.end() ? nullptr : found->second;
}

constexpr double kNsPerUs = 1000;

} // namespace

int64_t monotonic_ns() {
  return now(CLOCK_MONOTONIC);
}

Interrupter::Interrupter()
    : id_(g_next_id++), thread_(static_cast<pid_t>(::syscall(SYS_gettid))), wall_(CLOCK_MONOTONIC, thread_),
      cpu_(CLOCK_THREAD_CPUTIME_ID, thread_) {
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

void Interrupter::begin(kvm_run& run, uint64_t ticket, const Budget& budget) {
  t_current = &run; // before the clocks are read: a timer that fires from here on is seen
  const bool late = wall_.begin(budget.wall_deadline);
  const bool spent = cpu_.begin(budget.cpu_left == 0 ? 0 : now(cpu_.clock) + budget.cpu_left);
  expired_ = late ? StopReason::Time : spent ? StopReason::Cpu : StopReason::None;
  running_.store(ticket);
}

StopReason Interrupter::pending(bool signalled) {
  if (closed_.load()) return StopReason::Close;
  if (cancelled_count_.load() != 0 && is_cancelled(running_.load())) return StopReason::Abort;
  if (expired_ != StopReason::None) return expired_;
  if (!signalled) return StopReason::None;
  if (wall_.passed()) return StopReason::Time;
  if (cpu_.passed()) return StopReason::Cpu;
  return StopReason::None;
}

bool Interrupter::is_cancelled(uint64_t ticket) const {
  std::lock_guard lock(registry().mutex);
  return cancelled_.contains(ticket);
}

void Interrupter::end(Budget& budget) {
  running_.store(0);
  t_current = nullptr;
  if (budget.cpu_left != 0) budget.cpu_left = std::max<int64_t>(1, cpu_.deadline - now(cpu_.clock));
}

void Interrupter::interrupt(uint64_t id, uint64_t ticket) {
  std::lock_guard lock(registry().mutex);
  Interrupter* thread = find(id);
  if (thread == nullptr || ticket == 0) return;
  thread->cancelled_.insert(ticket);
  thread->cancelled_count_.store(thread->cancelled_.size());
  if (thread->running_.load() == ticket) thread->signal();
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
  thread->signal();
}

// The queue of real-time signals belongs to the user, so another process may have filled it.
void Interrupter::signal() const {
  constexpr int kPatience = 10'000;
  for (int i = 0; i < kPatience; i++) {
    if (::syscall(SYS_tgkill, ::getpid(), thread_, stop_signal()) == 0 || errno != EAGAIN) return;
    ::sched_yield();
  }
}

Interrupter::Alarm::Alarm(clockid_t of, pid_t thread) : clock(of) {
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = stop_signal();
  event._sigev_un._tid = thread;
  if (::timer_create(clock, &event, &timer) != 0) fail_errno("timer_create", kHostMemory);
}

Interrupter::Alarm::~Alarm() {
  ::timer_delete(timer);
}

bool Interrupter::Alarm::begin(int64_t when) {
  deadline = when;
  if (deadline == 0) return false;
  const int64_t current = now(clock);
  if (deadline <= current) return true;
  if (armed <= current || armed > deadline) arm(deadline);
  return false;
}

bool Interrupter::Alarm::passed() {
  if (deadline == 0) return false;
  const int64_t current = now(clock);
  if (current >= deadline) return true;
  if (armed <= current) arm(deadline);
  return false;
}

void Interrupter::Alarm::arm(int64_t when) {
  itimerspec spec{};
  spec.it_value = {.tv_sec = when / 1'000'000'000, .tv_nsec = when % 1'000'000'000};
  ::timer_settime(timer, TIMER_ABSTIME, &spec, nullptr);
  armed = when;
}

} // namespace snapvm
