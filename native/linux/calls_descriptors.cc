// Opening and closing, duplicates, pipes, waiting for readiness.
#include "linux/calls_paths.h"
#include "linux/syscalls.h"
#include "memory/bytes.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/select.h>

namespace snapvm {
namespace {

constexpr uint32_t kStatusFlags = O_APPEND | O_NONBLOCK | O_NOATIME | O_DIRECT;

int64_t open_node(Process& p, NodeId id, uint32_t flags) {
  const NodeKind kind = p.files().at(id).kind;
  const bool directory = kind == NodeKind::Directory || kind == NodeKind::Descriptors;
  if ((flags & O_DIRECTORY) != 0 && !directory) return -ENOTDIR;
  if (kind == NodeKind::Link && (flags & O_PATH) == 0) return -ELOOP;
  const bool writes = (flags & O_ACCMODE) != O_RDONLY && (flags & O_PATH) == 0;
  if (directory && (writes || (flags & (O_CREAT | O_TRUNC)) != 0)) return -EISDIR;
  if ((flags & O_TRUNC) != 0 && writes && kind == NodeKind::File) {
    if (const int error = p.files().truncate(id, 0, p.now_s(), p.work()); error != 0) return error;
  }
  const OpenFile file{.kind = OpenKind::Node,
                      .node = id,
                      .flags = flags & (O_ACCMODE | O_PATH | kStatusFlags | O_DIRECTORY),
                      .last = {}};
  return p.descriptors().open(file, (flags & O_CLOEXEC) != 0);
}

int64_t open_path(Process& p, int64_t directory, uint64_t path_at, uint32_t flags, uint32_t mode) {
  if ((flags & O_TMPFILE) == O_TMPFILE) return -EOPNOTSUPP;
  const bool exclusive = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
  const Found found = find_at(p, directory, path_at, (flags & O_NOFOLLOW) == 0 && !exclusive);
  if (found.error != 0) return found.error;
  // /proc/self/fd/N: what it stands for, opened anew where that is a file.
  if (const int64_t fd = descriptor_at(p, found); fd >= 0) {
    const OpenFile* open = p.descriptors().get(fd);
    if (open->kind == OpenKind::Node) return open_node(p, open->node, flags & ~uint32_t{O_NOFOLLOW});
    return p.descriptors().duplicate(fd, (flags & O_CLOEXEC) != 0, 0);
  }
  if (found.exists) return exclusive ? -EEXIST : open_node(p, found.node, flags);
  if ((flags & O_CREAT) == 0) return -ENOENT;
  if (found.trailing_slash) return -EISDIR;
  if ((flags & O_DIRECTORY) != 0) return -EINVAL;
  const int64_t made =
      p.files().create(found, NodeKind::File, mode & 07777 & ~p.state().umask, p.now_s(), p.work());
  return made < 0 ? made : open_node(p, static_cast<NodeId>(made), flags & ~uint32_t{O_TRUNC});
}

int64_t make_pipe(Process& p, uint64_t at, uint64_t flags) {
  if ((flags & ~uint64_t{O_CLOEXEC | O_NONBLOCK | O_DIRECT}) != 0) return -EINVAL;
  Descriptors& descriptors = p.descriptors();
  const uint32_t status = static_cast<uint32_t>(flags) & kStatusFlags;
  const bool close_on_exec = (flags & O_CLOEXEC) != 0;
  const uint32_t pipe = descriptors.add_pipe();
  OpenFile file{.kind = OpenKind::PipeRead, .pipe = pipe, .flags = O_RDONLY | status, .last = {}};
  const int64_t read_end = descriptors.open(file, close_on_exec);
  file.kind = OpenKind::PipeWrite;
  file.flags = O_WRONLY | status;
  const int64_t write_end = read_end < 0 ? read_end : descriptors.open(file, close_on_exec);
  const int32_t ends[] = {static_cast<int32_t>(read_end), static_cast<int32_t>(write_end)};
  if (write_end >= 0 && p.put(at, ends)) return 0;
  if (read_end < 0) descriptors.pipe(pipe).readers--;
  if (write_end < 0) descriptors.pipe(pipe).writers--;
  if (read_end >= 0) descriptors.close(read_end);
  if (write_end >= 0) descriptors.close(write_end);
  return write_end < 0 ? write_end : -EFAULT;
}

// What could be done with a descriptor right now. Asking whether the input is there counts as reading it.
short readiness(Process& p, int64_t fd, short events) {
  const OpenFile* file = p.descriptors().get(fd);
  if (file == nullptr) return POLLNVAL;
  short ready = 0;
  switch (file->kind) {
  case OpenKind::Input:
    if (p.wants_freeze() && (events & (POLLIN | POLLRDNORM)) != 0) p.end_with(Verdict::Frozen);
    ready = p.input_at() < p.input().size() ? POLLIN | POLLRDNORM | POLLHUP : POLLHUP;
    break;
  case OpenKind::PipeRead: {
    const Pipe& pipe = p.descriptors().pipe(file->pipe);
    ready = static_cast<short>((pipe.bytes.empty() ? 0 : POLLIN | POLLRDNORM) |
                               (pipe.writers == 0 ? POLLHUP : 0));
    break;
  }
  case OpenKind::PipeWrite: {
    const Pipe& pipe = p.descriptors().pipe(file->pipe);
    ready = static_cast<short>((pipe.bytes.size() < kPipeBytes ? POLLOUT | POLLWRNORM : 0) |
                               (pipe.readers == 0 ? POLLERR : 0));
    break;
  }
  case OpenKind::Node:
    ready = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
    break;
  default:
    ready = POLLOUT | POLLWRNORM;
    break;
  }
  return static_cast<short>(ready & (events | POLLHUP | POLLERR));
}

// Nothing is ready: waits for as long as the program said, if anything can ever be ready.
int64_t wait_in_vain(Process& p, std::optional<int64_t> ns) {
  if (!ns) {
    p.end_with(Verdict::Stuck);
    return 0;
  }
  p.sleep(*ns);
  return 0;
}

std::optional<int64_t> in_ns(const timespec& t) {
  constexpr int64_t kSecond = 1'000'000'000;
  return t.tv_sec > INT64_MAX / kSecond - 1 ? INT64_MAX : t.tv_sec * kSecond + t.tv_nsec;
}

int64_t poll_descriptors(Process& p, uint64_t at, uint64_t count, std::optional<int64_t> ns) {
  if (count > kMostDescriptors) return -EINVAL;
  p.work().stop_after(count * Work::kStep);
  std::vector<pollfd> polls(count);
  const auto bytes = bytes_of_all(std::span(polls));
  if (p.space().read(at, bytes) != bytes.size()) return -EFAULT;
  int64_t ready = 0;
  for (pollfd& poll : polls) {
    poll.revents = poll.fd < 0 ? short{0} : readiness(p, poll.fd, poll.events);
    ready += poll.revents != 0;
  }
  if (p.space().write(at, bytes) != bytes.size()) return -EFAULT;
  return ready > 0 ? ready : wait_in_vain(p, ns);
}

int64_t select_descriptors(Process& p, const Arguments& a, std::optional<int64_t> ns) {
  const int64_t count = as_fd(a[0]);
  if (count < 0) return -EINVAL;
  constexpr short kWanted[] = {POLLIN, POLLOUT, POLLPRI};
  constexpr short kCounts[] = {POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR, POLLPRI};
  const auto bytes = static_cast<size_t>(std::min<int64_t>(count, kMostDescriptors) + 63) / 64 * 8;
  p.work().stop_after(3 * bytes * 8 * Work::kStep);
  int64_t ready = 0;
  std::array<std::vector<uint8_t>, 3> sets;
  for (size_t set = 0; set < 3; set++) {
    if (a[1 + set] == 0) continue;
    sets[set].resize(bytes);
    if (p.space().read(a[1 + set], sets[set]) != bytes) return -EFAULT;
    for (int64_t fd = 0; fd < std::min<int64_t>(count, kMostDescriptors); fd++) {
      uint8_t& byte = sets[set][static_cast<size_t>(fd) / 8];
      const auto mask = static_cast<uint8_t>(1u << fd % 8);
      if ((byte & mask) == 0) continue;
      const short events = readiness(p, fd, kWanted[set]);
      if ((events & POLLNVAL) != 0) return -EBADF;
      if ((events & kCounts[set]) != 0)
        ready++;
      else
        byte &= static_cast<uint8_t>(~mask);
    }
  }
  for (size_t set = 0; set < 3; set++) {
    if (a[1 + set] != 0 && p.space().write(a[1 + set], sets[set]) != bytes) return -EFAULT;
  }
  return ready > 0 ? ready : wait_in_vain(p, ns);
}

} // namespace

int64_t call_open(Process& p, Registers&, const Arguments& a) {
  return open_path(p, AT_FDCWD, a[0], static_cast<uint32_t>(a[1]), static_cast<uint32_t>(a[2]));
}

int64_t call_openat(Process& p, Registers&, const Arguments& a) {
  return open_path(p, as_fd(a[0]), a[1], static_cast<uint32_t>(a[2]), static_cast<uint32_t>(a[3]));
}

int64_t call_creat(Process& p, Registers&, const Arguments& a) {
  return open_path(p, AT_FDCWD, a[0], O_CREAT | O_WRONLY | O_TRUNC, static_cast<uint32_t>(a[1]));
}

int64_t call_close(Process& p, Registers&, const Arguments& a) {
  if (!p.descriptors().close(as_fd(a[0]))) return -EBADF;
  p.close_released();
  return 0;
}

int64_t call_dup(Process& p, Registers&, const Arguments& a) {
  return p.descriptors().duplicate(as_fd(a[0]), false, 0);
}

int64_t call_dup2(Process& p, Registers&, const Arguments& a) {
  if (as_fd(a[0]) == as_fd(a[1])) return p.descriptors().get(as_fd(a[0])) == nullptr ? -EBADF : as_fd(a[0]);
  const int64_t fd = p.descriptors().duplicate_to(as_fd(a[0]), as_fd(a[1]), false);
  p.close_released();
  return fd;
}

int64_t call_dup3(Process& p, Registers&, const Arguments& a) {
  if (as_fd(a[0]) == as_fd(a[1]) || (a[2] & ~uint64_t{O_CLOEXEC}) != 0) return -EINVAL;
  const int64_t fd = p.descriptors().duplicate_to(as_fd(a[0]), as_fd(a[1]), a[2] != 0);
  p.close_released();
  return fd;
}

int64_t call_fcntl(Process& p, Registers&, const Arguments& a) {
  const int64_t fd = as_fd(a[0]);
  OpenFile* file = p.descriptors().get(fd);
  if (file == nullptr) return -EBADF;
  switch (as_fd(a[1])) {
  case F_DUPFD:
  case F_DUPFD_CLOEXEC:
    if (as_fd(a[2]) < 0) return -EINVAL;
    return p.descriptors().duplicate(fd, as_fd(a[1]) == F_DUPFD_CLOEXEC, static_cast<uint32_t>(a[2]));
  case F_GETFD:
    return p.descriptors().slot(fd).close_on_exec ? FD_CLOEXEC : 0;
  case F_SETFD:
    p.descriptors().slot(fd).close_on_exec = (a[2] & FD_CLOEXEC) != 0;
    return 0;
  case F_GETFL:
    return file->flags |
           (file->kind == OpenKind::Node && (file->flags & O_PATH) == 0 ? 0x8000u : 0u); // O_LARGEFILE
  case F_SETFL:
    file->flags = (file->flags & ~kStatusFlags) | (static_cast<uint32_t>(a[2]) & kStatusFlags);
    return 0;
  case F_GETLK: {
    struct flock lock;
    if (!p.get(a[2], lock)) return -EFAULT;
    lock.l_type = F_UNLCK; // nobody else is here to hold one
    return p.put(a[2], lock) ? 0 : -EFAULT;
  }
  case F_SETLK:
  case F_SETLKW:
    return 0;
  case F_GETPIPE_SZ:
    return file->kind == OpenKind::Node ? -EBADF : static_cast<int64_t>(kPipeBytes);
  default:
    return -EINVAL;
  }
}

int64_t call_ioctl(Process& p, Registers&, const Arguments& a) {
  OpenFile* file = p.descriptors().get(as_fd(a[0]));
  if (file == nullptr || (file->flags & O_PATH) != 0) return -EBADF;
  switch (static_cast<uint32_t>(a[1])) {
  case FIONREAD: {
    if (file->kind == OpenKind::Input && p.wants_freeze()) {
      p.end_with(Verdict::Frozen);
      return 0;
    }
    size_t bytes;
    if (file->kind == OpenKind::Input)
      bytes = p.input().size() - p.input_at();
    else if (file->kind == OpenKind::PipeRead)
      bytes = p.descriptors().pipe(file->pipe).bytes.size();
    else if (file->kind == OpenKind::Node && p.files().at(file->node).kind == NodeKind::File)
      bytes = p.files().at(file->node).content.bytes().size() -
              std::min<uint64_t>(file->offset, p.files().at(file->node).content.bytes().size());
    else
      return -ENOTTY;
    return p.put(a[2], static_cast<int32_t>(std::min<size_t>(bytes, INT_MAX))) ? 0 : -EFAULT;
  }
  case FIONBIO: {
    int32_t on;
    if (!p.get(a[2], on)) return -EFAULT;
    file->flags = on != 0 ? file->flags | O_NONBLOCK : file->flags & ~uint32_t{O_NONBLOCK};
    return 0;
  }
  case FIOCLEX:
  case FIONCLEX:
    p.descriptors().slot(as_fd(a[0])).close_on_exec = static_cast<uint32_t>(a[1]) == FIOCLEX;
    return 0;
  default:
    return -ENOTTY;
  }
}

int64_t call_pipe(Process& p, Registers&, const Arguments& a) {
  return make_pipe(p, a[0], 0);
}

int64_t call_pipe2(Process& p, Registers&, const Arguments& a) {
  return make_pipe(p, a[0], a[1]);
}

int64_t call_poll(Process& p, Registers&, const Arguments& a) {
  const auto ms = as_fd(a[2]);
  return poll_descriptors(p, a[0], a[1], ms < 0 ? std::nullopt : std::optional<int64_t>(ms * 1'000'000));
}

int64_t call_ppoll(Process& p, Registers&, const Arguments& a) {
  if (a[2] == 0) return poll_descriptors(p, a[0], a[1], std::nullopt);
  timespec t;
  if (!p.get(a[2], t)) return -EFAULT;
  if (t.tv_sec < 0 || t.tv_nsec < 0 || t.tv_nsec >= 1'000'000'000) return -EINVAL;
  return poll_descriptors(p, a[0], a[1], in_ns(t));
}

int64_t call_select(Process& p, Registers&, const Arguments& a) {
  if (a[4] == 0) return select_descriptors(p, a, std::nullopt);
  timeval t;
  if (!p.get(a[4], t)) return -EFAULT;
  if (t.tv_sec < 0 || t.tv_usec < 0) return -EINVAL;
  return select_descriptors(p, a, in_ns({.tv_sec = t.tv_sec, .tv_nsec = t.tv_usec % 1'000'000 * 1000}));
}

int64_t call_pselect(Process& p, Registers&, const Arguments& a) {
  if (a[4] == 0) return select_descriptors(p, a, std::nullopt);
  timespec t;
  if (!p.get(a[4], t)) return -EFAULT;
  if (t.tv_sec < 0 || t.tv_nsec < 0 || t.tv_nsec >= 1'000'000'000) return -EINVAL;
  return select_descriptors(p, a, in_ns(t));
}

} // namespace snapvm
