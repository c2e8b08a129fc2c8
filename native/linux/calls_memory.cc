// Memory.
#include "linux/calls_io.h"
#include "linux/syscalls.h"

#include "abi.h"

#include <asm/prctl.h>
#include <cerrno>
#include <fcntl.h>

namespace snapvm {
namespace {

// What a file mapping shows: a copy, made now.
int64_t mapped_content(Process& p, const Arguments& a, std::span<const uint8_t>& content) {
  const OpenFile* file = p.descriptors().get(as_fd(a[4]));
  if (file == nullptr) return -EBADF;
  if (a[5] % kPage != 0) return -EINVAL;
  if ((file->flags & O_PATH) != 0) return -EBADF;
  const bool shared = (a[3] & MAP_TYPE) == MAP_SHARED || (a[3] & MAP_TYPE) == MAP_SHARED_VALIDATE;
  const bool writes = shared && (a[2] & PROT_WRITE) != 0;
  if (!may_read(*file) || (writes && !may_write(*file))) return -EACCES;
  if (file->kind != OpenKind::Node) return -ENODEV;
  const Node& node = p.files().at(file->node);
  if (node.kind == NodeKind::Zero) return 0;
  // Writes would have to reach the file.
  if (node.kind != NodeKind::File || writes) return -ENODEV;
  const auto bytes = node.content.bytes();
  if (a[5] < bytes.size()) content = bytes.subspan(a[5]);
  return 0;
}

} // namespace

int64_t call_brk(Process& p, Registers&, const Arguments& a) {
  return static_cast<int64_t>(p.memory().brk(a[0]));
}

int64_t call_mmap(Process& p, Registers&, const Arguments& a) {
  const auto flags = static_cast<int>(a[3]);
  const int type = flags & MAP_TYPE;
  if (type != MAP_PRIVATE && type != MAP_SHARED && type != MAP_SHARED_VALIDATE) return -EINVAL;
  std::span<const uint8_t> content;
  if ((flags & MAP_ANONYMOUS) == 0) {
    if (const int64_t error = mapped_content(p, a, content); error < 0) return error;
  }
  return p.memory().map(a[0], a[1], static_cast<uint32_t>(a[2]), flags, content);
}

int64_t call_munmap(Process& p, Registers&, const Arguments& a) {
  return p.memory().unmap(a[0], a[1]);
}

int64_t call_mprotect(Process& p, Registers&, const Arguments& a) {
  return p.memory().protect(a[0], a[1], static_cast<uint32_t>(a[2]));
}

int64_t call_mremap(Process& p, Registers&, const Arguments& a) {
  return p.memory().remap(a[0], a[1], a[2], static_cast<int>(a[3]), a[4]);
}

int64_t call_madvise(Process& p, Registers&, const Arguments& a) {
  return p.memory().advise(a[0], a[1], static_cast<int>(a[2]));
}

int64_t call_arch_prctl(Process& p, Registers& registers, const Arguments& a) {
  switch (a[0]) {
  case ARCH_SET_FS:
  case ARCH_SET_GS:
    if (a[1] >= kUserEnd) return -EPERM;
    (a[0] == ARCH_SET_FS ? registers.fs_base : registers.gs_base) = a[1];
    return 0;
  case ARCH_GET_FS:
    return p.put(a[1], registers.fs_base) ? 0 : -EFAULT;
  case ARCH_GET_GS:
    return p.put(a[1], registers.gs_base) ? 0 : -EFAULT;
  default:
    return -EINVAL;
  }
}

} // namespace snapvm
