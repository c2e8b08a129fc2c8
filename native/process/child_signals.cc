#include "process/child_signals.h"

#include "system/calls.h"

#include <csignal>

namespace snapvm {

void quiet_stops() {
  struct sigaction action {};
  if (sys_sigaction(SIGCHLD, nullptr, &action) != 0 || (action.sa_flags & SA_NOCLDSTOP) != 0) return;
  if (action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN) return; // then nobody is told
  action.sa_flags |= SA_NOCLDSTOP;
  sys_sigaction(SIGCHLD, &action, nullptr);
}

} // namespace snapvm
