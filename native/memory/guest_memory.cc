#include "memory/guest_memory.h"

#include <algorithm>
#include <cstring>

namespace snapvm {
namespace {

constexpr uint64_t kEntryPresent = 1;
constexpr uint64_t kEntryLarge = 0x80;
constexpr uint64_t kEntryAddress = 0x000ffffffffff000;
// Shorter runs of a layer are copied at load; longer ones are mapped, which shares them but costs a mapping
// of the 65,530 a process may have.
constexpr size_t kMapRunPages = 16;

// Guest memory must not follow a fork: the child's references would make the next write to each page copy it,
// and KVM write-protects every sandbox of the process meanwhile.
void keep_from_fork(uint8_t* at, size_t bytes) {
  if (::madvise(at, bytes, MADV_DONTFORK) != 0) fail_errno("madvise of guest memory");
}

constexpr int kScratchFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

Mapping map_scratch(uint64_t bytes) {
  Mapping scratch(bytes, PROT_READ | PROT_WRITE, kScratchFlags, -1, 0, "mmap of guest scratch");
  keep_from_fork(scratch.data(), bytes);
  return scratch;
}

void map_private(uint8_t* at, uint64_t bytes, const Image& image, uint64_t offset) {
  const int protection = PROT_READ | PROT_WRITE;
  const int flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE;
  if (::mmap(at, bytes, protection, flags, image.fd(), static_cast<off_t>(offset)) == MAP_FAILED) {
    fail_errno("mmap of guest memory", kHostMemory);
  }
}

} // namespace

GuestMemory::GuestMemory(const MemoryShape& shape, std::vector<Layer> layers, Mapping scratch)
    : shape_(shape), layers_(std::move(layers)) {
  const Image& base = *layers_.front().image;
  slots_[kImageSlot] = Mapping(shape.image_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE,
                               base.fd(), 0, "mmap of a guest image");
  keep_from_fork(slots_[kImageSlot].data(), shape.image_bytes);
  slots_[kScratchSlot] =
      scratch.bytes() == shape.scratch_bytes ? std::move(scratch) : map_scratch(shape.scratch_bytes);
  // Tables and monitor are the tail of the image: mapped, not copied, so pages nobody writes stay shared.
  const uint64_t tail_bytes = shape.table_bytes + shape.monitor_bytes;
  uint8_t* tail = slots_[kScratchSlot].data() + shape.tables_offset();
  map_private(tail, tail_bytes, base, shape.image_bytes);
  keep_from_fork(tail, tail_bytes);
  for (const SlotId slot : {kImageSlot, kScratchSlot})
    private_[slot].resize(slot_bytes(slot) / kPage);
  for (const Layer& layer : std::span(layers_).subspan(1))
    apply(layer);
}

Mapping GuestMemory::give_up_scratch() {
  Mapping scratch = std::move(slots_[kScratchSlot]);
  // Mapped over with the system's own zero pages; that holds for the part that was a piece of the image too,
  // which would keep the image's memory.
  void* again =
      ::mmap(scratch.data(), scratch.bytes(), PROT_READ | PROT_WRITE, kScratchFlags | MAP_FIXED, -1, 0);
  if (again == MAP_FAILED) fail_errno("mmap of guest scratch", kHostMemory);
  keep_from_fork(scratch.data(), scratch.bytes());
  return scratch;
}

void GuestMemory::apply(const Layer& layer) {
  const auto& pages = *layer.pages;
  for (size_t first = 0; first < pages.size();) {
    size_t end = first + 1;
    while (end < pages.size() && pages[end] == pages[end - 1] + kPage)
      end++;
    const uint64_t bytes = (end - first) * kPage;
    uint8_t* target = at(pages[first], bytes);
    if (target == nullptr) throw Error(kInternal, "a layer has a page outside guest memory");
    if (end - first >= kMapRunPages) {
      map_private(target, bytes, *layer.image, first * kPage);
      keep_from_fork(target, bytes);
    } else {
      std::memcpy(target, layer.image->data() + first * kPage, bytes);
      const SlotId slot = pages[first] < shape_.scratch_gpa() ? kImageSlot : kScratchSlot;
      made_private(slot, (pages[first] - slot_gpa(slot)) / kPage, end - first);
    }
    first = end;
  }
}

void GuestMemory::made_private(SlotId slot, uint64_t first_page, uint64_t pages) {
  for (uint64_t page = first_page; page < first_page + pages; page++) {
    private_pages_ += !private_[slot][page];
    private_[slot][page] = true;
  }
}

const uint8_t* GuestMemory::golden(SlotId slot, uint64_t offset) const {
  const uint64_t gpa = slot_gpa(slot) + offset;
  for (size_t i = layers_.size() - 1; i > 0; i--) {
    const auto& pages = *layers_[i].pages;
    const auto found = std::lower_bound(pages.begin(), pages.end(), gpa);
    if (found != pages.end() && *found == gpa) {
      return layers_[i].image->data() + static_cast<uint64_t>(found - pages.begin()) * kPage;
    }
  }
  const uint8_t* base = layers_.front().image->data();
  if (slot == kImageSlot) return base + offset;
  const uint64_t tail =
      offset - shape_.tables_offset(); // wraps below the tables, and is then past the tail too
  return tail < shape_.table_bytes + shape_.monitor_bytes ? base + shape_.image_bytes + tail : nullptr;
}

uint8_t* GuestMemory::at(uint64_t gpa, uint64_t length) const {
  for (const SlotId slot : {kImageSlot, kScratchSlot}) {
    const uint64_t offset = gpa - slot_gpa(slot); // wraps below the slot, and is then past its end too
    const uint64_t bytes = slot_bytes(slot);
    if (offset < bytes && length <= bytes - offset) return slot_data(slot) + offset;
  }
  return nullptr;
}

std::optional<uint64_t> GuestMemory::translate(uint64_t root_gpa, uint64_t gva) const {
  uint64_t table = root_gpa;
  for (int shift = 39; shift >= 12; shift -= 9) {
    const uint8_t* host = at((table & kEntryAddress) + ((gva >> shift) & 511) * 8, 8);
    if (host == nullptr) return std::nullopt;
    uint64_t entry;
    std::memcpy(&entry, host, 8);
    if (!(entry & kEntryPresent)) return std::nullopt;
    if (shift > 12 && (entry & kEntryLarge)) return std::nullopt; // snapvm builds 4 KiB leaves only
    table = entry;
  }
  return (table & kEntryAddress) + (gva & (kPage - 1));
}

} // namespace snapvm
