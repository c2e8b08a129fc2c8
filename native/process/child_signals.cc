#include "process/child_signals.h"

#include <csignal>

namespace snapvm {

void quiet_stops() {
  struct sigaction action {};
  if (::sigaction(SIGCHLD, nullptr, &action) != 0 || (action.sa_flags & SA_NOCLDSTOP) != 0) return;
  if (action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN) return; // then nobody is told
  action.sa_flags |= SA_NOCLDSTOP;
  ::sigaction(SIGCHLD, &action, nullptr);
}

} // namespace snapvm
