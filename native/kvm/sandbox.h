// A vCPU that can be put back: one VM, one vCPU and private pages, bound to one snapshot.
//
// A sandbox belongs to the thread that made it. Its life: load, then for every call enter (which restores
// first), possibly resume after a host call, and at the end the next enter. What is restored how, and why the
// rest need not be, is the table in docs/architecture.md.
#pragma once

#include "kvm/exit.h"
#include "kvm/interrupter.h"
#include "kvm/linux_guest.h"
#include "kvm/port_probe.h"
#include "kvm/registers.h"
#include "kvm/shell.h"
#include "kvm/sticky_set.h"
#include "memory/guest_memory.h"
#include "memory/message.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace snapvm {

// Where a snapshot is entered; src/native.ts has the same numbers.
enum class EntryKind : uint8_t { Initialise = 0, Call = 1, Start = 2, Resume = 3 };

// What a run is for.
enum class Purpose : uint8_t {
  Initialise, // until the guest is ready, or wants its standard input
  Specialise, // a call that makes a ready guest ready anew
  Call,
};

// What a snapshot descriptor (src/snapshot/descriptor.ts) says about running it.
struct Snapshot {
  bool supervisor = false;
  EntryKind entry = EntryKind::Initialise;
  uint64_t address = 0;
  MemoryShape memory;
  std::vector<Layer> layers;
  kvm_regs regs{}; // canonical general registers
  uint64_t fs_base = 0;
  uint64_t gs_base = 0;
  std::optional<SystemState> system; // supervisor guests that are ready
  std::optional<ProcessSpec> linux_spec;
  std::vector<uint8_t> host_state; // Linux guests that were captured
  std::optional<Registers> frozen; // Linux programs that were frozen in a system call
  // Entries of the dirty ring that sandboxes on this thread have needed, who share it.
  std::shared_ptr<uint32_t> ring_entries = std::make_shared<uint32_t>(0);
};

struct GuestLimits {
  uint32_t exits = 0;     // log lines, printed bytes and host calls of one call, together
  uint32_t log_bytes = 0; // kept of one call; the rest is counted and dropped
};

struct Fault {
  uint8_t vector = 0;
  uint64_t error_code = 0;
  uint64_t rip = 0;
  uint64_t cr2 = 0;
  uint64_t rsp = 0;
  uint64_t rflags = 0;
};

struct LogRecord {
  uint32_t level;
  std::string text;
};

// How a run ended. The spans of `message` lie in the output buffer, which nobody writes until the next entry.
struct Outcome {
  ExitKind kind = ExitKind::Done;
  StopReason stop = StopReason::None;
  Message message{};
  Fault fault;
  std::string reason;
};

// A guest at `ready`, or frozen, as the pages it changed and the registers it is called with.
struct Capture {
  std::shared_ptr<Image> image; // sealed; page i is at offset i * kPage
  std::vector<uint64_t> pages;  // ascending GPAs
  uint64_t dispatch;
  uint64_t rsp;
  uint64_t fs_base;
  uint64_t gs_base;
  std::optional<SystemState> system;
  std::optional<Registers> frozen;
  std::vector<uint8_t> host_state;
};

class Sandbox {
public:
  Sandbox(Snapshot snapshot, GuestLimits limits, Interrupter& interrupter, ShellCache& shells);
  ~Sandbox(); // gives its VM back to `shells`, if it is a clean one
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  // Each of these three runs the guest to its next decision. @throws Error: SNAPVM_CALL_INPUT_TOO_LARGE,
  // SNAPVM_GUEST_PROTOCOL, SNAPVM_GUEST_LIMIT, SNAPVM_HOST_*; the sandbox stays usable.
  // Restores if need be and enters the snapshot. `input` is null where there is none: to initialise. That of
  // a Linux program has to stay valid until its run has ended.
  const Outcome& enter(Purpose purpose, const Input* input, uint64_t ticket, Limits limits);
  // Calls a guest that has just become ready, without a snapshot of that state in between.
  const Outcome& enter_ready(const Input& input, uint64_t ticket, Limits limits);
  // Runs on after a host call with its answer.
  const Outcome& resume(const Input& answer, uint64_t ticket);
  // Makes the sandbox equal to its snapshot. Nothing to do if it is already.
  void restore();
  // After a restore: the GPA of the first page that differs from the snapshot.
  std::optional<uint64_t> find_difference();
  // After a `ready`, or when a program was frozen.
  Capture capture();
  // Whether its calls end with the program's exit, and not with a message.
  bool runs_program() const {
    return snapshot_.entry == EntryKind::Start || snapshot_.entry == EntryKind::Resume;
  }

  const Outcome& outcome() const { return outcome_; }
  const std::vector<LogRecord>& logs() const { return logs_; }
  uint64_t dropped_logs() const { return dropped_logs_; }
  size_t sticky_pages() const { return sticky_->size(); }
  uint64_t restores() const { return restores_; }
  uint64_t rebuilds() const { return rebuilds_; }
  // Pages of guest memory that are its own: ever written, by the guest or the host.
  uint64_t private_bytes() const { return memory_.private_pages() * kPage; }
  // Private memory: those pages, what is kept for a Linux guest, the dirty
  // ring, and what the kernel keeps.
  uint64_t resident_bytes() const;
  // Wall-clock microseconds of this call's runs: from the first entry of each, when it has been restored and
  // has its input, to the exit that ended it.
  double run_us() const { return static_cast<double>(run_ns_) / 1000; }
  // While the guest waits for the host: see Budget.
  double wall_left_us() const { return state_ == State::Waiting ? budget_.wall_left_us() : 0; }

private:
  enum class State { Clean, Waiting, Ready, Dirty };

  void build_vm();
  void retire();
  Vcpu& vcpu() { return shell_->vcpu; }
  const Vcpu& vcpu() const { return shell_->vcpu; }
  void relearn();
  void write_entry_block(const EntryBlock& block);
  void set_registers(kvm_regs regs, const EntryBlock& entry);
  void complete_ready();
  const Outcome& run(uint64_t ticket);
  void run_to_decision();
  // Handles an exit: true if the guest runs on.
  bool handle(const Exit& exit);
  void finish(const Exit& exit);
  void expect(OutputKind kind, const char* port);
  void take_log();
  void keep_log(uint32_t level, std::string_view text);
  void print(uint8_t byte);
  void flush_print();
  void count_exit();
  void read_fault(uint8_t vector);
  void raise(uint8_t vector);
  // Linux guests: sandbox_linux.cc
  void begin_program(Purpose purpose, const Input* input);
  bool system_call();
  bool conclude(Verdict verdict, const Registers& registers);
  bool hand_to_program(uint8_t vector);
  bool go_on(Registers registers);
  void keep_stream(int stream, std::span<const uint8_t> bytes);
  void flush_streams();
  void capture_frozen(Capture& capture);
  bool left_plainly() const;
  void check_dispatch(uint64_t address) const;
  bool is_plain_out(uint64_t rip) const;
  void write(const Input& input);
  void zero_input(size_t from);
  void note_private(size_t from, size_t bytes);
  std::span<uint8_t> input_buffer() const { return {memory_.input(), memory_.shape().input_bytes}; }
  std::span<const uint8_t> output_buffer() const { return {memory_.output(), memory_.shape().output_bytes}; }

  Snapshot snapshot_;
  const GuestLimits limits_;
  Interrupter& interrupter_;
  ShellCache& shells_;
  GuestMemory memory_;
  PortProbe ports_{};
  uint32_t ring_entries_;
  std::optional<Shell> shell_; // after memory_, which must be mapped for as long as a VM has it
  std::optional<StickySet> sticky_;
  std::unique_ptr<LinuxGuest> linux_;  // Linux guests
  std::array<std::string, 2> streams_; // what a guest of the SDK wrote of its last line
  Registers frozen_{};                 // as the program left them when it was frozen
  kvm_sregs entry_sregs_{};            // user guests
  SystemState entry_system_{};         // supervisor guests

  State state_ = State::Clean;
  OutputKind expected_ = OutputKind::Result; // what `done` has to bring
  bool specialising_ = false;
  bool running_ = false;   // between begin and end of the interrupter's watch
  bool pending_ = false;   // KVM may still hold the last exit's instruction
  bool poisoned_ = false;  // the last run ended other than by a plain `done`
  bool rebuild_ = false;   // the VM is past repair, half built, or its ring too small
  uint64_t plain_rip_ = 0; // where the last call ended by a plain `out`; user guest code never changes
  size_t input_used_ = 0;  // bytes of the input buffer the host wrote
  std::array<uint8_t, 32> entropy_{};
  Budget budget_;
  int64_t run_ns_ = 0;
  uint32_t exits_ = 0;
  Outcome outcome_;
  std::vector<LogRecord> logs_;
  std::string printed_;
  uint64_t log_bytes_ = 0;
  uint64_t dropped_logs_ = 0;
  uint64_t restores_ = 0;
  uint64_t rebuilds_ = 0;
};

} // namespace snapvm
