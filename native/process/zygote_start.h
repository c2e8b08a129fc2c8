// Starting the process that becomes the zygote: a clone of this process, in namespaces of its own where the
// system allows them, that runs the stub from a memory file.
#pragma once

#include <sys/types.h>

namespace snapvm {

// What the system lets guest processes have of their own.
struct Isolation {
  bool user_namespace = false;
  bool nobody = false;     // they run as nobody, though this process is root
  bool namespaces = false; // PIDs, network, mounts, IPC, host name, control groups
};

// Starts the process. It is traced by this thread and has stopped before the stub's first instruction; the
// two descriptors have the numbers 0 and 1 in it. Fills in the namespaces of `isolation`.
// @throws Error SNAPVM_HOST_PROCESS saying what the system forbids
pid_t start_zygote(int socket, int area, Isolation& isolation);

} // namespace snapvm
