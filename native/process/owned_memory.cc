#include "process/owned_memory.h"

#include "error.h"
#include "system/calls.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>

namespace snapvm {
namespace {

alignas(kPage) constexpr uint8_t kZero[kPage] = {};

constexpr uint32_t kOwnFile = 0, kImageFile = 1; // indices into files(); the layers follow

Fd make_file(uint64_t bytes) {
  Fd fd(sys_memfd_create("snapvm-guest", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) fail_errno("memfd_create", kHostMemory);
  if (sys_ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0)
    fail_errno("ftruncate of guest memory", kHostMemory);
  return fd;
}

Mapping map_own(const Fd& fd, uint64_t bytes, uint64_t offset) {
  // SAFETY: the file is make_file's, with room for both slots, and nobody changes its size. The guest writes
  // this memory too, but only while this thread waits for its process: nothing read here changes meanwhile.
  Mapping mapping(bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), static_cast<off_t>(offset),
                  "mmap of guest memory");
  // Processes that this one forks have no use for it.
  if (sys_madvise(mapping.data(), bytes, MADV_DONTFORK) != 0) fail_errno("madvise of guest memory");
  return mapping;
}

} // namespace

OwnedMemory::OwnedMemory(const MemoryShape& shape, std::vector<Layer> layers)
    : GuestMemory(shape, std::move(layers)), own_(make_file(shape.image_bytes + shape.scratch_bytes)) {
  slots_[kImageSlot] = map_own(own_, shape.image_bytes, 0);
  slots_[kScratchSlot] = map_own(own_, shape.scratch_bytes, shape.image_bytes);
  size_private();
  files_.push_back(own_.get());
  for (const Layer& layer : layers_)
    files_.push_back(layer.image->fd());
  for (const Layer& layer : std::span(layers_).subspan(1)) {
    for (const LayerRun& run : runs_of(layer)) {
      if (run.bytes >= kMapRunBytes) continue;
      const SlotId slot = slot_of(run.gpa);
      make_private(slot, (run.gpa - slot_gpa(slot)) / kPage, run.bytes / kPage);
    }
  }
}

bool OwnedMemory::is_own(SlotId slot, uint64_t offset) const {
  return private_[slot][offset / kPage] || golden(slot, offset) == nullptr;
}

const uint8_t* OwnedMemory::view(uint64_t gpa, uint64_t length) const {
  // SAFETY: at() gives null for what is not guest memory. A range within one page lies whole in the file, in
  // its layer, or in kZero; callers ask for no other.
  const uint8_t* own = at(gpa, length);
  if (own == nullptr) return nullptr;
  const SlotId slot = slot_of(gpa);
  const uint64_t offset = gpa - slot_gpa(slot);
  const uint64_t page = offset & ~(kPage - 1);
  if (private_[slot][page / kPage]) return own;
  const uint8_t* base = golden(slot, page);
  return (base != nullptr ? base : kZero) + (offset - page);
}

void OwnedMemory::make_private(SlotId slot, uint64_t first_page, uint64_t pages) {
  for (uint64_t page = first_page; page < first_page + pages; page++) {
    if (!note_private(slot, page)) continue;
    // Where there is nothing to copy the file has a hole, which reads as zeros, or what this process has
    // written. SAFETY: the page is in the slot: StickySet::add and runs_of check theirs, all others follow
    // from the shape that the memory was made with. golden() gives a whole page, or null.
    const uint8_t* content = golden(slot, page * kPage);
    if (content != nullptr) std::memcpy(slot_data(slot) + page * kPage, content, kPage);
  }
}

Backing OwnedMemory::backing(uint64_t gpa) const {
  const SlotId slot = slot_of(gpa);
  const uint64_t offset = gpa - slot_gpa(slot);
  if (is_own(slot, offset)) return {kOwnFile, own_offset(slot) + offset};
  const uint8_t* content = golden(slot, offset);
  for (size_t i = layers_.size(); i-- > 0;) {
    const Image& image = *layers_[i].image;
    if (content >= image.data() && content < image.data() + image.bytes())
      return {kImageFile + static_cast<uint32_t>(i), static_cast<uint64_t>(content - image.data())};
  }
  throw Error(kInternal, "a page of guest memory is in no image");
}

} // namespace snapvm
