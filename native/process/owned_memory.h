// Guest memory on the process backend. A memory file of the sandbox's own, laid out like guest physical
// memory, has the pages that are private. This process and the guest process both map it, so a restore is a
// copy. All other pages are mapped from the image or a layer.
#pragma once

#include "memory/fd.h"
#include "memory/guest_memory.h"

#include <span>

namespace snapvm {

// Where the content of a page is: a file, and an offset in it.
struct Backing {
  uint32_t file; // an index into OwnedMemory::files
  uint64_t offset;
  bool operator==(const Backing&) const = default;
};

class OwnedMemory final : public GuestMemory {
public:
  OwnedMemory(const MemoryShape& shape, std::vector<Layer> layers);

  const uint8_t* view(uint64_t gpa, uint64_t length) const override;
  void make_private(SlotId slot, uint64_t first_page, uint64_t pages) override;
  // Where the page at `gpa` is. @throws Error
  Backing backing(uint64_t gpa) const;
  // The descriptors of its own memory file, the image, and the layers, in this order.
  std::span<const int> files() const { return files_; }

private:
  bool is_own(SlotId slot, uint64_t offset) const;
  uint64_t own_offset(SlotId slot) const { return slot == kImageSlot ? 0 : shape_.image_bytes; }

  Fd own_;
  std::vector<int> files_;
};

} // namespace snapvm
