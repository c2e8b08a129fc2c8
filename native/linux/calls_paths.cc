// Looking at the file tree.
#include "linux/calls_paths.h"

#include "abi.h"
#include "linux/syscalls.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace snapvm {
namespace {

constexpr uint64_t kDevice = 1;
constexpr uint64_t kFirstInode = 1;
constexpr uint64_t kPipeInode = 1u << 30;
constexpr int kStatFlags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH;

struct DirectoryEntry { // struct linux_dirent64, the name behind it
  uint64_t inode;
  int64_t offset;
  uint16_t bytes;
  uint8_t type;
} __attribute__((packed));
static_assert(sizeof(DirectoryEntry) == 19);

uint32_t type_of(NodeKind kind) {
  switch (kind) {
  case NodeKind::Directory:
  case NodeKind::Descriptors:
    return S_IFDIR;
  case NodeKind::File:
    return S_IFREG;
  case NodeKind::Link:
    return S_IFLNK;
  default:
    return S_IFCHR;
  }
}

uint64_t device_of(NodeKind kind) {
  switch (kind) {
  case NodeKind::Null:
    return makedev(1, 3);
  case NodeKind::Zero:
    return makedev(1, 5);
  case NodeKind::Full:
    return makedev(1, 7);
  case NodeKind::Random:
    return makedev(1, 9);
  default:
    return 0;
  }
}

struct stat stat_of(const FileSystem& files, NodeId id) {
  const Node& node = files.at(id);
  struct stat s {};
  s.st_dev = kDevice;
  s.st_ino = id + kFirstInode;
  s.st_nlink = node.links;
  s.st_mode = type_of(node.kind) | node.mode;
  s.st_rdev = device_of(node.kind);
  s.st_size = s.st_rdev != 0 ? 0 : static_cast<off_t>(node.content.bytes().size());
  s.st_blksize = kPage;
  s.st_blocks = (s.st_size + 511) / 512;
  s.st_atim.tv_sec = s.st_mtim.tv_sec = s.st_ctim.tv_sec = node.modified;
  return s;
}

struct stat stat_of_stream(const OpenFile& file) {
  struct stat s {};
  s.st_dev = kDevice;
  s.st_ino = kPipeInode + static_cast<uint64_t>(file.kind) + file.pipe;
  s.st_nlink = 1;
  s.st_mode = S_IFIFO | 0600;
  s.st_blksize = kPage;
  return s;
}

struct stat stat_of_file(Process& p, const OpenFile& file) {
  return file.kind == OpenKind::Node ? stat_of(p.files(), file.node) : stat_of_stream(file);
}

// `path_at` may be empty with AT_EMPTY_PATH: then the descriptor itself is meant.
int64_t stat_at(Process& p, int64_t directory, uint64_t path_at, int flags, struct stat& s) {
  std::string path;
  if (const int64_t error = p.get_path(path_at, path); error < 0) return error;
  if (path.empty() && (flags & AT_EMPTY_PATH) != 0 && directory != AT_FDCWD) {
    const OpenFile* file = p.descriptors().get(directory);
    if (file == nullptr) return -EBADF;
    s = stat_of_file(p, *file);
    return 0;
  }
  if (path.empty() && (flags & AT_EMPTY_PATH) != 0) path.push_back('.');
  const Found found = find_at(p, directory, path, (flags & AT_SYMLINK_NOFOLLOW) == 0);
  if (found.error != 0) return found.error;
  if (const int64_t fd = descriptor_at(p, found); fd >= 0)
    s = stat_of_file(p, *p.descriptors().get(fd));
  else if (found.exists)
    s = stat_of(p.files(), found.node);
  else
    return -ENOENT;
  return 0;
}

int64_t answer_stat(Process& p, int64_t directory, uint64_t path_at, int flags, uint64_t to) {
  struct stat s {};
  const int64_t error = stat_at(p, directory, path_at, flags, s);
  if (error < 0) return error;
  return p.put(to, s) ? 0 : -EFAULT;
}

int64_t answer_statfs(Process& p, uint64_t to) {
  struct statfs s {};
  s.f_type = TMPFS_MAGIC;
  s.f_bsize = s.f_frsize = kPage;
  s.f_blocks = p.space().frames();
  s.f_bfree = s.f_bavail = s.f_blocks - std::min<uint64_t>(s.f_blocks, p.files().written() / kPage);
  s.f_namelen = NAME_MAX;
  return p.put(to, s) ? 0 : -EFAULT;
}

int64_t check_access(Process& p, int64_t directory, uint64_t path_at, uint64_t mode, int flags) {
  if ((mode & ~uint64_t{R_OK | W_OK | X_OK}) != 0) return -EINVAL;
  struct stat s {};
  const int64_t error = stat_at(p, directory, path_at, flags, s);
  if (error < 0) return error;
  // The superuser may do everything but execute what nobody may.
  const bool runs = S_ISDIR(s.st_mode) || (s.st_mode & 0111) != 0;
  return (mode & X_OK) != 0 && !runs ? -EACCES : 0;
}

int64_t read_link(Process& p, int64_t directory, uint64_t path_at, uint64_t to, uint64_t bytes) {
  if (static_cast<int32_t>(bytes) <= 0) return -EINVAL;
  const Found found = find_at(p, directory, path_at, false);
  if (found.error != 0) return found.error;
  std::string target;
  if (const int64_t fd = descriptor_at(p, found); fd >= 0) {
    const OpenFile& file = *p.descriptors().get(fd);
    target = file.kind == OpenKind::Node ? p.files().path_of(file.node)
                                         : "pipe:[" + std::to_string(stat_of_stream(file).st_ino) + "]";
  } else if (!found.exists) {
    return -ENOENT;
  } else if (p.files().at(found.node).kind != NodeKind::Link) {
    return -EINVAL;
  } else {
    const auto content = p.files().at(found.node).content.bytes();
    target.assign(content.begin(), content.end());
  }
  const size_t n = std::min<size_t>(target.size(), static_cast<uint32_t>(bytes));
  const std::span part(reinterpret_cast<const uint8_t*>(target.data()), n);
  return p.space().write(to, part) == n ? static_cast<int64_t>(n) : -EFAULT;
}

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

Found find_at(Process& p, int64_t directory, const std::string& path, bool follow) {
  NodeId from = p.state().cwd;
  if (!path.empty() && path.front() != '/' && directory != AT_FDCWD) {
    const OpenFile* file = p.descriptors().get(directory);
    if (file == nullptr) return {.error = -EBADF, .name = {}};
    if (file->kind != OpenKind::Node) return {.error = -ENOTDIR, .name = {}};
    from = file->node;
  }
  return p.files().find(from, path, follow);
}

Found find_at(Process& p, int64_t directory, uint64_t path_at, bool follow) {
  std::string path;
  if (const int64_t error = p.get_path(path_at, path); error < 0)
    return {.error = static_cast<int>(error), .name = {}};
  return find_at(p, directory, path, follow);
}

int64_t descriptor_at(Process& p, const Found& found) {
  if (found.exists || p.files().at(found.parent).kind != NodeKind::Descriptors) return -1;
  int64_t fd = -1;
  const char* end = found.name.data() + found.name.size();
  const auto [stop, error] = std::from_chars(found.name.data(), end, fd);
  return error == std::errc() && stop == end && p.descriptors().get(fd) != nullptr ? fd : -1;
}

int64_t call_stat(Process& p, Registers&, const Arguments& a) {
  return answer_stat(p, AT_FDCWD, a[0], 0, a[1]);
}

int64_t call_lstat(Process& p, Registers&, const Arguments& a) {
  return answer_stat(p, AT_FDCWD, a[0], AT_SYMLINK_NOFOLLOW, a[1]);
}

int64_t call_fstat(Process& p, Registers&, const Arguments& a) {
  const OpenFile* file = p.descriptors().get(as_fd(a[0]));
  if (file == nullptr) return -EBADF;
  return p.put(a[1], stat_of_file(p, *file)) ? 0 : -EFAULT;
}

int64_t call_newfstatat(Process& p, Registers&, const Arguments& a) {
  if ((static_cast<int>(a[3]) & ~kStatFlags) != 0) return -EINVAL;
  return answer_stat(p, as_fd(a[0]), a[1], static_cast<int>(a[3]), a[2]);
}

int64_t call_statx(Process& p, Registers&, const Arguments& a) {
  struct stat s {};
  if ((static_cast<int>(a[2]) & ~(kStatFlags | AT_STATX_SYNC_TYPE)) != 0) return -EINVAL;
  const int64_t error = stat_at(p, as_fd(a[0]), a[1], static_cast<int>(a[2]), s);
  if (error < 0) return error;
  struct statx x {};
  x.stx_mask = STATX_BASIC_STATS;
  x.stx_blksize = static_cast<uint32_t>(s.st_blksize);
  x.stx_nlink = static_cast<uint32_t>(s.st_nlink);
  x.stx_mode = static_cast<uint16_t>(s.st_mode);
  x.stx_ino = s.st_ino;
  x.stx_size = static_cast<uint64_t>(s.st_size);
  x.stx_blocks = static_cast<uint64_t>(s.st_blocks);
  x.stx_atime.tv_sec = x.stx_mtime.tv_sec = x.stx_ctime.tv_sec = s.st_mtim.tv_sec;
  x.stx_rdev_major = major(s.st_rdev);
  x.stx_rdev_minor = minor(s.st_rdev);
  x.stx_dev_minor = kDevice;
  return p.put(a[4], x) ? 0 : -EFAULT;
}

int64_t call_statfs(Process& p, Registers&, const Arguments& a) {
  const Found found = find_at(p, AT_FDCWD, a[0], true);
  if (found.error != 0) return found.error;
  return found.exists ? answer_statfs(p, a[1]) : -ENOENT;
}

int64_t call_fstatfs(Process& p, Registers&, const Arguments& a) {
  return p.descriptors().get(as_fd(a[0])) == nullptr ? -EBADF : answer_statfs(p, a[1]);
}

int64_t call_access(Process& p, Registers&, const Arguments& a) {
  return check_access(p, AT_FDCWD, a[0], a[1], 0);
}

int64_t call_faccessat(Process& p, Registers&, const Arguments& a) {
  return check_access(p, as_fd(a[0]), a[1], a[2], 0);
}

int64_t call_faccessat2(Process& p, Registers&, const Arguments& a) {
  return check_access(p, as_fd(a[0]), a[1], a[2], static_cast<int>(a[3]));
}

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
  return static_cast<int64_t>(out.size());
}

int64_t call_readlink(Process& p, Registers&, const Arguments& a) {
  return read_link(p, AT_FDCWD, a[0], a[1], a[2]);
}

int64_t call_readlinkat(Process& p, Registers&, const Arguments& a) {
  return read_link(p, as_fd(a[0]), a[1], a[2], a[3]);
}

int64_t call_getcwd(Process& p, Registers&, const Arguments& a) {
  const std::string path = p.files().path_of(p.state().cwd);
  if (path.empty()) return -ENOENT;
  if (path.size() >= PATH_MAX) return -ENAMETOOLONG;
  if (a[1] <= path.size()) return -ERANGE;
  const std::span bytes(reinterpret_cast<const uint8_t*>(path.c_str()), path.size() + 1);
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
