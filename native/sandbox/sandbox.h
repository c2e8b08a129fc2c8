// A guest that can be put back: a machine bound to one snapshot, and what the engine makes of its exits.
//
// A sandbox belongs to the thread that made it. Its life: load, then for every call enter (which restores
// first), possibly resume after a host call, and at the end the next enter.
#pragma once

#include "linux/process.h"
#include "machine/interrupter.h"
#include "machine/machine.h"
#include "machine/snapshot.h"
#include "memory/message.h"
#include "sandbox/outcome.h"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace snapvm {

// What a run is for.
enum class Purpose : uint8_t {
  Initialise, // until the guest is ready, or wants its standard input
  Specialise, // a call that makes a ready guest ready anew
  Call,
};

struct GuestLimits {
  uint32_t exits = 0;     // log lines, printed bytes and host calls of one call, together
  uint32_t log_bytes = 0; // kept of one call; the rest is counted and dropped
};

struct LogRecord {
  uint32_t level;
  std::string text;
};

// A guest at `ready`, or frozen, as the pages it changed and the registers it is called with.
struct Capture {
  std::shared_ptr<Image> image; // sealed; page i is at offset i * kPage
  std::vector<uint64_t> pages;  // ascending GPAs
  uint64_t dispatch;
  uint64_t rsp;
  uint64_t fs_base;
  uint64_t gs_base;
  std::vector<uint8_t> system; // supervisor guests
  std::optional<Registers> frozen;
  std::vector<uint8_t> host_state;
  bool drew_random = false; // a Linux guest: see Process
};

class Sandbox {
public:
  // `load` makes a machine of a backend for a snapshot that has been checked.
  using Load = std::function<std::unique_ptr<Machine>(const Snapshot&)>;
  Sandbox(Snapshot snapshot, GuestLimits limits, Interrupter& interrupter, const Load& load);
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  // Each of these three runs the guest to its next decision. @throws Error: SNAPVM_CALL_INPUT_TOO_LARGE,
  // SNAPVM_GUEST_PROTOCOL, SNAPVM_GUEST_LIMIT, SNAPVM_HOST_*; the sandbox stays usable.
  // Restores if need be and enters the snapshot. `input` is null where there is none: to initialise. That of
  // a Linux program has to stay valid until its run has ended, or its output is handed out.
  const Outcome& enter(Purpose purpose, const Input* input, uint64_t ticket, Limits limits);
  // Calls a guest that has just become ready, without a snapshot of that state in between.
  const Outcome& enter_ready(const Input& input, uint64_t ticket, Limits limits);
  // Runs on after a host call with its answer, or when the output of a program was taken.
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
  // The end of what a Linux program has written to its standard output (1) or error (2).
  std::span<const uint8_t> printed(int stream) const;
  const std::vector<LogRecord>& logs() const { return logs_; }
  uint64_t dropped_logs() const { return dropped_logs_; }
  size_t sticky_pages() const { return machine_->sticky().size(); }
  uint64_t restores() const { return restores_; }
  uint64_t rebuilds() const { return machine_->rebuilds(); }
  // Pages of guest memory that are its own: ever written, by the guest or the host.
  uint64_t private_bytes() const { return machine_->memory().private_pages() * kPage; }
  // Private memory: those pages, what is kept for a Linux guest, and what the machine needs beside them.
  uint64_t resident_bytes() const;
  // Wall-clock microseconds of this call's runs: from the first entry of each, when it has been restored and
  // has its input, to the exit that ended it.
  double run_us() const { return static_cast<double>(run_ns_) / 1000; }
  // When the call began, before its restore: CLOCK_MONOTONIC in microseconds.
  double started_us() const { return static_cast<double>(started_ns_) / 1000; }
  // Wall-clock microseconds from there to the first entry: what it took to put back what earlier calls of
  // the sandbox wrote. In no time limit, as it is not the doing of the call.
  double restore_us() const { return static_cast<double>(restore_ns_) / 1000; }
  // While the guest waits for the host: see Budget.
  double wall_left_us() const { return state_ == State::Waiting ? budget_.wall_left_us() : 0; }

private:
  enum class State { Clean, Waiting, Ready, Dirty };

  const Outcome& run(uint64_t ticket);
  void run_to_decision();
  // Handles an exit: true if the guest runs on. sandbox_exits.cc has one `on` for each kind of exit.
  bool handle(const Exit& exit);
  bool on(const DoneExit& exit);
  bool on(const HostCallExit& exit);
  bool on(const LogExit& exit);
  bool on(const PrintExit& exit);
  bool on(const AbortExit& exit);
  bool on(const SyscallExit& exit);
  bool on(const FaultExit& exit);
  bool on(const InterruptedExit& exit);
  bool on(const ShutdownExit& exit);
  bool on(const UnsupportedExit& exit);
  void expect(OutputKind kind, const char* port);
  void keep_log(uint32_t level, std::string_view text);
  void flush_print();
  void count_exit();
  // Linux guests: sandbox_linux.cc
  void begin_program(Purpose purpose, const Input* input);
  bool system_call();
  bool conclude(Verdict verdict, const Registers& registers);
  bool hand_to_program(const Fault& fault);
  bool go_on(Registers registers);
  bool hand_out_output();
  void keep_stream(int stream, std::span<const uint8_t> bytes);
  void flush_streams();
  void capture_frozen(Capture& capture);
  void check_dispatch(uint64_t address) const;
  void write(const Input& input);
  void zero_input(size_t from);
  void note_private(size_t from, size_t bytes);
  GuestMemory& memory() const { return machine_->memory(); }
  std::span<uint8_t> input_buffer() const { return {memory().input(), memory().shape().input_bytes}; }
  std::span<const uint8_t> output_buffer() const {
    return {memory().output(), memory().shape().output_bytes};
  }

  Snapshot snapshot_;
  const GuestLimits limits_;
  Interrupter& interrupter_;
  const std::unique_ptr<Machine> machine_;
  std::unique_ptr<Process> linux_;     // Linux guests
  std::array<std::string, 2> streams_; // what a guest of the SDK wrote of its last line
  Registers frozen_{};                 // as the program left them when it was frozen
  bool hands_out_output_ = false;      // each time the program has written to its standard output
  bool is_refused_ = false;            // nobody takes its output: it is not to go on
  std::vector<uint8_t> own_input_;     // its standard input then: the caller's is gone while it waits

  State state_ = State::Clean;
  OutputKind expected_ = OutputKind::Result; // what `done` has to bring
  bool specialising_ = false;
  bool entering_ = false; // from the begin of a call to its first entry
  bool running_ = false;  // between begin and end of the interrupter's watch
  size_t input_used_ = 0; // bytes of the input buffer the host wrote
  std::array<uint8_t, 32> entropy_{};
  Budget budget_;
  int64_t run_ns_ = 0;
  int64_t started_ns_ = 0;
  int64_t restore_ns_ = 0;
  uint32_t exits_ = 0;
  Outcome outcome_;
  std::vector<LogRecord> logs_;
  std::string printed_;
  uint64_t log_bytes_ = 0;
  uint64_t dropped_logs_ = 0;
  uint64_t restores_ = 0;
};

} // namespace snapvm
