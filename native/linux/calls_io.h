// Reading and writing one piece of memory: what read and pread, vectors and all are made of.
#pragma once

#include "linux/process.h"

#include <fcntl.h>

namespace snapvm {

constexpr uint64_t kMostBytes = 0x7ffff000; // of one call, as Linux

inline bool may_read(const OpenFile& file) {
  return (file.flags & O_ACCMODE) != O_WRONLY && (file.flags & O_PATH) == 0;
}
inline bool may_write(const OpenFile& file) {
  return (file.flags & O_ACCMODE) != O_RDONLY && (file.flags & O_PATH) == 0;
}

// At the file's position; bytes, or a negative errno.
int64_t read_file(Process& p, int64_t fd, uint64_t to, uint64_t bytes);
int64_t write_file(Process& p, int64_t fd, uint64_t from, uint64_t bytes);
// At an offset, which only files and devices have.
int64_t read_at(Process& p, int64_t fd, uint64_t to, uint64_t bytes, uint64_t offset);
int64_t write_at(Process& p, int64_t fd, uint64_t from, uint64_t bytes, uint64_t offset);

} // namespace snapvm
