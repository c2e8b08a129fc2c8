#include "kvm/private_memory.h"

#include "error.h"
#include "system/calls.h"

#include <cstring>

namespace snapvm {
namespace {

// Guest memory must not follow a fork: the child's references would make the next write to each page copy it,
// and KVM write-protects every sandbox of the process meanwhile.
void keep_from_fork(uint8_t* at, size_t bytes) {
  if (sys_madvise(at, bytes, MADV_DONTFORK) != 0) fail_errno("madvise of guest memory");
}

constexpr int kScratchFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

Mapping map_scratch(uint64_t bytes) {
  Mapping scratch(bytes, PROT_READ | PROT_WRITE, kScratchFlags, -1, 0, "mmap of guest scratch");
  keep_from_fork(scratch.data(), bytes);
  return scratch;
}

// SAFETY: MAP_FIXED replaces what is there, so [at, at + bytes) has to be whole pages inside one of this
// object's mappings. The parts of slots that are passed lie in the shape, which check_shape() has checked
// (sandbox.cc), or which is the guest probe's own.
void map_private(uint8_t* at, uint64_t bytes, const Image& image, uint64_t offset) {
  const int protection = PROT_READ | PROT_WRITE;
  const int flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE;
  if (sys_mmap(at, bytes, protection, flags, image.fd(), static_cast<off_t>(offset)) == MAP_FAILED) {
    fail_errno("mmap of guest memory", kHostMemory);
  }
  keep_from_fork(at, bytes);
}

} // namespace

PrivateMemory::PrivateMemory(const MemoryShape& shape, std::vector<Layer> layers, Mapping scratch)
    : GuestMemory(shape, std::move(layers)) {
  const Image& base = *layers_.front().image;
  slots_[kImageSlot] = Mapping(shape.image_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE,
                               base.fd(), 0, "mmap of a guest image");
  keep_from_fork(slots_[kImageSlot].data(), shape.image_bytes);
  slots_[kScratchSlot] =
      scratch.bytes() == shape.scratch_bytes ? std::move(scratch) : map_scratch(shape.scratch_bytes);
  // Tables and monitor are the tail of the image: mapped, not copied, so pages nobody writes stay shared.
  map_private(slots_[kScratchSlot].data() + shape.tables_offset(), shape.table_bytes + shape.monitor_bytes,
              base, shape.image_bytes);
  size_private();
  for (const Layer& layer : std::span(layers_).subspan(1))
    apply(layer);
}

Mapping PrivateMemory::give_up_scratch() {
  Mapping scratch = std::move(slots_[kScratchSlot]);
  // Mapped over with the system's own zero pages; that holds for the part that was a piece of the image too,
  // which would keep the image's memory.
  // SAFETY: MAP_FIXED replaces exactly the mapping that `scratch` owns, and no VM has it: the caller says so.
  void* again =
      sys_mmap(scratch.data(), scratch.bytes(), PROT_READ | PROT_WRITE, kScratchFlags | MAP_FIXED, -1, 0);
  if (again == MAP_FAILED) fail_errno("mmap of guest scratch", kHostMemory);
  keep_from_fork(scratch.data(), scratch.bytes());
  return scratch;
}

void PrivateMemory::apply(const Layer& layer) {
  for (const LayerRun& run : runs_of(layer)) {
    // SAFETY: runs_of() gives runs that lie in one slot, and throws for others.
    uint8_t* target = at(run.gpa, run.bytes);
    if (run.bytes >= kMapRunBytes) {
      map_private(target, run.bytes, *layer.image, run.offset);
      continue;
    }
    std::memcpy(target, layer.image->data() + run.offset, run.bytes);
    const SlotId slot = slot_of(run.gpa);
    make_private(slot, (run.gpa - slot_gpa(slot)) / kPage, run.bytes / kPage);
  }
}

void PrivateMemory::make_private(SlotId slot, uint64_t first_page, uint64_t pages) {
  for (uint64_t page = first_page; page < first_page + pages; page++)
    note_private(slot, page);
}

} // namespace snapvm
