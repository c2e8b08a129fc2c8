// Finds out, with one tiny guest, how ring 3 can be given its ports on this machine, and what it can reach:
// KVMs differ in both from what they say.
#pragma once

#include "kvm/system.h"

#include <span>

namespace snapvm {

struct GuestProbe {
  PortMode ports;
  // Whether RIP is behind an `out` when KVM reports its exit, or still on it (then the next KVM_RUN steps
  // over it).
  bool rip_after_out;
  // Whether ring 3 can use PKRU, by `rdpkru` and `wrpkru`.
  bool pkru;
  // Whether it can set the bases of FS and GS, by `wrfsbase` and `wrgsbase`.
  bool bases;
  // Of the components of vector state that ring 3 reaches, for the monitor's entry stub.
  uint64_t entry_mask;
};

// Runs once per process. `monitor` is the assembled monitor, MONITOR_BYTES long.
// @throws Error SNAPVM_HOST_KVM when guests cannot be given ports, or reach state that cannot be put back
const GuestProbe& probe_guest(std::span<const uint8_t> monitor);
// The same, every time.
GuestProbe probe_guest_anew(std::span<const uint8_t> monitor);

} // namespace snapvm
