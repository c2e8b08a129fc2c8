// Finds out, with one tiny guest, how ring 3 can be given its ports on this machine.
#pragma once

#include "kvm/host.h"

#include <span>

namespace snapvm {

struct PortProbe {
  PortMode mode;
  // Whether RIP is behind an `out` when KVM reports its exit, or still on it (then the next KVM_RUN steps
  // over it).
  bool rip_after_out;
};

// Runs once per process. `monitor` is the assembled monitor, MONITOR_BYTES long.
const PortProbe& probe_ports(std::span<const uint8_t> monitor);

} // namespace snapvm
