// The KVM backend: a VM with one vCPU over privately mapped memory.
//
// What is restored how, and why the rest need not be, is the table in docs/architecture/restore.md.
#pragma once

#include "kvm/dirty_ring.h"
#include "kvm/guest_probe.h"
#include "kvm/private_memory.h"
#include "kvm/registers.h"
#include "kvm/stale_pages.h"
#include "kvm/vm_cache.h"
#include "machine/machine.h"
#include "machine/snapshot.h"
#include "memory/guest_space.h"
#include "system/interruptions.h"

#include <optional>

namespace snapvm {

class KvmMachine final : public Machine {
public:
  KvmMachine(const Snapshot& snapshot, VmCache& vm_cache);
  ~KvmMachine() override; // gives its VM back to the cache, if it is a clean one

  void restore() override;
  void enter_at(const Registers& registers, const EntryBlock& entry) override;
  void go_on_with(const Registers& registers) override;
  Exit run() override;
  const Registers& registers() override;
  void finish_ready() override;
  void collect_dirty() override { ring_.collect(vcpu(), sticky_); }
  StopTarget stop_target() override { return {.flag = &vcpu().run().immediate_exit}; }
  std::vector<uint8_t> capture_system() override;
  AddressSpace& space() override { return space_; }
  VectorState& vectors() override { return vectors_; }
  bool has_fsgsbase() const override { return System::get().fsgsbase; }
  uint64_t overhead_bytes() const override { return BareVm::resident_bytes(ring_entries_); }

private:
  class Vectors final : public VectorState {
  public:
    explicit Vectors(const KvmMachine& machine) : machine_(machine) {}
    size_t bytes() const override;
    void get(std::span<uint8_t> area) const override;
    bool set(std::span<const uint8_t> area) override;

  private:
    const KvmMachine& machine_;
  };

  // SAFETY: the constructor makes it a PrivateMemory, and memory_ is const.
  PrivateMemory& own_memory() { return static_cast<PrivateMemory&>(*memory_); }
  Vcpu& vcpu() { return bare_vm_->vcpu; }
  const Vcpu& vcpu() const { return bare_vm_->vcpu; }
  void build_vm();
  void retire();
  bool finishes_pending() const;
  void give_memory();
  void relearn();
  // machine_exits.cc
  std::optional<Exit> decide(int error);
  Exit interrupted();
  std::optional<Exit> ring_full();
  Exit broken(std::string reason);
  Exit port_exit();
  Exit system_call();
  Exit fault(uint8_t vector, std::string reason);
  Exit refuse(std::string reason, bool final);
  bool left_plainly() const;
  bool is_plain_out(uint64_t rip) const;
  kvm_sregs system_registers() const;
  void note_registers();

  const bool supervisor_;
  const bool is_linux_;
  const Registers canonical_;
  const std::vector<uint8_t> system_; // of the snapshot
  VmCache& vm_cache_;
  GuestProbe probe_{};
  const uint32_t ring_entries_;
  std::optional<BareVm> bare_vm_; // after the base's memory, which must be mapped for as long as a VM has it
  DirtyRing ring_;
  StalePages stale_;
  GuestSpace space_;
  Vectors vectors_;
  kvm_sregs entry_sregs_{};    // user guests
  SystemState entry_system_{}; // supervisor guests
  Registers registers_{};
  Interruptions interruptions_; // since the guest was entered
  bool noted_ = false;          // registers_ are those of the last exit

  bool pending_ = false;   // KVM may still hold the last exit's instruction
  bool poisoned_ = false;  // the last run ended other than by a plain `out`
  bool rebuild_ = false;   // the VM is past repair, or half built
  uint64_t plain_rip_ = 0; // where the last call ended by a plain `out`; user guest code never changes
};

} // namespace snapvm
