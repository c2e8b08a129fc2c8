// Whether this system lets guests run in processes, found out with one.
#pragma once

#include "process/zygote_start.h"

namespace snapvm {

// @throws Error SNAPVM_HOST_PROCESS saying what is missing
Isolation probe_processes();

} // namespace snapvm
