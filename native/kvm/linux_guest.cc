#include "kvm/linux_guest.h"

#include "error.h"
#include "kvm/flexible.h"

#include <cstddef>
#include <cstring>

namespace snapvm {
namespace {

constexpr size_t kXsaveBytes = 4096; // what KVM_GET_XSAVE and KVM_SET_XSAVE move

static_assert(offsetof(kvm_regs, rflags) == offsetof(Registers, rflags) && sizeof(kvm_regs) == 144);
static_assert(sizeof(Registers) == sizeof(kvm_regs) + 16);

} // namespace

size_t KvmVectorState::bytes() const {
  return Host::get().xsave_bytes;
}

void KvmVectorState::get(std::span<uint8_t> area) const {
  uint8_t whole[kXsaveBytes] = {};
  if (snapvm_get_xsave(vcpu_().fd(), whole) != 0) fail_errno("KVM_GET_XSAVE");
  std::memcpy(area.data(), whole, area.size());
}

bool KvmVectorState::set(std::span<const uint8_t> area) {
  // A processor refuses components that XCR0 has not. KVM goes by what the machine has, and what is outside
  // XCR0 the entry stub would not put back.
  constexpr size_t kHeader = 512;
  uint64_t components;
  std::memcpy(&components, area.data() + kHeader, sizeof components);
  if ((components & ~Host::get().xcr0) != 0) return false;
  uint8_t whole[kXsaveBytes] = {};
  std::memcpy(whole, area.data(), area.size());
  // KVM refuses what a processor would: components there are not, reserved bits of MXCSR, the compact format.
  return snapvm_set_xsave(vcpu_().fd(), whole) == 0;
}

kvm_regs to_kvm(const Registers& registers) {
  kvm_regs regs;
  std::memcpy(&regs, &registers, sizeof regs); // the same fields in the same order, as asserted above
  return regs;
}

Registers from_kvm(const kvm_regs& regs, const kvm_sregs& sregs) {
  Registers registers;
  std::memcpy(&registers, &regs, sizeof regs);
  registers.fs_base = sregs.fs.base;
  registers.gs_base = sregs.gs.base;
  return registers;
}

} // namespace snapvm
