// Paths as system calls give them.
#pragma once

#include "linux/process.h"

namespace snapvm {

// Inode numbers are node numbers from here on: 0 is none.
constexpr uint64_t kFirstInode = 1;

// The path in the program's memory, from the directory a descriptor stands for (or AT_FDCWD).
Found find_at(Process& p, int64_t directory, uint64_t path_at, bool follow);
Found find_at(Process& p, int64_t directory, const std::string& path, bool follow);
// The open descriptor that a path in /proc/self/fd names; -1 for any other.
int64_t descriptor_at(Process& p, const Found& found);

// The file type bits of a mode.
uint32_t type_of(NodeKind kind);

} // namespace snapvm
