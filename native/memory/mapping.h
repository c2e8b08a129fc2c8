#pragma once

#include "error.h"
#include "system/calls.h"

#include <cstddef>
#include <cstdint>
#include <sys/mman.h>
#include <utility>

namespace snapvm {

// Owns a range of mapped pages.
class Mapping {
public:
  Mapping() = default;
  Mapping(size_t bytes, int protection, int flags, int fd, off_t offset, const char* what) : bytes_(bytes) {
    void* at = sys_mmap(nullptr, bytes, protection, flags, fd, offset);
    if (at == MAP_FAILED) fail_errno(what, kHostMemory);
    // SAFETY: the kernel chose the address, so nothing else is there; only this object unmaps it.
    data_ = static_cast<uint8_t*>(at);
  }
  Mapping(Mapping&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  Mapping& operator=(Mapping&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Mapping() {
    if (data_ != nullptr) sys_munmap(data_, bytes_);
  }
  uint8_t* data() const { return data_; }
  size_t bytes() const { return bytes_; }

private:
  uint8_t* data_ = nullptr;
  size_t bytes_ = 0;
};

} // namespace snapvm
