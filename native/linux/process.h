// A Linux program as its kernel sees it: the state behind its system calls. There is no other process, no
// thread beside the one, no file or network of the host. syscalls.cc lists the calls there are.
#pragma once

#include "linux/descriptors.h"
#include "linux/file_system.h"
#include "linux/process_memory.h"
#include "linux/random.h"
#include "linux/signals.h"
#include "linux/work.h"
#include "memory/address_space.h"
#include "memory/bytes.h"
#include "processor/registers.h"
#include "processor/vector_state.h"

#include <array>
#include <bitset>
#include <cstdint>
#include <ctime>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace snapvm {

// What a program finds when it starts (src/wire/descriptor.ts LinuxSpec).
struct ProcessSpec {
  std::vector<std::string> args;
  std::vector<std::string> env;
  std::string path; // of the program in its file tree
  std::string cwd;
  uint64_t entry = 0; // AT_ENTRY
  uint64_t headers = 0;
  uint64_t header_bytes = 0;
  uint64_t header_count = 0;
  MemoryWindows windows;
  uint64_t stack_end = 0; // one past its highest byte
  uint64_t stack_bytes = 0;
  uint64_t peb = 0; // of a guest of the SDK, else 0
  uint64_t log_level = 0;
  uint64_t hwcap2 = 0;             // AT_HWCAP2
  std::optional<int64_t> clock_ns; // where the clock stands; none: the real one
  uint64_t output_bytes = 0;
  std::span<const uint8_t> files; // src/guests/linux/file-archive.ts
};

// How the program goes on after a system call.
enum class Verdict : uint8_t {
  Continue,
  Exited,   // or was ended by a signal
  Frozen,   // it wants its standard input, and is to be frozen there
  Stuck,    // it waits for what cannot come
  Overflow, // its output is more than it may have
  Stopped,  // its time was up while it slept
};

// Nanoseconds. Of a program: since it began, as long as it ran. CPU time is the host's thread's, what it does
// for the program included.
struct Clocks {
  int64_t monotonic = 0;
  int64_t cpu = 0;
};
constexpr int64_t kLongestRun = INT64_MAX / 2; // what is more is no run, and does not fit a sum

// The program's id as it sees it: another after each freeze, as in a child of fork. Generators of random
// numbers that look at it (OpenSSL's) seed themselves anew.
constexpr int kStartedId = 1, kSpecialisedId = 2, kThawedId = 3;

constexpr uint32_t kSystemCalls = 512; // numbers below are noted when they are not handled

class Process {
public:
  // What is put back before every call, and kept with a frozen program.
  struct State {
    ProcessMemory::State memory;
    FileSystem files;
    Descriptors descriptors;
    SignalState signals;
    NodeId cwd = kRoot;
    uint32_t umask = 022;
    uint64_t clear_tid = 0;
    Clocks clocks; // when it was frozen; zero if it had not looked at one. Sleeping moves one that stands
    std::string name;
    std::vector<uint8_t> output; // written before it was frozen
    std::vector<uint8_t> errors;
    std::bitset<kSystemCalls> unhandled;
  };

  // Gets what a guest of the SDK writes to its standard output (1) and error (2), which are no answer.
  using Sink = std::function<void(int stream, std::span<const uint8_t> bytes)>;
  // Whether the program has to stop: asked while it sleeps.
  using Stopped = std::function<bool()>;

  // `frozen`: the state of a program that was frozen (process_codec.cc); empty for one that starts.
  Process(ProcessSpec spec, AddressSpace& space, VectorState& vectors, std::span<const uint8_t> frozen,
          Sink sink, Stopped stopped);

  // Puts everything but the guest's memory and registers back; to be called after those.
  void restore();
  // Begins a call: its standard input, random bytes and id; its clocks go on. `input` stays valid while it
  // runs.
  void begin(std::span<const uint8_t> input, const uint8_t* entropy, bool freeze, int id);
  // Begins the first call of a guest of the SDK that became ready just now: its clocks never stopped.
  void begin_ready(const uint8_t* entropy);
  // The first registers of the program, its stack built. Nothing: `args` do not fit the stack.
  std::optional<Registers> start(std::span<const std::string> args);

  // Answers the system call the registers ask for; RIP is behind it.
  Verdict system_call(Registers& registers);
  // Hands an exception to the program's handler. False: it has none.
  bool fault(SignalInfo info, Registers& registers);

  std::vector<uint8_t> freeze();
  // Since it began: it has random bytes beside what C libraries take for themselves.
  bool drew_random() const { return drew_random_; }
  // {i32 exit code, u32 signal, u32 count, u64 output, u64 errors}, the numbers of unhandled calls, the
  // bytes.
  std::span<const uint8_t> result();
  // Memory of the host that it takes for the program: files, pipes, output.
  uint64_t kept_bytes() const;
  int exit_code() const { return exit_code_; }
  uint32_t exit_signal() const { return exit_signal_; }
  std::span<const uint8_t> printed() const { return state_.output; }
  // What it has printed so far was taken.
  void forget_printed() { state_.output.clear(); }
  std::span<const uint8_t> errors() const { return state_.errors; }

  // ---- For the handlers of system calls (calls_*.cc) ----

  const ProcessSpec& spec() const { return spec_; }
  AddressSpace& space() { return space_; }
  ProcessMemory& memory() {
    memory_touched_ = true;
    return memory_;
  }
  FileSystem& files() { return state_.files; }
  Descriptors& descriptors() { return state_.descriptors; }
  SignalState& signals() { return state_.signals; }
  VectorState& vectors() { return vectors_; }
  State& state() { return state_; }
  Random& random() { return random_; }
  // `may_be_heap_key`: asked for as glibc's malloc asks for a number of its own, once.
  void note_random(bool may_be_heap_key) {
    const bool heap_key = may_be_heap_key && !heap_key_;
    (heap_key ? heap_key_ : drew_random_) = true;
  }
  int id() const { return id_; }
  // Whether it is one that the program has, or had before it was frozen and may have kept.
  bool is_own_id(int64_t id) const { return id >= kStartedId && id <= id_; }
  std::span<const uint8_t> input() const { return input_; }
  size_t& input_at() { return input_at_; }
  bool wants_freeze() const { return freeze_; }
  // Something beside memory and output is about to differ from what is put back.
  void touch() { touched_ = true; }

  void exit(int code, uint32_t signal = 0);
  Work& work() { return work_; }
  // The program does not go on from its system call.
  bool has_ended() const { return verdict_ != Verdict::Continue; }
  void end_with(Verdict verdict) { verdict_ = verdict; }
  void send(uint32_t signal, SentBy by);
  int64_t output(int stream, std::span<const uint8_t> bytes);
  void close_released();

  int64_t realtime_ns() const;
  // The program's own: no machine it ran on before or runs on now shows in them.
  int64_t monotonic_ns();
  int64_t uptime_s();
  int64_t cpu_ns();
  int64_t now_s() const { return realtime_ns() / 1'000'000'000; }
  // False: it has to stop.
  bool sleep(int64_t ns);

  // Guest memory. All of these give false, or a negative errno, for an address the program cannot use.
  template <typename T> bool get(uint64_t gva, T& value) const {
    return space_.read(gva, bytes_of(value)) == sizeof value;
  }
  template <typename T> bool put(uint64_t gva, const T& value) {
    return space_.write(gva, bytes_of(value)) == sizeof value;
  }
  // A path of at most PATH_MAX bytes.
  int64_t get_path(uint64_t gva, std::string& path) const;

private:
  Verdict deliver(Registers& registers);
  int64_t since_begin(clockid_t clock, int64_t began) const;
  void stop_clocks();

  const ProcessSpec spec_;
  AddressSpace& space_;
  VectorState& vectors_;
  const Sink sink_;
  const Stopped stopped_;
  Work work_;
  ProcessMemory memory_;
  State state_;
  State golden_;
  bool touched_ = false;
  bool memory_touched_ = false;
  int id_ = kStartedId;
  bool drew_random_ = false;
  bool heap_key_ = false;
  Random random_;
  std::span<const uint8_t> input_;
  size_t input_at_ = 0;
  bool freeze_ = false;
  Clocks began_; // the host's, when the call began
  // The program has looked at a clock, now or before it was frozen. What nobody has looked at does not go
  // into its state, so that the same program is frozen in the same state.
  bool looked_ = false;
  Verdict verdict_ = Verdict::Continue;
  int exit_code_ = 0;
  uint32_t exit_signal_ = 0;
  std::vector<uint8_t> result_;
};

// process_codec.cc. @throws Error when there is no such state
std::vector<uint8_t> encode_state(const Process::State& state, std::span<const uint8_t> archive);
Process::State decode_state(std::span<const uint8_t> bytes, const ProcessSpec& spec, uint64_t most_bytes);
// file_archive.cc. @throws Error when the archive is none
FileSystem read_archive(std::span<const uint8_t> archive, uint64_t most_bytes);

} // namespace snapvm
