// Stopping a running guest. One Interrupter per thread that runs guests; any thread may ask it to stop one.
//
//   idle --begin(ticket)--> running --end--> idle
//
// 1. begin: the thread publishes its stop target to the signal handler, then its ticket, then (`pending`)
//    looks how many tickets are cancelled, and under the lock whether its own is one of them (an early stop).
//    interrupt() adds the ticket and counts it first, and looks for the running one after. Both are
//    sequentially consistent: one of the two always sees the other. (A count of other tickets does no harm:
//    interrupt() holds that lock, so who looks in vain looked before the ticket was added, and is seen
//    running.) A ticket stays cancelled, through all runs of its call, until settle() says that it is
//    answered.
// 2. Whoever wants the guest to stop has a timer send the thread a real-time signal. Its handler makes the
//    machine stop, even if the signal came just before the guest began to run: it sets
//    kvm_run->immediate_exit, or it sends the guest's process a signal, which stays pending there.
// 3. Machine::run then gives Interrupted, having cleared that, and the thread asks `pending` after: a signal
//    in between is not lost. No reason pending means a stale signal, one meant for an earlier call: the guest
//    runs on.
// 4. Limits are timers armed lazily: one already armed for an earlier moment is left to fire, and re-armed
//    for the rest when it does. Calls that end in time cost no system call for it.
// 5. close: every later begin, and what runs, is stopped for good. The destructor unregisters under the same
//    lock that interrupt() holds while it signals, so no signal goes to a thread that is gone.
// 6. Nobody has to say close. A process or a thread that ends waits for its threads, and may be kept from
//    saying so (an exit listener that throws, worker.terminate()): the timer of the wall clock is never armed
//    for later than the next look at whether the thread is to end.
#pragma once

#include <atomic>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <sys/types.h>
#include <unordered_set>

namespace snapvm {

enum class StopReason : uint8_t { None = 0, Time = 1, Cpu = 2, Abort = 3, Close = 4 };

// The time that a call may take, in microseconds; 0 means no limit.
struct Limits {
  double wall_us = 0;
  double cpu_us = 0;
  double deadline_us = 0; // a moment of CLOCK_MONOTONIC: a call may have waited before it began
};

// The time that a call has left, in nanoseconds; 0 means no limit. A call keeps one budget over all its runs:
// a guest that waits for the host does not get new time with every answer.
struct Budget {
  int64_t wall_deadline = 0; // CLOCK_MONOTONIC
  int64_t cpu_left = 0;

  // The budget of a call that begins now.
  static Budget start(Limits limits);
  // Microseconds until the deadline, at least 1; 0 when there is none.
  double wall_left_us() const;
};

// CLOCK_MONOTONIC in nanoseconds.
int64_t monotonic_ns();

// The signal that stops a guest process. Any signal stops a process that is traced; this one is not SIGSTOP,
// since a SIGCONT from anybody takes back a pending SIGSTOP.
constexpr int kStopSignal = SIGUSR1;

// What the signal handler needs to stop a guest: a flag on KVM, a process on the process backend.
struct StopTarget {
  volatile uint8_t* flag = nullptr; // set to 1
  int process = -1;                 // pidfd of a process that gets kStopSignal
  pid_t pid = 0;                    // the pid of that process
  uint64_t id = 0;                  // a number that only that process ever has
  clockid_t clock = 0;              // the clock of its CPU time
};

// Sends the process of a target kStopSignal. False: the system does not let it be stopped.
bool send_stop(const StopTarget& target);

class Interrupter {
public:
  // `ending` tells whether the thread is to end. It is asked on the thread itself.
  explicit Interrupter(std::function<bool()> ending);
  ~Interrupter();
  Interrupter(const Interrupter&) = delete;
  Interrupter& operator=(const Interrupter&) = delete;

  uint64_t id() const { return id_; }

  // Says that the call with this ticket begins to run a guest, which `target` stops.
  // @throws Error SNAPVM_HOST_MEMORY: no timer is left
  // @throws Error when a limit cannot be kept
  void begin(const StopTarget& target, uint64_t ticket, const Budget& budget);
  // The reason why the guest must not run on, or None. `signalled`: the machine was interrupted, so a timer
  // may have fired.
  StopReason pending(bool signalled);
  // Says that the run has ended, and writes into `budget` what is left.
  void end(Budget& budget);

  // Stops the call with this ticket, running or yet to begin, on the thread with this id. Unknown ids and
  // tickets that ended already are harmless.
  static void interrupt(uint64_t id, uint64_t ticket);
  // Forgets a stop. To be called once its call is answered, or the list of cancelled tickets
  // grows without end.
  static void settle(uint64_t id, uint64_t ticket);
  // Stops whatever runs on that thread now or later.
  static void close(uint64_t id);

private:
  // A timer of one clock. It is armed lazily: see step 4.
  struct Alarm {
    const clockid_t clock;
    timer_t timer{};
    int64_t armed = 0; // when it will fire, ns; 0: not armed

    Alarm(clockid_t of, pid_t thread);
    ~Alarm();
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;
    int64_t now() const;
    // Makes sure that it fires at `when` or before; `current` is its clock's time.
    void fire_by(int64_t when, int64_t current);
    // Makes it fire at once. Any thread may call this; `armed` does not change.
    void fire() const;
  };
  // The CPU time of a run: this thread's, and that of the process that runs the guest if there is one.
  struct CpuTime {
    explicit CpuTime(pid_t thread) : own(CLOCK_THREAD_CPUTIME_ID, thread) {}
    // Makes the timers that begin() needs. @throws Error
    void prepare(const StopTarget& target, pid_t thread);
    void begin();
    // Nanoseconds of CPU time since begin().
    int64_t used() const;
    void fire_within(int64_t left);

    Alarm own;
    std::unique_ptr<Alarm> process; // for the process that ran last under a CPU limit
    uint64_t process_id = 0;
    bool has_process = false;
    int64_t started = 0;
  };

  void arm_wall(int64_t current);
  void start_limits();
  bool is_cancelled(uint64_t ticket) const;

  const uint64_t id_;
  const pid_t thread_;
  std::atomic<uint64_t> running_{0};
  std::unordered_set<uint64_t> cancelled_; // under the registry's lock
  std::atomic<size_t> cancelled_count_{0}; // its size: none, as nearly always, is seen without the lock
  std::atomic<bool> closed_{false};
  StopReason expired_ = StopReason::None; // the call had no time left when this run began
  Alarm request_;                         // fired by who wants the guest to stop
  Alarm wall_;
  int64_t wall_deadline_ = 0; // when the run must end; 0: no limit
  const std::function<bool()> ending_;
  int64_t look_ = 0; // when to ask `ending_` next
  CpuTime cpu_;
  int64_t cpu_left_ = 0; // the CPU time that was left when the run began; 0: no limit
};

} // namespace snapvm
