#include "memory/guest_space.h"

#include "error.h"
#include "memory/page_entry.h"
#include "processor/registers.h"

#include <algorithm>
#include <cstring>

namespace snapvm {
namespace {

uint64_t make_entry(uint64_t gpa, uint32_t protection, bool code) {
  const uint64_t kept = code ? kCode : 0;
  if (protection == PROT_NONE) return (~gpa & kEntryAddress) | kHeld | kept;
  const uint64_t rights =
      ((protection & PROT_WRITE) != 0 ? kWritable : 0) | ((protection & PROT_EXEC) != 0 ? 0 : kNoExecute);
  return gpa | kPresent | kUser | kAccessedAndDirty | rights | kept;
}

} // namespace

GuestSpace::GuestSpace(GuestMemory& memory, StickySet& sticky, Translations& translations)
    : memory_(memory), sticky_(sticky), translations_(translations) {}

std::optional<uint64_t> GuestSpace::leaf(uint64_t gva) const {
  if (gva >= kUserEnd) return std::nullopt;
  uint64_t table = memory_.shape().tables_gpa();
  for (int shift = 39;; shift -= 9) {
    const uint64_t gpa = (table & kEntryAddress) + ((gva >> shift) & 511) * 8;
    const uint8_t* at = memory_.view(gpa, 8);
    if (at == nullptr) return std::nullopt;
    if (shift == 12) return gpa;
    std::memcpy(&table, at, 8);
    if ((table & kPresent) == 0 || (table & kUser) == 0) return std::nullopt;
  }
}

uint64_t GuestSpace::entry(uint64_t gva) const {
  const auto gpa = leaf(gva);
  uint64_t entry = 0;
  // SAFETY: leaf() upholds that the entry is guest memory.
  if (gpa) std::memcpy(&entry, memory_.view(*gpa, sizeof entry), sizeof entry);
  return entry;
}

void GuestSpace::set_entry(uint64_t gva, uint64_t entry) {
  const auto gpa = leaf(gva);
  if (!gpa) throw Error(kInternal, "a page table of a Linux guest is missing");
  uint64_t before; // SAFETY: leaf() upholds that the entry is guest memory
  std::memcpy(&before, memory_.view(*gpa, sizeof before), sizeof before);
  if (before == entry) return;
  // Both before the edit: should one fail, there is nothing that a restore would not know of.
  translations_.changes(gva, before, entry);
  note_write(*gpa & kEntryAddress);
  // SAFETY: note_write has made its page private, so it may be written.
  std::memcpy(memory_.at(*gpa, sizeof entry), &entry, sizeof entry);
}

size_t GuestSpace::read(uint64_t gva, std::span<uint8_t> to) const {
  size_t done = 0;
  while (done < to.size()) {
    const uint64_t at = gva + done;
    const uint64_t mapping = entry(at);
    if ((mapping & kPresent) == 0 || (mapping & kUser) == 0) break;
    const uint64_t skip = at % kPage;
    const size_t part = std::min<uint64_t>(to.size() - done, kPage - skip);
    const uint8_t* host = memory_.view((mapping & kEntryAddress) + skip, part);
    if (host == nullptr) break;
    // SAFETY: `part` is at most what is left of the page, which view() has found in guest memory.
    std::memcpy(to.data() + done, host, part);
    done += part;
  }
  return done;
}

size_t GuestSpace::write(uint64_t gva, std::span<const uint8_t> from) {
  size_t done = 0;
  while (done < from.size()) {
    const uint64_t at = gva + done;
    const uint64_t mapping = entry(at);
    constexpr uint64_t kNeeded = kPresent | kUser | kWritable;
    if ((mapping & kNeeded) != kNeeded) break;
    const uint64_t skip = at % kPage;
    const size_t part = std::min<uint64_t>(from.size() - done, kPage - skip);
    uint8_t* host = memory_.at((mapping & kEntryAddress) + skip, part);
    if (host == nullptr) break;
    if (note_write(mapping & kEntryAddress)) translations_.became_private(at & ~(kPage - 1));
    // SAFETY: `part` is at most what is left of the page, which at() has found and note_write has made
    // private.
    std::memcpy(host, from.data() + done, part);
    done += part;
  }
  return done;
}

uint32_t GuestSpace::frames() const {
  return static_cast<uint32_t>(memory_.shape().frame_bytes / kPage);
}

void GuestSpace::fill_frame(uint32_t frame, std::span<const uint8_t> content,
                            std::optional<uint64_t> mapped_at) {
  // SAFETY: ProcessMemory takes frames below frames() only, and check_shape (sandbox.cc) upholds that those
  // lie in scratch; note_write makes the page private before it is written.
  uint8_t* host = memory_.at(frame_gpa(frame), kPage);
  if (note_write(frame_gpa(frame)) && mapped_at) translations_.became_private(*mapped_at);
  const size_t part = std::min<size_t>(content.size(), kPage);
  if (part > 0) std::memcpy(host, content.data(), part);
  std::memset(host + part, 0, kPage - part);
}

void GuestSpace::map_frame(uint64_t gva, uint32_t frame, uint32_t protection) {
  set_entry(gva, make_entry(frame_gpa(frame), protection, false));
}

std::optional<MappedPage> GuestSpace::page(uint64_t gva) const {
  const uint64_t mapping = entry(gva);
  if (!is_mapped(mapping)) return std::nullopt;
  MappedPage page{.frame = std::nullopt, .executable = is_code(mapping)};
  const uint64_t index = (address_of(mapping) - memory_.shape().frames_gpa()) / kPage;
  if (address_of(mapping) >= memory_.shape().frames_gpa() && index < frames())
    page.frame = static_cast<uint32_t>(index);
  return page;
}

void GuestSpace::protect(uint64_t gva, uint32_t protection) {
  const uint64_t before = entry(gva);
  set_entry(gva, make_entry(address_of(before), protection, is_code(before)));
}

void GuestSpace::unmap(uint64_t gva) {
  set_entry(gva, 0);
}

void GuestSpace::move(uint64_t from, uint64_t to) {
  const uint64_t mapping = entry(from);
  set_entry(from, 0);
  set_entry(to, mapping);
}

// The host writes the page itself, which no dirty log reports.
bool GuestSpace::note_write(uint64_t gpa) {
  const SlotId slot = memory_.slot_of(gpa);
  return sticky_.add(slot, (gpa - memory_.slot_gpa(slot)) / kPage);
}

} // namespace snapvm
