// The files a program is given, as bytes of a snapshot. A tree that is read can be walked, frozen, and read
// again.
#include "error.h"
#include "program.h"

namespace snapvm::fuzz {
namespace {

constexpr uint64_t kMostBytes = 1 << 20;

void run(std::span<const uint8_t> bytes) {
  // On the heap, whole: what is read behind it is seen.
  const std::vector<uint8_t> archive(bytes.begin(), bytes.end());
  Process::State state;
  try {
    state.files = read_archive(archive, kMostBytes);
  } catch (const Error&) {
    return;
  }
  Work work([] { return false; });
  walk(state.files, work);
  ProcessSpec spec = sample_spec();
  spec.files = archive;
  state.memory.brk = spec.windows.brk_start;
  const std::vector<uint8_t> frozen = encode_state(state, archive);
  const Process::State again = decode_state(frozen, spec, kMostBytes);
  require(encode_state(again, archive) == frozen, "a file tree is read as it was written");
}

} // namespace
} // namespace snapvm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t bytes) {
  snapvm::fuzz::run({data, bytes});
  return 0;
}
