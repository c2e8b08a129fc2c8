// The state of a frozen program, as bytes that may come from a disk. What is accepted is written as it was
// read, and the program can go on with it.
#include "error.h"
#include "linux/syscalls.h"
#include "program.h"
#include "state_fields.h"

#include <fcntl.h>
#include <optional>
#include <sys/mman.h>

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t bytes, size_t most);

namespace snapvm::fuzz {
namespace {

constexpr uint8_t kEntropy[32] = {};
constexpr uint64_t kMostBytes = uint64_t{kFrames} * kPage;
constexpr uint32_t kMostAsks = 4096;
constexpr size_t kLeastState = 64;
constexpr uint64_t kBuffer = kData + kPage;

// The call's answer. Nothing: the program does not go on.
std::optional<int64_t> call(Process& process, uint64_t number, uint64_t a, uint64_t b, uint64_t c = 0,
                            uint64_t d = 0, uint64_t e = 0) {
  Registers registers{};
  registers.rax = number;
  registers.rdi = a;
  registers.rsi = b;
  registers.rdx = c;
  registers.r10 = d;
  registers.r8 = e;
  registers.rsp = kData + kDataBytes - kPage / 2;
  if (process.system_call(registers) != Verdict::Continue) return std::nullopt;
  return static_cast<int64_t>(registers.rax);
}

// That of a program which has files, a pipe and folders open and written.
const std::vector<uint8_t>& sample_state() {
  static const std::vector<uint8_t> state = [] {
    FakeSpace space;
    FakeVectors vectors;
    write_data(space);
    Process process(sample_spec(), space, vectors, {}, {}, [] { return false; });
    process.begin({}, kEntropy, false, kStartedId);
    constexpr uint64_t kNewFile = kData + 2 * kPathBytes, kFolder = kData + 3 * kPathBytes,
                       kRootFolder = kData + 6 * kPathBytes;
    call(process, 2, kNewFile, 0102, 0644); // open
    call(process, 1, 3, kData, 100);        // write
    call(process, 83, kFolder, 0755, 0);    // mkdir
    call(process, 2, kRootFolder, 0, 0);
    call(process, 22, kData + kPage, 0, 0); // pipe
    call(process, 1, 6, kData, 10);
    call(process, 1, 1, kData, 5);
    call(process, 9, 0, 4 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, ~uint64_t{0}); // mmap
    call(process, 28, kMapStart, kPage, MADV_WIPEONFORK);
    std::vector<uint8_t> frozen = process.freeze();
    bool whole = false;
    fields_of(frozen, &whole);
    require(whole, "state_fields.cc knows the form of a frozen program's state");
    return frozen;
  }();
  return state;
}

bool use_descriptor(Process& process, uint64_t fd) {
  // fstat, lseek, read, write, getdents64, fchdir, dup, ftruncate, close
  for (const uint64_t number : {5, 8, 0, 1, 217, 81, 32, 77, 3}) {
    const bool seeks = number == 8 || number == 77;
    if (!call(process, number, fd, seeks ? 3 : kBuffer, seeks ? 1 : 64)) return false;
  }
  return true;
}

void use(Process& process) {
  process.begin({}, kEntropy, false, kThawedId);
  walk(process.files(), process.work());
  for (uint64_t path = 0; path < kPaths; path++) {
    const uint64_t at = kData + path * kPathBytes;
    const auto fd = call(process, 2, at, O_RDWR);      // open
    if (!fd || !call(process, 4, at, kBuffer)) return; // stat
    if (*fd >= 0 && !use_descriptor(process, static_cast<uint64_t>(*fd))) return;
  }
  for (uint64_t fd = 0; fd < 8; fd++)
    if (!use_descriptor(process, fd)) return;
  for (uint64_t path = 0; path < kPaths; path++)
    if (!call(process, 87, kData + path * kPathBytes, 0)) return; // unlink
}

void run(std::span<const uint8_t> bytes) {
  const ProcessSpec spec = sample_spec();
  std::vector<uint8_t> once;
  try {
    once = encode_state(decode_state(bytes, spec, kMostBytes), spec.files);
  } catch (const Error&) {
    return;
  }
  require(encode_state(decode_state(once, spec, kMostBytes), spec.files) == once,
          "a frozen program is read as it was written");
  FakeSpace space;
  FakeVectors vectors;
  write_data(space);
  uint32_t asks = 0;
  try {
    Process process(spec, space, vectors, bytes, {}, [&asks] { return ++asks > kMostAsks; });
    use(process);
    process.freeze();
    process.restore();
  } catch (const Error&) {
  }
}

} // namespace
} // namespace snapvm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t bytes) {
  snapvm::fuzz::run({data, bytes});
  return 0;
}

// Begins with a state that is one: no chance would lead there. Most of the time only numbers in it change.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t bytes, size_t most, unsigned seed) {
  using namespace snapvm::fuzz;
  const auto& sample = sample_state();
  if (bytes < kLeastState && sample.size() <= most) {
    std::copy(sample.begin(), sample.end(), data);
    bytes = sample.size();
  }
  if (seed % 4 == 0) return LLVMFuzzerMutate(data, bytes, most);
  return mutate_fields({data, bytes}, seed);
}
