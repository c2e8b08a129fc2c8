// Reading and writing several pieces of memory in one call.
#include "linux/calls_io.h"
#include "linux/syscalls.h"
#include "memory/bytes.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <sys/uio.h>

namespace snapvm {
namespace {

// An iovec of the program's, whose address is none of the host's.
struct Piece {
  uint64_t gva;
  uint64_t bytes;
};
static_assert(sizeof(Piece) == sizeof(iovec) && offsetof(Piece, bytes) == offsetof(iovec, iov_len));

// Runs `each` over the pieces, as if they were one: up to the first that is not done whole, and never more
// than one call moves, however many pieces name the same memory.
template <typename Each> int64_t over_vectors(Process& p, const Arguments& a, Each each) {
  const int64_t count = as_fd(a[2]);
  if (count < 0 || count > kMostIovecs) return -EINVAL;
  std::vector<Piece> pieces(static_cast<size_t>(count));
  const auto bytes = bytes_of_all(std::span(pieces));
  if (p.space().read(a[1], bytes) != bytes.size()) return -EFAULT;
  for (const Piece& piece : pieces) {
    if (piece.bytes > INT64_MAX) return -EINVAL;
  }
  p.work().stop_after(pieces.size() * Work::kStep);
  uint64_t done = 0;
  for (const Piece& piece : pieces) {
    const uint64_t wanted = std::min<uint64_t>(piece.bytes, kMostBytes - done);
    if (wanted == 0) continue;
    const int64_t n = each(piece.gva, wanted, done);
    if (n < 0) return done > 0 ? static_cast<int64_t>(done) : n;
    done += static_cast<uint64_t>(n);
    if (static_cast<uint64_t>(n) < wanted || p.has_ended()) break;
  }
  return static_cast<int64_t>(done);
}

const OpenFile* file_of(Process& p, const Arguments& a) {
  return p.descriptors().get(as_fd(a[0]));
}

// preadv, pwritev: what is wrong with the descriptor or the offset, before any vector is looked at.
int64_t check_offset(const OpenFile* file, bool allowed, uint64_t offset) {
  if (static_cast<int64_t>(offset) < 0) return -EINVAL;
  if (file == nullptr) return -EBADF;
  if (file->kind != OpenKind::Node) return -ESPIPE;
  return allowed ? 0 : -EBADF;
}

} // namespace

int64_t call_readv(Process& p, Registers&, const Arguments& a) {
  const OpenFile* file = file_of(p, a);
  if (file == nullptr || !may_read(*file)) return -EBADF;
  return over_vectors(
      p, a, [&](uint64_t to, uint64_t bytes, uint64_t) { return read_file(p, as_fd(a[0]), to, bytes); });
}

int64_t call_writev(Process& p, Registers&, const Arguments& a) {
  const OpenFile* file = file_of(p, a);
  if (file == nullptr || !may_write(*file)) return -EBADF;
  return over_vectors(
      p, a, [&](uint64_t from, uint64_t bytes, uint64_t) { return write_file(p, as_fd(a[0]), from, bytes); });
}

int64_t call_preadv(Process& p, Registers&, const Arguments& a) {
  const OpenFile* file = file_of(p, a);
  if (const int64_t error = check_offset(file, file != nullptr && may_read(*file), a[3]); error < 0)
    return error;
  return over_vectors(p, a, [&](uint64_t to, uint64_t bytes, uint64_t done) {
    return read_at(p, as_fd(a[0]), to, bytes, a[3] + done);
  });
}

int64_t call_pwritev(Process& p, Registers&, const Arguments& a) {
  const OpenFile* file = file_of(p, a);
  if (const int64_t error = check_offset(file, file != nullptr && may_write(*file), a[3]); error < 0)
    return error;
  return over_vectors(p, a, [&](uint64_t from, uint64_t bytes, uint64_t done) {
    return write_at(p, as_fd(a[0]), from, bytes, a[3] + done);
  });
}

} // namespace snapvm
