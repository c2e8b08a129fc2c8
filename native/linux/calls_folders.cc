// Folders: what is in them, and where the program stands.
#include "linux/calls_paths.h"
#include "linux/syscalls.h"
#include "memory/bytes.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>

namespace snapvm {
namespace {

struct DirectoryEntry { // struct linux_dirent64, the name behind it
  uint64_t inode;
  int64_t offset;
  uint16_t bytes;
  uint8_t type;
} __attribute__((packed));
static_assert(sizeof(DirectoryEntry) == 19);

uint8_t entry_type(const FileSystem& files, NodeId id) {
  return static_cast<uint8_t>(IFTODT(type_of(files.at(id).kind)));
}

// Appends an entry if it fits.
bool add_entry(std::vector<uint8_t>& out, size_t room, const std::string& name, uint64_t inode, uint8_t type,
               uint64_t offset) {
  const size_t bytes = (sizeof(DirectoryEntry) + name.size() + 1 + 7) / 8 * 8;
  if (bytes > room - out.size()) return false;
  const DirectoryEntry entry{.inode = inode,
                             .offset = static_cast<int64_t>(offset),
                             .bytes = static_cast<uint16_t>(bytes),
                             .type = type};
  const size_t at = out.size();
  out.resize(at + bytes);
  std::memcpy(out.data() + at, &entry, sizeof entry);
  std::memcpy(out.data() + at + sizeof entry, name.data(), name.size());
  return true;
}

// The names of /proc/self/fd, like those of any directory.
Names descriptor_names(Process& p) {
  Names names;
  for (size_t fd = 0; fd < p.descriptors().slots().size(); fd++) {
    if (p.descriptors().slots()[fd].file >= 0) names.emplace(std::to_string(fd), kRoot);
  }
  return names;
}

} // namespace

int64_t call_getdents64(Process& p, Registers&, const Arguments& a) {
  constexpr size_t kMost = 1 << 16;
  OpenFile* file = p.descriptors().get(as_fd(a[0]));
  if (file == nullptr || (file->flags & O_PATH) != 0) return -EBADF;
  if (file->kind != OpenKind::Node) return -ENOTDIR;
  const Node& node = p.files().at(file->node);
  const bool numbers = node.kind == NodeKind::Descriptors;
  if (node.kind != NodeKind::Directory && !numbers) return -ENOTDIR;
  const Names open = numbers ? descriptor_names(p) : Names{};
  const Names& names = numbers ? open : node.children; // not a copy: it may be long
  const size_t room = std::min<uint64_t>(static_cast<uint32_t>(a[2]), kMost);
  std::vector<uint8_t> out;
  uint64_t offset = file->offset;
  std::string last = file->last;
  bool fits = true;
  const auto add = [&](const std::string& name, NodeId id, uint8_t type) {
    fits = add_entry(out, room, name, id + kFirstInode, type, offset + 1);
    offset += fits;
    return fits;
  };
  if (offset == 0) add(".", file->node, DT_DIR);
  if (offset == 1 && fits) add("..", node.parent, DT_DIR);
  // By name, not by count: what was given stays given when entries are removed in between.
  for (auto entry = names.upper_bound(last); fits && entry != names.end(); entry++) {
    const uint8_t type = numbers ? uint8_t{DT_LNK} : entry_type(p.files(), entry->second);
    if (add(entry->first, entry->second, type)) last = entry->first;
  }
  if (!fits && out.empty()) return -EINVAL;
  if (p.space().write(a[1], out) != out.size()) return -EFAULT;
  file->offset = offset;
  file->last = last;
  p.work().stop_after(out.size());
  return static_cast<int64_t>(out.size());
}

int64_t call_getcwd(Process& p, Registers&, const Arguments& a) {
  const std::string path = p.files().path_of(p.state().cwd, p.work());
  if (path.empty()) return -ENOENT;
  if (path.size() >= PATH_MAX) return -ENAMETOOLONG;
  if (a[1] <= path.size()) return -ERANGE;
  const auto bytes = bytes_of_text({path.c_str(), path.size() + 1});
  return p.space().write(a[0], bytes) == bytes.size() ? static_cast<int64_t>(bytes.size()) : -EFAULT;
}

int64_t call_chdir(Process& p, Registers&, const Arguments& a) {
  const Found found = find_at(p, AT_FDCWD, a[0], true);
  if (found.error != 0) return found.error;
  if (!found.exists) return -ENOENT;
  if (p.files().at(found.node).kind != NodeKind::Directory) return -ENOTDIR;
  p.state().cwd = found.node;
  return 0;
}

int64_t call_fchdir(Process& p, Registers&, const Arguments& a) {
  const OpenFile* file = p.descriptors().get(as_fd(a[0]));
  if (file == nullptr) return -EBADF;
  if (file->kind != OpenKind::Node || p.files().at(file->node).kind != NodeKind::Directory) return -ENOTDIR;
  p.state().cwd = file->node;
  return 0;
}

} // namespace snapvm
