// Reading and writing.
#include "linux/calls_io.h"

#include "linux/syscalls.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <fcntl.h>

namespace snapvm {
namespace {

// What one read of an endless device gives, as Linux does of /dev/random: a call must not keep the host for
// long.
constexpr uint64_t kMostEndless = 1 << 25;
constexpr uint64_t kMostSent = 1 << 20; // of one sendfile, which takes memory of the host
constexpr size_t kChunk = 16384;

// Whether a program could have memory there at all: asked first, so a length that is none is an error even
// where there is little to read.
bool is_range(uint64_t at, uint64_t bytes) {
  return bytes <= kUserEnd && at <= kUserEnd - bytes;
}

// Of what was copied to the program: nothing at all is an error.
int64_t copied(size_t done, size_t wanted) {
  return done == 0 && wanted > 0 ? -EFAULT : static_cast<int64_t>(done);
}

// In pieces, so that it stops early when it has to.
int64_t copy_to(Process& p, uint64_t to, std::span<const uint8_t> bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    const auto part = bytes.subspan(done, std::min(Work::kPiece, bytes.size() - done));
    const size_t n = p.space().write(to + done, part);
    done += n;
    if (n < part.size() || p.work().stop_after(n)) break;
  }
  return copied(done, bytes.size());
}

int64_t read_input(Process& p, uint64_t to, uint64_t bytes) {
  if (p.wants_freeze()) {
    p.end_with(Verdict::Frozen);
    return 0;
  }
  const auto rest = p.input().subspan(p.input_at());
  const auto part = rest.first(std::min<uint64_t>(bytes, rest.size()));
  const int64_t done = copy_to(p, to, part);
  if (done > 0) p.input_at() += static_cast<size_t>(done);
  return done;
}

int64_t read_pipe(Process& p, const OpenFile& file, uint64_t to, uint64_t bytes) {
  Pipe& pipe = p.descriptors().pipe(file.pipe);
  if (pipe.bytes.empty() && bytes > 0) {
    if (pipe.writers == 0) return 0;
    if ((file.flags & O_NONBLOCK) != 0) return -EAGAIN;
    p.end_with(Verdict::Stuck); // the one who could write is the one who waits
    return 0;
  }
  const size_t part = std::min<uint64_t>(bytes, pipe.bytes.size());
  const int64_t done = copied(p.space().write(to, std::span(pipe.bytes).first(part)), part);
  if (done <= 0) return done;
  const uint64_t before = Pipe::room(pipe.bytes.size());
  pipe.pop(static_cast<size_t>(done));
  p.files().refund(before - Pipe::room(pipe.bytes.size()));
  p.work().stop_after(before);
  return done;
}

// /dev/zero, /dev/urandom.
int64_t read_endless(Process& p, NodeKind kind, uint64_t to, uint64_t bytes) {
  uint8_t chunk[kChunk] = {};
  uint64_t done = 0;
  bytes = std::min(bytes, kMostEndless);
  while (done < bytes) {
    const auto part = std::span(chunk).first(std::min<uint64_t>(kChunk, bytes - done));
    if (kind == NodeKind::Random) {
      p.random().fill(part);
      p.note_random(false);
    }
    const size_t n = p.space().write(to + done, part);
    done += n;
    if (n < part.size() || p.work().stop_after(n)) break;
  }
  return copied(done, bytes);
}

int64_t read_node(Process& p, NodeId id, uint64_t offset, uint64_t to, uint64_t bytes) {
  const Node& node = p.files().at(id);
  switch (node.kind) {
  case NodeKind::Directory:
  case NodeKind::Descriptors:
    return -EISDIR;
  case NodeKind::Null:
    return 0;
  case NodeKind::Zero:
  case NodeKind::Full:
  case NodeKind::Random:
    return read_endless(p, node.kind, to, bytes);
  default:
    break;
  }
  const auto content = node.content.bytes();
  if (offset >= content.size()) return 0;
  const auto part = content.subspan(offset, std::min<uint64_t>(bytes, content.size() - offset));
  return copy_to(p, to, part);
}

int64_t write_pipe(Process& p, const OpenFile& file, std::span<const uint8_t> bytes) {
  Pipe& pipe = p.descriptors().pipe(file.pipe);
  if (bytes.empty()) return 0; // also where nobody reads
  if (pipe.readers == 0) {
    p.send(SIGPIPE, SentBy::Process);
    return -EPIPE;
  }
  const size_t room = kPipeBytes - std::min(kPipeBytes, pipe.bytes.size());
  if (room == 0) {
    if ((file.flags & O_NONBLOCK) != 0) return -EAGAIN;
    p.end_with(Verdict::Stuck);
    return 0;
  }
  const auto part = bytes.first(std::min(room, bytes.size()));
  const uint64_t grown = Pipe::room(pipe.bytes.size() + part.size()) - Pipe::room(pipe.bytes.size());
  if (!p.files().charge(grown)) return -ENOMEM; // as Linux, where there is no page for it
  pipe.push(part);
  return static_cast<int64_t>(part.size());
}

int64_t write_node(Process& p, NodeId id, uint64_t offset, std::span<const uint8_t> bytes) {
  switch (p.files().at(id).kind) {
  case NodeKind::Full:
    return -ENOSPC;
  case NodeKind::Null:
  case NodeKind::Zero:
  case NodeKind::Random:
    return static_cast<int64_t>(bytes.size());
  default:
    return p.files().write(id, offset, bytes, p.now_s(), p.work());
  }
}

// What is written there nobody looks at; Linux does not either.
bool is_sink(Process& p, const OpenFile& file) {
  if (file.kind != OpenKind::Node) return false;
  const NodeKind kind = p.files().at(file.node).kind;
  return kind == NodeKind::Null || kind == NodeKind::Zero;
}

// One chunk, at the file's position.
int64_t write_chunk(Process& p, int64_t fd, std::span<const uint8_t> bytes) {
  OpenFile& file = *p.descriptors().get(fd);
  switch (file.kind) {
  case OpenKind::Output:
    return p.output(1, bytes);
  case OpenKind::Error:
    return p.output(2, bytes);
  case OpenKind::PipeWrite:
    p.touch();
    return write_pipe(p, file, bytes);
  default:
    break;
  }
  p.touch();
  if ((file.flags & O_APPEND) != 0) file.offset = p.files().at(file.node).content.bytes().size();
  const int64_t done = write_node(p, file.node, file.offset, bytes);
  if (done > 0) file.offset += static_cast<uint64_t>(done);
  return done;
}

// Copies the program's bytes in chunks and hands each to `put`, which gives how many it took or an errno.
template <typename Put> int64_t write_from(Process& p, uint64_t from, uint64_t bytes, Put put) {
  uint8_t chunk[kChunk];
  uint64_t done = 0;
  bytes = std::min(bytes, kMostBytes);
  do {
    const size_t wanted = std::min<uint64_t>(kChunk, bytes - done);
    const size_t got = p.space().read(from + done, std::span(chunk).first(wanted));
    if (got == 0 && wanted > 0) return done > 0 ? static_cast<int64_t>(done) : -EFAULT;
    const int64_t n = put(std::span<const uint8_t>(chunk, got), done);
    if (n < 0) return done > 0 ? static_cast<int64_t>(done) : n;
    done += static_cast<uint64_t>(n);
    if (static_cast<size_t>(n) < wanted || p.work().stop_after(wanted)) break;
  } while (done < bytes);
  return static_cast<int64_t>(done);
}

// A file for calls that name an offset: only regular files and devices have one.
const OpenFile* seekable(Process& p, int64_t fd, int64_t& error) {
  const OpenFile* file = p.descriptors().get(fd);
  error = file == nullptr ? -EBADF : -ESPIPE;
  return file != nullptr && file->kind == OpenKind::Node ? file : nullptr;
}

} // namespace

int64_t read_file(Process& p, int64_t fd, uint64_t to, uint64_t bytes) {
  OpenFile* file = p.descriptors().get(fd);
  if (file == nullptr || !may_read(*file)) return -EBADF;
  if (!is_range(to, bytes)) return -EFAULT;
  bytes = std::min(bytes, kMostBytes);
  if (file->kind == OpenKind::Input) return read_input(p, to, bytes);
  p.touch();
  if (file->kind == OpenKind::PipeRead) return read_pipe(p, *file, to, bytes);
  const int64_t done = read_node(p, file->node, file->offset, to, bytes);
  if (done > 0) file->offset += static_cast<uint64_t>(done);
  return done;
}

int64_t write_file(Process& p, int64_t fd, uint64_t from, uint64_t bytes) {
  const OpenFile* file = p.descriptors().get(fd);
  if (file == nullptr || !may_write(*file)) return -EBADF;
  if (!is_range(from, bytes)) return -EFAULT;
  if (is_sink(p, *file)) return static_cast<int64_t>(std::min(bytes, kMostBytes));
  return write_from(p, from, bytes,
                    [&](std::span<const uint8_t> part, uint64_t) { return write_chunk(p, fd, part); });
}

int64_t read_at(Process& p, int64_t fd, uint64_t to, uint64_t bytes, uint64_t offset) {
  int64_t error;
  if (static_cast<int64_t>(offset) < 0) return -EINVAL;
  const OpenFile* file = seekable(p, fd, error);
  if (file == nullptr) return error;
  if (!may_read(*file)) return -EBADF;
  if (!is_range(to, bytes)) return -EFAULT;
  return read_node(p, file->node, offset, to, std::min(bytes, kMostBytes));
}

int64_t write_at(Process& p, int64_t fd, uint64_t from, uint64_t bytes, uint64_t offset) {
  int64_t error;
  if (static_cast<int64_t>(offset) < 0) return -EINVAL;
  const OpenFile* file = seekable(p, fd, error);
  if (file == nullptr) return error;
  if (!may_write(*file)) return -EBADF;
  if (!is_range(from, bytes)) return -EFAULT;
  if (is_sink(p, *file)) return static_cast<int64_t>(std::min(bytes, kMostBytes));
  const NodeId node = file->node;
  // A file that is appended to is appended to all the same (pwrite(2), BUGS).
  if ((file->flags & O_APPEND) != 0) offset = p.files().at(node).content.bytes().size();
  return write_from(p, from, bytes, [&](std::span<const uint8_t> part, uint64_t done) {
    return write_node(p, node, offset + done, part);
  });
}

int64_t call_read(Process& p, Registers&, const Arguments& a) {
  return read_file(p, as_fd(a[0]), a[1], a[2]);
}

int64_t call_write(Process& p, Registers&, const Arguments& a) {
  return write_file(p, as_fd(a[0]), a[1], a[2]);
}

int64_t call_pread(Process& p, Registers&, const Arguments& a) {
  return read_at(p, as_fd(a[0]), a[1], a[2], a[3]);
}

int64_t call_pwrite(Process& p, Registers&, const Arguments& a) {
  return write_at(p, as_fd(a[0]), a[1], a[2], a[3]);
}

int64_t call_lseek(Process& p, Registers&, const Arguments& a) {
  OpenFile* file = p.descriptors().get(as_fd(a[0]));
  if (file == nullptr || (file->flags & O_PATH) != 0) return -EBADF;
  if (file->kind != OpenKind::Node) return -ESPIPE;
  const Node& node = p.files().at(file->node);
  const auto size = static_cast<int64_t>(node.content.bytes().size());
  int64_t base = 0;
  switch (a[2]) {
  case SEEK_SET:
    break;
  case SEEK_CUR:
    base = static_cast<int64_t>(file->offset);
    break;
  case SEEK_END:
    base = size;
    break;
  case SEEK_DATA:
  case SEEK_HOLE:
    if (static_cast<int64_t>(a[1]) < 0 || static_cast<int64_t>(a[1]) >= size) return -ENXIO;
    return static_cast<int64_t>(file->offset = a[2] == SEEK_DATA ? a[1] : static_cast<uint64_t>(size));
  default:
    return -EINVAL;
  }
  int64_t offset;
  if (__builtin_add_overflow(base, static_cast<int64_t>(a[1]), &offset)) return -EOVERFLOW;
  if (offset < 0) return -EINVAL;
  if (node.kind != NodeKind::File && node.kind != NodeKind::Directory) offset = 0;
  if (offset == 0) file->last.clear();
  file->offset = static_cast<uint64_t>(offset);
  return offset;
}

int64_t call_sendfile(Process& p, Registers&, const Arguments& a) {
  const OpenFile* out = p.descriptors().get(as_fd(a[0]));
  OpenFile* in = p.descriptors().get(as_fd(a[1]));
  if (out == nullptr || in == nullptr || !may_write(*out) || !may_read(*in)) return -EBADF;
  if (in->kind != OpenKind::Node || p.files().at(in->node).kind != NodeKind::File) return -EINVAL;
  uint64_t offset = in->offset;
  if (a[2] != 0 && !p.get(a[2], offset)) return -EFAULT;
  if (static_cast<int64_t>(offset) < 0) return -EINVAL;
  // A copy: the file may be written while it is sent to itself.
  const auto content = p.files().at(in->node).content.bytes();
  const uint64_t skip = std::min<uint64_t>(offset, content.size());
  const auto part = content.subspan(skip, std::min<uint64_t>({a[3], kMostSent, content.size() - skip}));
  const std::vector<uint8_t> bytes(part.begin(), part.end());
  const int64_t done = write_chunk(p, as_fd(a[0]), bytes);
  p.work().stop_after(bytes.size());
  if (done <= 0) return done;
  offset += static_cast<uint64_t>(done);
  if (a[2] == 0)
    p.descriptors().get(as_fd(a[1]))->offset = offset;
  else if (!p.put(a[2], offset))
    return -EFAULT;
  return done;
}

int64_t call_ftruncate(Process& p, Registers&, const Arguments& a) {
  const OpenFile* file = p.descriptors().get(as_fd(a[0]));
  if (file == nullptr) return -EBADF;
  const auto bytes = static_cast<int64_t>(a[1]);
  if (bytes < 0 || file->kind != OpenKind::Node || !may_write(*file)) return -EINVAL;
  if (p.files().at(file->node).kind != NodeKind::File) return -EINVAL;
  return p.files().truncate(file->node, static_cast<uint64_t>(bytes), p.now_s(), p.work());
}

int64_t call_truncate(Process& p, Registers&, const Arguments& a) {
  std::string path;
  if (const int64_t error = p.get_path(a[0], path); error < 0) return error;
  const auto bytes = static_cast<int64_t>(a[1]);
  if (bytes < 0) return -EINVAL;
  const Found found = p.files().find(p.state().cwd, path, true, p.work());
  if (found.error != 0) return found.error;
  if (!found.exists) return -ENOENT;
  const NodeKind kind = p.files().at(found.node).kind;
  if (kind != NodeKind::File) return kind == NodeKind::Directory ? -EISDIR : -EINVAL;
  return p.files().truncate(found.node, static_cast<uint64_t>(bytes), p.now_s(), p.work());
}

int64_t call_fsync(Process& p, Registers&, const Arguments& a) {
  const OpenFile* file = p.descriptors().get(as_fd(a[0]));
  if (file == nullptr) return -EBADF;
  return file->kind == OpenKind::Node ? 0 : -EINVAL;
}

int64_t call_fadvise(Process& p, Registers&, const Arguments& a) {
  const OpenFile* file = p.descriptors().get(as_fd(a[0]));
  if (file == nullptr) return -EBADF;
  return file->kind == OpenKind::Node ? 0 : -ESPIPE;
}

} // namespace snapvm
