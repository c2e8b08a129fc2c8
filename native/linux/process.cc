#include "linux/process.h"

#include "abi.h"
#include "error.h"
#include "linux/syscalls.h"
#include "memory/bytes.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <ctime>

namespace snapvm {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
// A sleep is cut into slices, since a signal may come between looking and sleeping.
constexpr int64_t kSlice = 2'000'000;

int64_t clock_ns(clockid_t clock) {
  timespec t;
  ::clock_gettime(clock, &t);
  return t.tv_sec * kSecond + t.tv_nsec;
}

Clocks host_clocks() {
  return {.monotonic = clock_ns(CLOCK_MONOTONIC), .cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID)};
}

uint64_t bit(uint32_t signal) {
  return uint64_t{1} << (signal - 1);
}

} // namespace

Process::Process(ProcessSpec spec, AddressSpace& space, VectorState& vectors, std::span<const uint8_t> frozen,
                 Sink sink, Stopped stopped)
    : spec_(std::move(spec)), space_(space), vectors_(vectors), sink_(std::move(sink)),
      stopped_(std::move(stopped)), work_([this] {
        if (!stopped_()) return false;
        verdict_ = Verdict::Stopped;
        return true;
      }),
      memory_(spec_.windows, space, work_) {
  const uint64_t most_bytes = uint64_t{space.frames()} * kPage;
  if (frozen.empty()) {
    state_.files = read_archive(spec_.files, most_bytes);
    state_.files.put("/proc/self/exe", NodeKind::Link, 0777, 0,
                     Content(std::vector<uint8_t>(spec_.path.begin(), spec_.path.end())));
    const Found cwd = state_.files.find(kRoot, spec_.cwd, true, work_);
    state_.cwd = cwd.error == 0 && cwd.exists ? cwd.node : kRoot;
    state_.name = spec_.path.substr(spec_.path.rfind('/') + 1);
    state_.memory = memory_.state();
  } else {
    state_ = decode_state(frozen, spec_, most_bytes);
    if (state_.memory.used.size() != memory_.frames())
      throw Error(kInternal, "a frozen program has another amount of memory than its snapshot");
    memory_.set_state(state_.memory);
  }
  golden_ = state_;
}

void Process::restore() {
  if (memory_touched_) memory_.set_state(golden_.memory);
  if (touched_) {
    state_.files = golden_.files;
    state_.descriptors = golden_.descriptors;
    state_.signals = golden_.signals;
    state_.cwd = golden_.cwd;
    state_.umask = golden_.umask;
    state_.clear_tid = golden_.clear_tid;
    state_.name = golden_.name;
  }
  state_.clocks = golden_.clocks;
  state_.output = golden_.output;
  state_.errors = golden_.errors;
  state_.unhandled = golden_.unhandled;
  touched_ = memory_touched_ = false;
  work_.drop_kept();
}

void Process::begin(std::span<const uint8_t> input, const uint8_t* entropy, bool freeze, int id) {
  random_.restart(entropy);
  input_ = input;
  input_at_ = 0;
  freeze_ = freeze;
  id_ = id;
  drew_random_ = heap_key_ = false;
  if (!spec_.clock_ns) began_ = host_clocks();
  looked_ = state_.clocks.monotonic != 0;
  verdict_ = Verdict::Continue;
  exit_code_ = 0;
  exit_signal_ = 0;
}

void Process::begin_ready(const uint8_t* entropy) {
  random_.restart(entropy);
  id_ = kThawedId;
  if (!memory_.state().wiped.empty()) memory().wipe();
}

Verdict Process::system_call(Registers& registers) {
  verdict_ = Verdict::Continue;
  work_.begin();
  const SystemCall* call = find_system_call(registers.rax);
  int64_t value = -ENOSYS;
  if (call == nullptr) {
    if (registers.rax < kSystemCalls) state_.unhandled.set(registers.rax);
  } else {
    if (call->effect != Effect::None) touch();
    value = call->handler(
        *this, registers,
        {registers.rdi, registers.rsi, registers.rdx, registers.r10, registers.r8, registers.r9});
  }
  if (verdict_ != Verdict::Continue) return verdict_;
  if (call == nullptr || call->effect != Effect::SetsRegisters) registers.rax = static_cast<uint64_t>(value);
  return state_.signals.pending == 0 ? Verdict::Continue : deliver(registers);
}

bool Process::fault(SignalInfo info, Registers& registers) {
  SignalState& signals = state_.signals;
  const auto number = static_cast<uint32_t>(info.number);
  if (signals.actions[number].handler <= 1 || (signals.blocked & bit(number)) != 0) return false;
  touch();
  // A page without rights is not there for the processor; for the program it is, and it may not touch it.
  if (info.code == SEGV_MAPERR && number == SIGSEGV && memory_.is_mapped(info.address))
    info.code = SEGV_ACCERR;
  return enter_handler(signals, info, registers, space_, vectors_);
}

Verdict Process::deliver(Registers& registers) {
  SignalState& signals = state_.signals;
  for (uint32_t number = 1; number <= kSignals; number++) {
    if ((signals.pending & ~signals.blocked & bit(number)) == 0) continue;
    touch();
    signals.pending &= ~bit(number);
    const uint64_t handler = signals.actions[number].handler;
    if (handler == 1 || (handler == 0 && !is_fatal_by_default(number))) continue;
    const SignalInfo info{.number = static_cast<int32_t>(number),
                          .code = (signals.killed & bit(number)) != 0 ? SI_USER : SI_TKILL,
                          .address = static_cast<uint64_t>(id_)};
    if (handler == 0 || !enter_handler(signals, info, registers, space_, vectors_)) {
      exit(0, handler == 0 ? number : uint32_t{SIGSEGV});
      return verdict_;
    }
  }
  return verdict_;
}

void Process::exit(int code, uint32_t signal) {
  exit_code_ = signal == 0 ? code & 0xff : static_cast<int>(128 + signal);
  exit_signal_ = signal;
  verdict_ = Verdict::Exited;
}

void Process::send(uint32_t signal, SentBy by) {
  if (signal == SIGKILL) {
    exit(0, signal);
    return;
  }
  SignalState& signals = state_.signals;
  if ((signals.pending & bit(signal)) != 0) return; // the first that came is the one there is
  signals.pending |= bit(signal);
  signals.killed = by == SentBy::Process ? signals.killed | bit(signal) : signals.killed & ~bit(signal);
}

int64_t Process::output(int stream, std::span<const uint8_t> bytes) {
  if (sink_) {
    sink_(stream, bytes);
    return static_cast<int64_t>(bytes.size());
  }
  std::vector<uint8_t>& to = stream == 1 ? state_.output : state_.errors;
  const size_t written = state_.output.size() + state_.errors.size();
  const uint64_t room = spec_.output_bytes - std::min<uint64_t>(spec_.output_bytes, written);
  const auto kept = bytes.first(std::min<uint64_t>(room, bytes.size()));
  if (!make_room(to, kept.size(), work_)) return 0;
  to.insert(to.end(), kept.begin(), kept.end());
  if (kept.size() < bytes.size()) {
    verdict_ = Verdict::Overflow;
    return 0;
  }
  return static_cast<int64_t>(bytes.size());
}

// A file without names is kept while it is open.
void Process::close_released() {
  state_.files.refund(state_.descriptors.take_freed());
  const int64_t closed = state_.descriptors.take_closed();
  if (closed < 0) return;
  const auto node = static_cast<NodeId>(closed);
  const Node& file = state_.files.at(node);
  if (file.links == 0 && file.kind != NodeKind::Directory && !state_.descriptors.is_open(node))
    state_.files.release(node, work_);
}

int64_t Process::realtime_ns() const {
  return spec_.clock_ns ? *spec_.clock_ns + state_.clocks.monotonic : clock_ns(CLOCK_REALTIME);
}

int64_t Process::since_begin(clockid_t clock, int64_t began) const {
  return spec_.clock_ns ? 0 : clock_ns(clock) - began;
}

int64_t Process::monotonic_ns() {
  looked_ = true;
  return kSecond + state_.clocks.monotonic + since_begin(CLOCK_MONOTONIC, began_.monotonic);
}

int64_t Process::uptime_s() {
  const int64_t run = state_.clocks.monotonic + since_begin(CLOCK_MONOTONIC, began_.monotonic);
  // C libraries ask for memory along with it, when they sort: in the first second they learn of no clock.
  if (run >= kSecond) looked_ = true;
  return 1 + run / kSecond;
}

int64_t Process::cpu_ns() {
  looked_ = true;
  return state_.clocks.cpu + since_begin(CLOCK_THREAD_CPUTIME_ID, began_.cpu);
}

bool Process::sleep(int64_t ns) {
  if (spec_.clock_ns) {
    // A clock that stands moves only here.
    int64_t& now = state_.clocks.monotonic;
    now = ns > kLongestRun - now ? kLongestRun : now + ns;
    return true;
  }
  looked_ = true; // it knows that as much time has passed
  const int64_t now = clock_ns(CLOCK_MONOTONIC);
  const int64_t end = ns > INT64_MAX - now ? INT64_MAX : now + ns;
  for (;;) {
    if (stopped_()) {
      verdict_ = Verdict::Stopped;
      return false;
    }
    const int64_t left = end - clock_ns(CLOCK_MONOTONIC);
    if (left <= 0) return true;
    const timespec slice{.tv_sec = 0, .tv_nsec = std::min(left, kSlice)};
    ::nanosleep(&slice, nullptr);
  }
}

int64_t Process::get_path(uint64_t gva, std::string& path) const {
  path.clear();
  while (path.size() < PATH_MAX) {
    std::array<char, 256> part;
    // Not past the page: the next one need not be there.
    const size_t want = std::min<size_t>(part.size(), kPage - gva % kPage);
    const size_t got = space_.read(gva, bytes_of(part).first(want));
    const std::string_view read(part.data(), got);
    const size_t end = read.find('\0');
    path.append(read.substr(0, end));
    if (end != std::string_view::npos) return path.size() < PATH_MAX ? 0 : -ENAMETOOLONG;
    if (got < want) return -EFAULT;
    gva += got;
  }
  return -ENAMETOOLONG;
}

void Process::stop_clocks() {
  const Clocks host = host_clocks();
  state_.clocks.monotonic += host.monotonic - began_.monotonic;
  state_.clocks.cpu += host.cpu - began_.cpu;
  began_ = host;
}

std::vector<uint8_t> Process::freeze() {
  memory().wipe();
  memory().forget_old();
  if (looked_ && !spec_.clock_ns) stop_clocks();
  state_.memory = memory_.state();
  return encode_state(state_, spec_.files);
}

uint64_t Process::kept_bytes() const {
  return state_.files.written() + state_.output.capacity() + state_.errors.capacity() + result_.capacity() +
         work_.kept_bytes();
}

std::span<const uint8_t> Process::result() {
  struct {
    int32_t code;
    uint32_t signal;
    uint32_t unhandled;
    uint32_t reserved;
    uint64_t output;
    uint64_t errors;
  } const head{.code = exit_code_,
               .signal = exit_signal_,
               .unhandled = static_cast<uint32_t>(state_.unhandled.count()),
               .reserved = 0,
               .output = state_.output.size(),
               .errors = state_.errors.size()};
  result_.resize(sizeof head);
  std::memcpy(result_.data(), &head, sizeof head);
  for (uint32_t number = 0; number < kSystemCalls; number++) {
    if (!state_.unhandled[number]) continue;
    const auto bytes = bytes_of(number);
    result_.insert(result_.end(), bytes.begin(), bytes.end());
  }
  result_.insert(result_.end(), state_.output.begin(), state_.output.end());
  result_.insert(result_.end(), state_.errors.begin(), state_.errors.end());
  return result_;
}

} // namespace snapvm
