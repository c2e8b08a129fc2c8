// Keeps a thread and the process it traces on one processor while they take turns: the way from one to the
// other and back takes 10 us there, and 50 from one processor to another (docs/performance.md). The kernel
// would spread them.
//
// To be used where no user's code can be that makes threads or processes, which would inherit it: not for the
// processes that a main thread looks at once.
//
// Both are let go every few milliseconds, by a timer, so nothing is held for longer by a guest that runs long
// or a thread that has nothing to do; and now and then for a few calls, so that the kernel can find a better
// place for a thread that shares its processor with another.
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

  // The place of a process that may run anywhere, and of one of which it is not known.
  static constexpr uint64_t kFree = 0, kUnknown = UINT64_MAX;

  // To be called before the process runs; `place` is the process's own, kUnknown at first.
  void together(pid_t process, uint64_t& place);
  // A process that was made by the thread, and has inherited where it may run.
  static void unbind(pid_t process);
  // The process is about to be no more.
  static void forget(pid_t process);

private:
  bool pin();
  bool arm();
  static void set_free(pid_t process, uint64_t& place);

  uint64_t place_ = 0; // counts the times that this thread was pinned
  cpu_set_t here_{};
  uint32_t pins_ = 0;
  uint32_t free_calls_ = 0; // so many are to come before it is pinned again
  timer_t timer_{};
  bool has_timer_ = false;
};

} // namespace snapvm
