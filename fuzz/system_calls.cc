// Random system calls of a Linux program, against a memory that checks its callers. Beside what the
// sanitizers see: every frame is mapped or free, a frozen state is read as it was written, and a restore
// leaves nothing.
#include "error.h"
#include "linux/syscalls.h"
#include "program.h"

namespace snapvm::fuzz {
namespace {

constexpr uint8_t kEntropy[32] = {1, 2, 3};
constexpr size_t kMostCalls = 64;
constexpr uint32_t kMostAsks = 4096; // then its time is up

void run(std::span<const uint8_t> bytes) {
  Input input(bytes);
  FakeSpace space;
  FakeVectors vectors;
  write_data(space);
  uint32_t asks = 0;
  Process process(sample_spec(), space, vectors, {}, {}, [&asks] { return ++asks > kMostAsks; });
  const std::vector<uint8_t> clean = process.freeze();
  const FakeSpace clean_space = space;
  process.restore();

  constexpr std::string_view kInput = "some standard input";
  process.begin(bytes_of_text(kInput), kEntropy, input.byte() % 8 == 7, kStartedId);
  Script script(input, space);
  Registers registers{};
  Verdict verdict = Verdict::Continue;
  for (size_t i = 0; i < kMostCalls && !input.done() && verdict == Verdict::Continue; i++) {
    if (!script.is_next_call()) {
      if (!process.fault(script.fault(), registers)) break;
      continue;
    }
    registers = script.call(registers);
    verdict = process.system_call(registers);
    script.note_result(registers.rax);
    const ProcessMemory::State& memory = process.memory().state();
    space.check_frames(memory.used, memory.free);
  }
  process.result();
  process.kept_bytes();

  const std::vector<uint8_t> frozen = process.freeze();
  FakeSpace again_space = space;
  Process again(sample_spec(), again_space, vectors, frozen, {}, [] { return false; });
  require(again.freeze() == frozen, "a frozen program is read as it was written");

  space = clean_space;
  process.restore();
  require(process.freeze() == clean, "a restore leaves nothing of a call");
}

} // namespace
} // namespace snapvm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t bytes) {
  snapvm::fuzz::run({data, bytes});
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t bytes, size_t most, unsigned seed) {
  return snapvm::fuzz::mutate_steps(data, bytes, most, 1, seed);
}
