#include "kvm/exit.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace snapvm {
namespace {

std::string hex(uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

KvmExit unsupported(std::string reason, bool fatal = false) {
  return {.event = KvmEvent::Unsupported, .fatal = fatal, .reason = std::move(reason)};
}

KvmExit refused(const char* what, uint16_t port) {
  return {.event = KvmEvent::PortRefused, .reason = what + std::to_string(port)};
}

KvmExit decode_port(const kvm_run& run) {
  const auto& io = run.io;
  if (io.direction != KVM_EXIT_IO_OUT) return refused("read port ", io.port);
  if (io.count != 1) return refused("wrote a string to port ", io.port);
  const uint8_t value = reinterpret_cast<const uint8_t*>(&run)[io.data_offset];
  return {.event = KvmEvent::Out, .port = io.port, .value = value};
}

} // namespace

KvmExit decode_exit(const kvm_run& run, int error) {
  if (error == EINTR) return {.event = KvmEvent::Interrupted};
  if (error == EFAULT)
    return unsupported("touched memory that the host does not give: KVM_RUN gave Bad address", true);
  if (error != 0)
    return unsupported(std::string("could not be run: KVM_RUN gave ") + std::strerror(error), true);
  switch (run.exit_reason) {
  case KVM_EXIT_IO:
    return decode_port(run);
  case KVM_EXIT_INTR:
    return {.event = KvmEvent::Interrupted};
  case KVM_EXIT_DIRTY_RING_FULL:
    return {.event = KvmEvent::RingFull};
  case KVM_EXIT_SHUTDOWN:
    return {.event = KvmEvent::Shutdown, .fatal = true};
  case KVM_EXIT_HLT:
    return unsupported("executed hlt");
  case KVM_EXIT_MMIO:
    return unsupported((run.mmio.is_write ? "wrote" : "read") + std::string(" guest physical address ") +
                       hex(run.mmio.phys_addr) + ", where there is no memory");
  case KVM_EXIT_FAIL_ENTRY:
    return unsupported(
        "could not be entered: hardware reason " + hex(run.fail_entry.hardware_entry_failure_reason), true);
  case KVM_EXIT_INTERNAL_ERROR:
    return unsupported("met an internal error of KVM, suberror " + std::to_string(run.internal.suberror),
                       true);
  default:
    return unsupported("left with KVM exit " + std::to_string(run.exit_reason), true);
  }
}

} // namespace snapvm
