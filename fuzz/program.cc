#include "program.h"

#include <array>
#include <string>

namespace snapvm::fuzz {
namespace {

constexpr std::array<const char*, kPaths> kPathTexts = {
    "/data/input", "/data/link", "/tmp/x", "/tmp/y",    "/tmp/y/z",  "/tmp/y/z/w",      "/",    "..",
    ".",           "",           "x",      "/dev/zero", "/dev/null", "/proc/self/fd/3", "/dev", "/none/"};

void add(std::vector<uint8_t>& to, const auto& value) {
  const auto bytes = bytes_of(value);
  to.insert(to.end(), bytes.begin(), bytes.end());
}

std::vector<uint8_t> make_archive() {
  struct File {
    const char* path;
    NodeKind kind;
    const char* content;
  };
  // The file that is read most comes last: what is read behind its end lies behind the archive's.
  constexpr File kFiles[] = {{"/data", NodeKind::Directory, ""},
                             {"/bin/program", NodeKind::File, "no code"},
                             {"/data/link", NodeKind::Link, "/data/input"},
                             {"/data/round", NodeKind::Link, "/data/round"},
                             {"/data/input", NodeKind::File, "the bytes of a file\n"}};
  size_t at = 8;
  for (const File& file : kFiles)
    at += 40 + std::strlen(file.path);
  std::vector<uint8_t> archive, contents;
  add(archive, uint32_t{0x41465653});
  add(archive, static_cast<uint32_t>(std::size(kFiles)));
  for (const File& file : kFiles) {
    const std::string_view path = file.path, content = file.content;
    add(archive, uint32_t(file.kind));
    add(archive, uint32_t{0644});
    add(archive, int64_t{1});
    add(archive, uint64_t{at + contents.size()});
    add(archive, uint64_t{content.size()});
    add(archive, uint64_t{path.size()});
    archive.insert(archive.end(), path.begin(), path.end());
    contents.insert(contents.end(), content.begin(), content.end());
  }
  archive.insert(archive.end(), contents.begin(), contents.end());
  archive.shrink_to_fit(); // ASan sees nothing of what a vector has to spare
  return archive;
}

} // namespace

std::span<const uint8_t> sample_archive() {
  static const std::vector<uint8_t> archive = make_archive();
  return archive;
}

ProcessSpec sample_spec() {
  ProcessSpec spec;
  spec.args = {"program", "one"};
  spec.env = {"A=B"};
  spec.path = "/bin/program";
  spec.cwd = "/tmp";
  spec.entry = kImageBase;
  spec.windows = {.brk_start = kBrkStart, .brk_end = kBrkEnd, .map_start = kMapStart, .map_end = kMapEnd};
  spec.stack_end = kData + kDataBytes;
  spec.stack_bytes = 2 * kPage;
  spec.clock_ns = 1'000'000'000'000;
  spec.output_bytes = 8192;
  spec.files = sample_archive();
  return spec;
}

void write_data(AddressSpace& space) {
  for (size_t i = 0; i < kPaths; i++)
    space.write(kData + i * kPathBytes, bytes_of_text({kPathTexts[i], std::strlen(kPathTexts[i]) + 1}));
}

void walk(const FileSystem& files, Work& work) {
  for (NodeId id = 0; id < files.size(); id++) {
    const Node& node = files.at(id);
    uint64_t sum = 0;
    for (const uint8_t byte : node.content.bytes())
      sum += byte;
    require(sum < UINT64_MAX, "a file's content can be read");
    if (node.kind == NodeKind::Directory) {
      const Found found = files.find(kRoot, files.path_of(id, work), false, work);
      require(found.error != 0 || !found.exists || found.node == id, "the path of a folder leads to it");
    }
    for (const auto& [name, child] : node.children) {
      require(child < files.size(), "a name stands for a file");
      files.find(id, name, true, work);
    }
  }
}

} // namespace snapvm::fuzz
