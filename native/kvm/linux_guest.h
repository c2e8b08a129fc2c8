// What a sandbox has for a Linux guest: the process behind its system calls, and how that reaches memory and
// vector registers on KVM.
#pragma once

#include "kvm/guest_space.h"
#include "kvm/vm.h"
#include "linux/process.h"

#include <functional>

namespace snapvm {

class KvmVectorState final : public VectorState {
public:
  // `vcpu` gives the one there is: a sandbox may get another.
  explicit KvmVectorState(std::function<const Vcpu&()> vcpu) : vcpu_(std::move(vcpu)) {}

  size_t bytes() const override;
  void get(std::span<uint8_t> area) const override;
  bool set(std::span<const uint8_t> area) override;

private:
  std::function<const Vcpu&()> vcpu_;
};

struct LinuxGuest {
  LinuxGuest(ProcessSpec spec, GuestMemory& memory, StickySet& sticky, std::function<const Vcpu&()> vcpu,
             std::span<const uint8_t> host_state, Process::Sink sink, Process::Stopped stopped)
      : space(memory, sticky), vectors(std::move(vcpu)),
        process(std::move(spec), space, vectors, host_state, std::move(sink), std::move(stopped)) {}

  GuestSpace space;
  KvmVectorState vectors;
  Process process;
};

// Registers cross between the two as they stand.
kvm_regs to_kvm(const Registers& registers);
Registers from_kvm(const kvm_regs& regs, const kvm_sregs& sregs);

} // namespace snapvm
