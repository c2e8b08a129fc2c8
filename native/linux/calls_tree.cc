// Changing the file tree.
#include "linux/calls_paths.h"
#include "linux/syscalls.h"
#include "memory/bytes.h"

#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace snapvm {
namespace {

int64_t make_directory(Process& p, int64_t directory, uint64_t path_at, uint64_t mode) {
  const Found found = find_at(p, directory, path_at, false);
  if (found.error != 0) return found.error;
  if (found.exists) return -EEXIST;
  const int64_t made =
      p.files().create(found, NodeKind::Directory, static_cast<uint32_t>(mode) & 01777 & ~p.state().umask,
                       p.now_s(), p.work());
  return made < 0 ? made : 0;
}

int64_t remove_at(Process& p, int64_t directory, uint64_t path_at, uint64_t flags) {
  if ((flags & ~uint64_t{AT_REMOVEDIR}) != 0) return -EINVAL;
  const Found found = find_at(p, directory, path_at, false);
  if (found.error != 0) return found.error;
  if (!found.exists) return -ENOENT;
  if ((flags & AT_REMOVEDIR) != 0) return p.files().remove_directory(found, p.now_s(), p.work());
  if (found.trailing_slash && p.files().at(found.node).kind != NodeKind::Directory) return -ENOTDIR;
  if (const int error = p.files().unlink(found, p.now_s(), p.work()); error != 0) return error;
  const Node& node = p.files().at(found.node);
  if (node.links == 0 && node.kind != NodeKind::Directory && !p.descriptors().is_open(found.node))
    p.files().release(found.node, p.work());
  return 0;
}

int64_t rename_at(Process& p, int64_t from_dir, uint64_t from_at, int64_t to_dir, uint64_t to_at,
                  uint64_t flags) {
  constexpr uint64_t kNoReplace = 1;
  if ((flags & ~kNoReplace) != 0) return -EINVAL;
  const Found from = find_at(p, from_dir, from_at, false);
  if (from.error != 0) return from.error;
  const Found to = find_at(p, to_dir, to_at, false);
  if (to.error != 0) return to.error;
  if (!from.exists) return -ENOENT;
  if (to.exists && (flags & kNoReplace) != 0) return -EEXIST;
  const int error = p.files().rename(from, to, p.now_s(), p.work());
  if (error == 0 && to.exists && to.node != from.node) {
    const Node& node = p.files().at(to.node);
    if (node.links == 0 && node.kind != NodeKind::Directory && !p.descriptors().is_open(to.node))
      p.files().release(to.node, p.work());
  }
  return error;
}

int64_t link_at(Process& p, const Arguments& a) {
  const auto flags = static_cast<int>(a[4]);
  if ((flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) != 0) return -EINVAL;
  const Found from = find_at(p, as_fd(a[0]), a[1], (flags & AT_SYMLINK_FOLLOW) != 0);
  if (from.error != 0) return from.error;
  if (!from.exists) return -ENOENT;
  const Found to = find_at(p, as_fd(a[2]), a[3], false);
  if (to.error != 0) return to.error;
  if (to.exists) return -EEXIST;
  if (p.files().at(from.node).kind == NodeKind::Directory) return -EPERM;
  return p.files().link(from.node, to, p.now_s(), p.work());
}

int64_t make_link(Process& p, uint64_t target_at, int64_t directory, uint64_t path_at) {
  std::string target;
  if (const int64_t error = p.get_path(target_at, target); error < 0) return error;
  if (target.empty()) return -ENOENT;
  const Found found = find_at(p, directory, path_at, false);
  if (found.error != 0) return found.error;
  if (found.exists) return -EEXIST;
  if (found.trailing_slash) return -ENOENT;
  const int64_t made = p.files().create(found, NodeKind::Link, 0777, p.now_s(), p.work());
  if (made < 0) return made;
  // Written like a file, for it takes memory like one.
  const int64_t written =
      p.files().write(static_cast<NodeId>(made), 0, bytes_of_text(target), p.now_s(), p.work());
  if (written >= 0) return 0;
  p.files().unlink(find_at(p, directory, path_at, false), p.now_s(), p.work());
  return written;
}

int64_t change_mode(Process& p, NodeId node, uint64_t mode) {
  p.files().edit(node, p.work()).mode = static_cast<uint32_t>(mode) & 07777;
  return 0;
}

int64_t change_mode_at(Process& p, int64_t directory, uint64_t path_at, uint64_t mode) {
  const Found found = find_at(p, directory, path_at, true);
  if (found.error != 0) return found.error;
  return found.exists ? change_mode(p, found.node, mode) : -ENOENT;
}

// Everything belongs to the one user there is; giving it to another is refused.
int64_t check_owner(uint64_t user, uint64_t group) {
  const auto stays = [](uint64_t id) {
    return static_cast<uint32_t>(id) == 0 || static_cast<int32_t>(id) == -1;
  };
  return stays(user) && stays(group) ? 0 : -EPERM;
}

} // namespace

int64_t call_mkdir(Process& p, Registers&, const Arguments& a) {
  return make_directory(p, AT_FDCWD, a[0], a[1]);
}

int64_t call_mkdirat(Process& p, Registers&, const Arguments& a) {
  return make_directory(p, as_fd(a[0]), a[1], a[2]);
}

int64_t call_rmdir(Process& p, Registers&, const Arguments& a) {
  return remove_at(p, AT_FDCWD, a[0], AT_REMOVEDIR);
}

int64_t call_unlink(Process& p, Registers&, const Arguments& a) {
  return remove_at(p, AT_FDCWD, a[0], 0);
}

int64_t call_unlinkat(Process& p, Registers&, const Arguments& a) {
  return remove_at(p, as_fd(a[0]), a[1], static_cast<uint32_t>(a[2]));
}

int64_t call_rename(Process& p, Registers&, const Arguments& a) {
  return rename_at(p, AT_FDCWD, a[0], AT_FDCWD, a[1], 0);
}

int64_t call_renameat(Process& p, Registers&, const Arguments& a) {
  return rename_at(p, as_fd(a[0]), a[1], as_fd(a[2]), a[3], 0);
}

int64_t call_renameat2(Process& p, Registers&, const Arguments& a) {
  return rename_at(p, as_fd(a[0]), a[1], as_fd(a[2]), a[3], static_cast<uint32_t>(a[4]));
}

int64_t call_link(Process& p, Registers&, const Arguments& a) {
  return link_at(p, {static_cast<uint64_t>(AT_FDCWD), a[0], static_cast<uint64_t>(AT_FDCWD), a[1], 0, 0});
}

int64_t call_linkat(Process& p, Registers&, const Arguments& a) {
  return link_at(p, a);
}

int64_t call_symlink(Process& p, Registers&, const Arguments& a) {
  return make_link(p, a[0], AT_FDCWD, a[1]);
}

int64_t call_symlinkat(Process& p, Registers&, const Arguments& a) {
  return make_link(p, a[0], as_fd(a[1]), a[2]);
}

int64_t call_chmod(Process& p, Registers&, const Arguments& a) {
  return change_mode_at(p, AT_FDCWD, a[0], a[1]);
}

int64_t call_fchmod(Process& p, Registers&, const Arguments& a) {
  const OpenFile* file = p.descriptors().get(as_fd(a[0]));
  if (file == nullptr) return -EBADF;
  return file->kind == OpenKind::Node ? change_mode(p, file->node, a[1]) : 0;
}

int64_t call_fchmodat(Process& p, Registers&, const Arguments& a) {
  return change_mode_at(p, as_fd(a[0]), a[1], a[2]);
}

int64_t call_chown(Process& p, Registers&, const Arguments& a) {
  const Found found = find_at(p, AT_FDCWD, a[0], false);
  if (found.error != 0) return found.error;
  return found.exists ? check_owner(a[1], a[2]) : -ENOENT;
}

int64_t call_fchown(Process& p, Registers&, const Arguments& a) {
  return p.descriptors().get(as_fd(a[0])) == nullptr ? -EBADF : check_owner(a[1], a[2]);
}

int64_t call_fchownat(Process& p, Registers&, const Arguments& a) {
  const Found found = find_at(p, as_fd(a[0]), a[1], false);
  if (found.error != 0) return found.error;
  return found.exists ? check_owner(a[2], a[3]) : -ENOENT;
}

int64_t call_utimensat(Process& p, Registers&, const Arguments& a) {
  int64_t modified = p.now_s();
  if (a[2] != 0) {
    timespec times[2];
    if (!p.get(a[2], times)) return -EFAULT;
    if (times[1].tv_nsec == UTIME_OMIT) return 0;
    if (times[1].tv_nsec != UTIME_NOW) {
      if (times[1].tv_nsec < 0 || times[1].tv_nsec >= 1'000'000'000) return -EINVAL;
      modified = times[1].tv_sec;
    }
  }
  if (a[1] == 0) { // the descriptor itself
    const OpenFile* file = p.descriptors().get(as_fd(a[0]));
    if (file == nullptr) return -EBADF;
    if (file->kind == OpenKind::Node) p.files().edit(file->node, p.work()).modified = modified;
    return 0;
  }
  const Found found = find_at(p, as_fd(a[0]), a[1], (a[3] & AT_SYMLINK_NOFOLLOW) == 0);
  if (found.error != 0) return found.error;
  if (!found.exists) return -ENOENT;
  p.files().edit(found.node, p.work()).modified = modified;
  return 0;
}

int64_t call_umask(Process& p, Registers&, const Arguments& a) {
  const uint32_t before = p.state().umask;
  p.state().umask = static_cast<uint32_t>(a[0]) & 0777;
  return before;
}

} // namespace snapvm
