#include "memory/guest_memory.h"

#include "error.h"
#include "memory/page_entry.h"

#include <algorithm>
#include <cstring>

namespace snapvm {
namespace {

constexpr uint64_t kEntryLarge = 0x80;

} // namespace

GuestMemory::GuestMemory(const MemoryShape& shape, std::vector<Layer> layers)
    : shape_(shape), layers_(std::move(layers)) {}

void GuestMemory::size_private() {
  for (const SlotId slot : {kImageSlot, kScratchSlot})
    private_[slot].resize(slot_bytes(slot) / kPage);
}

std::vector<GuestMemory::LayerRun> GuestMemory::runs_of(const Layer& layer) const {
  const auto& pages = *layer.pages;
  std::vector<LayerRun> runs;
  for (size_t first = 0; first < pages.size();) {
    size_t end = first + 1;
    while (end < pages.size() && pages[end] == pages[end - 1] + kPage)
      end++;
    const LayerRun run{.gpa = pages[first], .bytes = (end - first) * kPage, .offset = first * kPage};
    if (at(run.gpa, run.bytes) == nullptr) throw Error(kInternal, "a layer has a page outside guest memory");
    runs.push_back(run);
    first = end;
  }
  return runs;
}

bool GuestMemory::note_private(SlotId slot, uint64_t page) {
  if (private_[slot][page]) return false;
  private_[slot][page] = true;
  private_pages_++;
  return true;
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
  // SAFETY: SnapshotWrap::open upholds that images are sealed and so mapped, and check_shape (sandbox.cc)
  // that each is as long as its part of the snapshot.
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
    // SAFETY: all of it lies in the slot, which is mapped for as long as this lives.
    if (offset < bytes && length <= bytes - offset) return slot_data(slot) + offset;
  }
  return nullptr;
}

std::optional<uint64_t> GuestMemory::translate(uint64_t root_gpa, uint64_t gva) const {
  uint64_t table = root_gpa;
  for (int shift = 39; shift >= 12; shift -= 9) {
    const uint8_t* host = view((table & kEntryAddress) + ((gva >> shift) & 511) * 8, 8);
    if (host == nullptr) return std::nullopt;
    uint64_t entry; // SAFETY: view() has checked that the eight bytes are guest memory
    std::memcpy(&entry, host, 8);
    if (!(entry & kPresent)) return std::nullopt;
    if (shift > 12 && (entry & kEntryLarge)) return std::nullopt; // snapvm builds 4 KiB leaves only
    table = entry;
  }
  return (table & kEntryAddress) + (gva & (kPage - 1));
}

} // namespace snapvm
