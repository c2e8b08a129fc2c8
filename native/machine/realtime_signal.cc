#include "machine/realtime_signal.h"

#include "error.h"
#include "system/calls.h"

#include <csignal>
#include <mutex>

namespace snapvm {

int claim_realtime_signal(void (*handler)(int), const char* purpose) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex); // two threads may look for one at the same time
  for (int number = SIGRTMIN + 3; number <= SIGRTMAX; number++) {
    struct sigaction current {};
    if (sys_sigaction(number, nullptr, &current) != 0 || current.sa_handler != SIG_DFL) continue;
    struct sigaction ours {};
    ours.sa_handler = handler;
    ours.sa_flags = SA_RESTART | SA_ONSTACK;
    sigemptyset(&ours.sa_mask);
    if (sys_sigaction(number, &ours, nullptr) == 0) return number;
  }
  throw Error(kHostMemory, "every real-time signal of this process has a handler; snapvm needs one to " +
                               std::string(purpose));
}

} // namespace snapvm
