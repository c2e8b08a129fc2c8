// The files a program is given, as bytes of a snapshot. A tree that is read can be walked, frozen, and read
// again.
#include "error.h"
#include "program.h"

namespace snapvm::fuzz {
namespace {

constexpr uint64_t kMostBytes = 1 << 20;

void walk(const FileSystem& files) {
  for (NodeId id = 0; id < files.size(); id++) {
    const Node& node = files.at(id);
    uint64_t sum = 0;
    for (const uint8_t byte : node.content.bytes())
      sum += byte;
    require(sum < UINT64_MAX, "a file's content can be read");
    if (node.kind == NodeKind::Directory) {
      const Found found = files.find(kRoot, files.path_of(id), false);
      require(found.error != 0 || !found.exists || found.node == id, "the path of a folder leads to it");
    }
    for (const auto& [name, child] : node.children) {
      require(child < files.size(), "a name stands for a file");
      files.find(id, name, true);
    }
  }
}

void run(std::span<const uint8_t> bytes) {
  // On the heap, whole: what is read behind it is seen.
  const std::vector<uint8_t> archive(bytes.begin(), bytes.end());
  Process::State state;
  try {
    state.files = read_archive(archive, kMostBytes);
  } catch (const Error&) {
    return;
  }
  walk(state.files);
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
