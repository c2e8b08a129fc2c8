// The state of a frozen program, as bytes that may come from a disk. What is accepted is written as it was
// read, and the program can go on with it.
#include "error.h"
#include "linux/syscalls.h"
#include "program.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t bytes, size_t most);

namespace snapvm::fuzz {
namespace {

constexpr uint8_t kEntropy[32] = {};
constexpr uint64_t kMostBytes = uint64_t{kFrames} * kPage;
constexpr uint32_t kMostAsks = 4096;
constexpr size_t kLeastState = 64;

// That of a program which has files, a pipe and folders open and written.
const std::vector<uint8_t>& sample_state() {
  static const std::vector<uint8_t> state = [] {
    FakeSpace space;
    FakeVectors vectors;
    write_data(space);
    Process process(sample_spec(), space, vectors, {}, {}, [] { return false; });
    process.begin({}, kEntropy, false);
    const auto call = [&process](uint64_t number, uint64_t a, uint64_t b, uint64_t c) {
      Registers registers{};
      registers.rax = number;
      registers.rdi = a;
      registers.rsi = b;
      registers.rdx = c;
      process.system_call(registers);
    };
    constexpr uint64_t kNewFile = kData + 2 * 64, kFolder = kData + 3 * 64, kRootFolder = kData + 6 * 64;
    call(2, kNewFile, 0102, 0644); // open
    call(1, 3, kData, 100);        // write
    call(83, kFolder, 0755, 0);    // mkdir
    call(2, kRootFolder, 0, 0);
    call(22, kData + kPage, 0, 0); // pipe
    call(1, 6, kData, 10);
    call(1, 1, kData, 5);
    return process.freeze();
  }();
  return state;
}

void use(Process& process) {
  process.begin({}, kEntropy, false);
  constexpr uint64_t kBuffer = kData + kPage;
  // fstat, lseek, read, write, getdents64, fchdir, dup, ftruncate, close
  constexpr uint64_t kNumbers[] = {5, 8, 0, 1, 217, 81, 32, 77, 3};
  for (uint64_t fd = 0; fd < 8; fd++) {
    for (const uint64_t number : kNumbers) {
      Registers registers{};
      registers.rax = number;
      registers.rdi = fd;
      registers.rsi = number == 8 || number == 77 ? 3 : kBuffer;
      registers.rdx = number == 8 ? 1 : 64;
      registers.rsp = kData + kDataBytes - kPage / 2;
      if (process.system_call(registers) != Verdict::Continue) return;
    }
  }
  for (uint64_t path = 0; path < 16; path++) {
    for (const uint64_t number : {4, 2, 87}) { // stat, open, unlink
      Registers registers{};
      registers.rax = number;
      registers.rdi = kData + path * 64;
      registers.rsi = number == 2 ? 0100 : kBuffer;
      if (process.system_call(registers) != Verdict::Continue) return;
    }
  }
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

// Begins with a state that is one: no chance would lead there.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t bytes, size_t most, unsigned) {
  const auto& sample = snapvm::fuzz::sample_state();
  if (bytes < snapvm::fuzz::kLeastState && sample.size() <= most) {
    std::copy(sample.begin(), sample.end(), data);
    bytes = sample.size();
  }
  return LLVMFuzzerMutate(data, bytes, most);
}
