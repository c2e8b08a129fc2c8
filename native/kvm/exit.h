// Why KVM_RUN returned: kvm_run decoded once.
#pragma once

#include <cstdint>
#include <linux/kvm.h>
#include <string>

namespace snapvm {

enum class KvmEvent : uint8_t {
  Out, // one value to a port
  PortRefused,
  Interrupted,
  RingFull,
  Shutdown,
  Unsupported,
};

struct KvmExit {
  KvmEvent event;
  uint16_t port = 0;
  uint8_t value = 0; // Out: the low byte
  // The vCPU can only be made usable again by building a new VM.
  bool fatal = false;
  // Unsupported and PortRefused: what the guest did, as the rest of a sentence.
  std::string reason = {};
};

// `error` is what KVM_RUN gave: 0 or an errno.
KvmExit decode_exit(const kvm_run& run, int error);

} // namespace snapvm
