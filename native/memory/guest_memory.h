// The memory of one sandbox: private pages over shared images, and what each page must be restored to.
#pragma once

#include "abi.h"
#include "memory/image.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace snapvm {

// Sizes in bytes, as src/wire/descriptor.ts MemoryShape.
struct MemoryShape {
  uint64_t image_bytes = 0;
  uint64_t table_bytes = 0;
  uint64_t monitor_bytes = 0;
  uint64_t scratch_bytes = 0;
  uint64_t input_bytes = 0;
  uint64_t output_bytes = 0;
  uint64_t frame_bytes = 0;
  uint64_t file_bytes = 0;

  uint64_t scratch_gpa() const { return snapvm::scratch_gpa(scratch_bytes); }
  uint64_t tables_offset() const { return round_up_to_page(input_bytes + output_bytes); }
  uint64_t tables_gpa() const { return scratch_gpa() + tables_offset(); }
  uint64_t monitor_offset() const { return tables_offset() + table_bytes; }
  uint64_t frames_gpa() const { return scratch_gpa() + monitor_offset() + monitor_bytes; }
};

// Ascending GPAs, shared by all sandboxes of a snapshot.
using PageList = std::shared_ptr<const std::vector<uint64_t>>;

// Pages of one sealed image, by GPA. The base layer has an empty page list: it is the image and its tail.
struct Layer {
  std::shared_ptr<Image> image;
  PageList pages = std::make_shared<std::vector<uint64_t>>(); // page i is at offset i * kPage of the image
};

enum SlotId : uint32_t { kImageSlot = 0, kScratchSlot = 1, kSlots = 2 };

// How the host holds it is the backend's: kvm/private_memory.h, process/owned_memory.h.
class GuestMemory {
public:
  virtual ~GuestMemory() = default;
  GuestMemory(const GuestMemory&) = delete;
  GuestMemory& operator=(const GuestMemory&) = delete;

  const MemoryShape& shape() const { return shape_; }
  const std::vector<Layer>& layers() const { return layers_; }
  uint64_t slot_gpa(SlotId slot) const {
    return slot == kImageSlot ? SNAPVM_BASE_ADDRESS : shape_.scratch_gpa();
  }
  SlotId slot_of(uint64_t gpa) const { return gpa < shape_.scratch_gpa() ? kImageSlot : kScratchSlot; }
  uint64_t slot_bytes(SlotId slot) const { return slots_[slot].bytes(); }
  uint8_t* slot_data(SlotId slot) const { return slots_[slot].data(); }

  uint8_t* input() const { return slots_[kScratchSlot].data(); }
  uint8_t* output() const { return slots_[kScratchSlot].data() + shape_.input_bytes; }
  // The files of a Linux guest, which stand behind everything else of the image.
  std::span<const uint8_t> files() const {
    const Image& base = *layers_.front().image;
    return {base.data() + shape_.image_bytes + shape_.table_bytes + shape_.monitor_bytes, shape_.file_bytes};
  }
  // To be written only where the page has been made private.
  uint8_t* monitor() const { return slots_[kScratchSlot].data() + shape_.monitor_offset(); }

  // What a page is restored to; null means zeros. `offset` is page-aligned and inside the slot.
  const uint8_t* golden(SlotId slot, uint64_t offset) const;
  // Host address of `length` bytes of guest physical memory, or null where they are not all in one slot. To
  // write, the pages have to be private; to read, that or all in the buffers.
  uint8_t* at(uint64_t gpa, uint64_t length) const;
  // The same to read anywhere, but for not more than what is left of a page.
  virtual const uint8_t* view(uint64_t gpa, uint64_t length) const = 0;
  // Makes pages private that the guest or the host is going to write, or has written.
  virtual void make_private(SlotId slot, uint64_t first_page, uint64_t pages) = 0;
  uint64_t private_pages() const { return private_pages_; }
  // Walks the guest's own page tables. The tables are guest memory: every step is bounds-checked.
  std::optional<uint64_t> translate(uint64_t root_gpa, uint64_t gva) const;

protected:
  // `layers` has the base first and is not empty; sizes were checked against its image.
  GuestMemory(const MemoryShape& shape, std::vector<Layer> layers);
  // To be called by what derives from it when the slots are mapped.
  void size_private();
  // Neighbouring pages of a layer.
  struct LayerRun {
    uint64_t gpa;
    uint64_t bytes;
    uint64_t offset; // in the layer's image
  };
  std::vector<LayerRun> runs_of(const Layer& layer) const;
  bool note_private(SlotId slot, uint64_t page); // true: it was not yet

  MemoryShape shape_;
  std::vector<Layer> layers_;
  Mapping slots_[kSlots];
  std::vector<bool> private_[kSlots];
  uint64_t private_pages_ = 0;
};

// Shorter runs of a layer are copied at load; longer ones are mapped, which shares them but costs a mapping
// of the 65,530 a process may have.
constexpr uint64_t kMapRunBytes = 16 * kPage;

} // namespace snapvm
