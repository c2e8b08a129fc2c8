// The files a program is given, as src/guests/linux/file-archive.ts packs them: a header, one entry a file
// with its path, then the contents, to which entries point. Contents stay where they are until they are
// written.
#include "linux/byte_stream.h"
#include "linux/process.h"
#include "memory/bytes.h"

namespace snapvm {
namespace {

constexpr uint32_t kMagic = 0x41465653; // "SVFA"

struct Header {
  uint32_t magic;
  uint32_t count;
};
struct Entry {
  uint32_t kind;
  uint32_t mode;
  int64_t modified;
  uint64_t offset; // of the content, from the start of the archive
  uint64_t bytes;
  uint64_t path_bytes;
};
static_assert(sizeof(Entry) == 40);

} // namespace

FileSystem read_archive(std::span<const uint8_t> archive, uint64_t most_bytes) {
  FileSystem files(most_bytes);
  if (archive.empty()) return files;
  ByteReader in(archive);
  const auto header = in.value<Header>();
  if (header.magic != kMagic) throw Error(kInternal, "a snapshot's files are no archive");
  for (uint32_t i = 0; i < header.count; i++) {
    const auto entry = in.value<Entry>();
    const auto path = in.bytes(entry.path_bytes);
    if (entry.offset > archive.size() || entry.bytes > archive.size() - entry.offset)
      throw Error(kInternal, "a file of the snapshot lies outside its archive");
    if (entry.kind < uint32_t(NodeKind::Directory) || entry.kind > uint32_t(NodeKind::Link))
      throw Error(kInternal, "a file of the snapshot is of an unknown kind");
    // SAFETY: the kind was checked above.
    files.put(text_of(path), static_cast<NodeKind>(entry.kind), entry.mode & 07777, entry.modified,
              Content(archive.subspan(entry.offset, entry.bytes)));
  }
  return files;
}

} // namespace snapvm
