// Images: sealed memory files that every sandbox of the process maps privately.
#pragma once

#include "memory/fd.h"
#include "memory/mapping.h"

#include <cstdint>
#include <memory>
#include <span>

namespace snapvm {

// A memfd. Sealed, nobody can change it any more, this process included: F_SEAL_WRITE is the kernel's word.
// Threads share it through shared_ptr; `find` gives workers the image whose id the main thread told them.
class Image {
public:
  // A new image of `bytes` zero bytes.
  static std::shared_ptr<Image> create(size_t bytes);
  // The image of that id, or null when nobody holds it any more.
  static std::shared_ptr<Image> find(uint64_t id);

  Image(uint64_t id, Fd fd, size_t bytes) : id_(id), fd_(std::move(fd)), bytes_(bytes) {}
  ~Image();

  // Maps the file over pages of the caller's: writable until sealed, read-only after.
  void map_over(uint8_t* pages);
  // Puts zeros in place of the mapping that map_over and seal made.
  static void unmap_from(uint8_t* pages, size_t bytes);
  // Writes at an offset, for layers that no JavaScript ever maps.
  void write(std::span<const uint8_t> bytes, size_t offset);
  // `mapped`, if any, is where map_over put the file; it becomes read-only (a seal needs that).
  void seal(uint8_t* mapped);

  uint64_t id() const { return id_; }
  size_t bytes() const { return bytes_; }
  // What the file takes of the machine's memory: pages nobody wrote or read take none.
  size_t held_bytes() const;
  int fd() const { return fd_.get(); }
  // The content, read-only. Null until sealed.
  const uint8_t* data() const { return content_.data(); }

private:
  uint64_t id_;
  Fd fd_;
  size_t bytes_;
  Mapping content_;
};

} // namespace snapvm
