// Looking at the file tree.
#include "linux/calls_paths.h"

#include "abi.h"
#include "linux/syscalls.h"
#include "memory/bytes.h"

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
constexpr uint64_t kPipeInode = 1u << 30;
constexpr int kStatFlags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH;

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
    target = file.kind == OpenKind::Node ? p.files().path_of(file.node, p.work())
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
  const auto part = bytes_of_text(target).first(n);
  return p.space().write(to, part) == n ? static_cast<int64_t>(n) : -EFAULT;
}

} // namespace

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

Found find_at(Process& p, int64_t directory, const std::string& path, bool follow) {
  NodeId from = p.state().cwd;
  if (!path.empty() && path.front() != '/' && directory != AT_FDCWD) {
    const OpenFile* file = p.descriptors().get(directory);
    if (file == nullptr) return {.error = -EBADF, .name = {}};
    if (file->kind != OpenKind::Node) return {.error = -ENOTDIR, .name = {}};
    from = file->node;
  }
  return p.files().find(from, path, follow, p.work());
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

int64_t call_readlink(Process& p, Registers&, const Arguments& a) {
  return read_link(p, AT_FDCWD, a[0], a[1], a[2]);
}

int64_t call_readlinkat(Process& p, Registers&, const Arguments& a) {
  return read_link(p, as_fd(a[0]), a[1], a[2], a[3]);
}

} // namespace snapvm
