// Finds out, with a guest process, whether this system can run guests in processes.
#pragma once

#include "process/zygote_start.h"

namespace snapvm {

// @throws Error SNAPVM_HOST_PROCESS saying what is missing
Isolation probe_processes();

} // namespace snapvm
