// The machine of the process backend: ring 3 of the guest runs in a process of its own, which this thread
// traces. Its system calls are stopped before they happen (PTRACE_SYSEMU). What is an exit of a virtual
// machine is a signal here, as `out` is a privileged instruction.
//
// docs/backends.md says what a guest can do here and not in a virtual machine.
#pragma once

#include "machine/machine.h"
#include "machine/snapshot.h"
#include "memory/guest_space.h"
#include "process/mirror.h"
#include "process/owned_memory.h"
#include "process/process_cache.h"
#include "process/vectors.h"

#include <memory>
#include <optional>
#include <sys/user.h>
#include <vector>

namespace snapvm {

class ProcessMachine final : public Machine {
public:
  // @throws Error SNAPVM_HOST_PROCESS; SNAPVM_HOST_BACKEND for a supervisor guest
  ProcessMachine(const Snapshot& snapshot, ProcessCache& cache);
  ~ProcessMachine() override; // gives its process back, if that is alive

  void restore() override;
  void enter_at(const Registers& registers, const EntryBlock& entry) override;
  void go_on_with(const Registers& registers) override;
  Exit run() override;
  const Registers& registers() override;
  void finish_ready() override {}
  void collect_dirty() override {} // every page is noted when it becomes writable
  StopTarget stop_target() override;
  std::vector<uint8_t> capture_system() override { return {}; }
  AddressSpace& space() override { return space_; }
  VectorState& vectors() override { return vectors_; }
  // Never: a frozen program may go on in a virtual machine that does not have it.
  bool has_fsgsbase() const override { return false; }
  uint64_t overhead_bytes() const override;

private:
  // An `out` of one byte, decoded. A wider one reaches ports that a guest may not use.
  struct Out {
    uint64_t rip = 0;
    uint64_t bytes = 0;
    std::optional<uint8_t> immediate; // the port; without it the port is in DX
  };

  // SAFETY: the constructor makes memory_ an OwnedMemory, and nothing replaces it.
  OwnedMemory& own_memory() { return static_cast<OwnedMemory&>(*memory_); }
  void load();
  void fill();
  void replace_child();
  void forget_child();
  bool is_up_to_date();
  void resume_with(const user_regs_struct& registers);
  bool prepare();
  bool flush();
  bool has_possible_bases() const;
  // machine_exits.cc
  std::optional<Exit> decide(int status);
  std::optional<Exit> segment_fault();
  std::optional<Exit> port_exit();
  Exit system_call();
  bool is_behind_sysenter() const;
  Exit sysenter();
  Exit stub_call();
  Exit fault(int signal);
  Exit vsyscall_fault();
  Exit died(int status);
  bool is_from_processor(uint64_t& address) const;
  std::optional<Out> out_at(uint64_t rip) const;
  int code_at(uint64_t gva) const;
  bool is_executable(uint64_t gva) const;

  const bool is_linux_;
  ProcessCache& cache_;
  std::unique_ptr<GuestProcess> child_;
  Mirror mirror_;
  GuestSpace space_;
  ProcessVectors vectors_;
  user_regs_struct raw_{};              // at the last stop, or to go on with
  bool set_ = false;                    // raw_ has to be given to the process before it goes on
  uint64_t place_ = SameCore::kUnknown; // where child_ may run
  uint32_t entries_ = 0;
  uint64_t skip_ = 0; // bytes of the instruction at raw_.rip that was done for the guest
  Registers registers_{};
  Out last_out_; // decoded once: a guest's code changes only with its page tables
};

} // namespace snapvm
