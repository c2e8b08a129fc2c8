// Guest memory for a process: a memory file of the sandbox's own, laid out as guest physical memory is, which
// holds the pages that are private. This process and the guest's both map it, so a restore is a copy. What is
// not private is in the image or a layer, and mapped from there.
#pragma once

#include "memory/fd.h"
#include "memory/guest_memory.h"

#include <span>

namespace snapvm {

// Where a page is: which of the files, and its offset there.
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
  Backing backing(uint64_t gpa) const;
  // Its own memory file, the image, the layers.
  std::span<const int> files() const { return files_; }

private:
  bool is_own(SlotId slot, uint64_t offset) const;
  uint64_t own_offset(SlotId slot) const { return slot == kImageSlot ? 0 : shape_.image_bytes; }

  Fd own_;
  std::vector<int> files_;
};

} // namespace snapvm
