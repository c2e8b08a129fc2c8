#include "process/vectors.h"

#include "error.h"
#include "machine/vector_components.h"
#include "process/features.h"
#include "system/calls.h"

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

namespace snapvm {
namespace {

constexpr size_t kMostXsaveBytes = 16 << 10;

} // namespace

size_t ProcessVectors::bytes() const {
  return VectorFeatures::get().bytes;
}

std::vector<uint8_t> ProcessVectors::read() const {
  std::vector<uint8_t> whole(kMostXsaveBytes);
  iovec part{.iov_base = whole.data(), .iov_len = whole.size()};
  const pid_t pid = child_->process().pid();
  // SAFETY: ptrace takes the number of the set in the place of a pointer, and writes no more than `part` has
  // room for. NOLINTNEXTLINE(performance-no-int-to-ptr)
  if (sys_ptrace(PTRACE_GETREGSET, pid, reinterpret_cast<void*>(NT_X86_XSTATE), &part) != 0)
    fail_errno("ptrace(PTRACE_GETREGSET)", kHostProcess);
  whole.resize(part.iov_len);
  return whole;
}

bool ProcessVectors::write(std::span<const uint8_t> whole) const {
  // SAFETY: PTRACE_SETREGSET only reads; an iovec has one type for what is read and for what is written.
  iovec part{.iov_base = const_cast<uint8_t*>(whole.data()), .iov_len = whole.size()};
  const pid_t pid = child_->process().pid();
  // SAFETY: ptrace takes the number of the set in the place of a pointer; nobody follows it.
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  if (sys_ptrace(PTRACE_SETREGSET, pid, reinterpret_cast<void*>(NT_X86_XSTATE), &part) == 0) return true;
  if (errno != EINVAL && errno != EFAULT) fail_errno("ptrace(PTRACE_SETREGSET)", kHostProcess);
  return false;
}

void ProcessVectors::get(std::span<uint8_t> area) const {
  const std::vector<uint8_t> whole = kept_.empty() ? read() : kept_;
  std::memset(area.data(), 0, area.size());
  std::memcpy(area.data(), whole.data(), std::min(area.size(), whole.size()));
  set_components(area, components_of(area) & VectorFeatures::get().xcr0);
}

bool ProcessVectors::set(std::span<const uint8_t> area) {
  if ((components_of(area) & ~VectorFeatures::get().xcr0) != 0) return false;
  std::vector<uint8_t> whole = read();
  std::memset(whole.data(), 0, whole.size());
  std::memcpy(whole.data(), area.data(), std::min(area.size(), whole.size()));
  // The kernel refuses what a processor would refuse: reserved bits of MXCSR and of the header.
  if (!write(whole)) return false;
  kept_.clear();
  return true;
}

void ProcessVectors::keep() {
  kept_ = read();
}

void ProcessVectors::open_memory() {
  const VectorFeatures& features = VectorFeatures::get();
  if (!features.pkru) return;
  std::vector<uint8_t> whole = read();
  constexpr uint32_t kOpen = 0;
  uint32_t pkru;
  if (whole.size() < features.pkru_offset + sizeof pkru) return;
  std::memcpy(&pkru, whole.data() + features.pkru_offset, sizeof pkru);
  if (pkru == kOpen) return;
  std::memcpy(whole.data() + features.pkru_offset, &kOpen, sizeof kOpen);
  write(whole); // that the process is gone is seen when it is resumed
}

void ProcessVectors::put_back() {
  if (kept_.empty()) return;
  if (!write(kept_)) fail_errno("ptrace(PTRACE_SETREGSET)", kHostProcess);
  kept_.clear();
}

} // namespace snapvm
