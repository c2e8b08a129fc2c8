// Keeps a thread and the process it traces on one processor while they take turns. From one to the
// other and back takes 10 us on one processor, and 50 us between two (docs/performance.md); the kernel
// would spread them.
//
// Not for a thread that runs a user's code, such as a main thread: threads and processes which that code
// makes would inherit the processor.
//
// A timer lets both go every few milliseconds, so that a guest that runs long, or a thread that has nothing
// to do, is held no longer than that. Now and then both also stay free for a few calls, so that the kernel
// can find a better place for a thread that shares its processor with another.
#pragma once

#include <cstdint>
#include <ctime>
#include <sched.h>
#include <sys/types.h>

namespace snapvm {

class SameCore {
public:
  SameCore() = default;
  ~SameCore();
  SameCore(const SameCore&) = delete;
  SameCore& operator=(const SameCore&) = delete;

  // The place of a process that may run anywhere, and of a process whose place is not known.
  static constexpr uint64_t kFree = 0, kUnknown = UINT64_MAX;

  // Puts the process onto the thread's processor, or sets it free with the thread. To be called before each
  // time it runs. `place` belongs to the process, and is kUnknown at first.
  void together(pid_t process, uint64_t& place);
  // Lets a process that the thread has made run wherever the thread may when it is not held.
  static void unbind(pid_t process);
  // To be called before the process ends, or goes to another user.
  static void forget(pid_t process);

private:
  bool pin();
  bool arm();
  static void set_free(pid_t process, uint64_t& place);

  uint64_t place_ = 0; // how often this thread was pinned: the place of a process that is where the thread is
  cpu_set_t here_{};
  uint32_t pins_ = 0;
  uint32_t free_calls_ = 0; // calls that are to run free before the thread is pinned again
  timer_t timer_{};
  bool has_timer_ = false;
};

} // namespace snapvm
