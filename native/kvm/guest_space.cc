#include "kvm/guest_space.h"

#include "error.h"
#include "linux/registers.h"

#include <algorithm>
#include <cstring>

namespace snapvm {
namespace {

constexpr uint64_t kPresent = 1, kWritable = 2, kUser = 4, kNoExecute = uint64_t{1} << 63;
constexpr uint64_t kAccessedAndDirty = 0x60;
constexpr uint64_t kAddress = 0x000ffffffffff000;
// Bits the processor leaves to software.
constexpr uint64_t kHeld = 1u << 9;  // not present, for its rights were taken; there is a page
constexpr uint64_t kCode = 1u << 10; // may be made executable again
// Beyond this many pieces, one large one.
constexpr size_t kMostRuns = 64;
// A program edits entries as often as it likes, in whatever order: so many are noted before they are joined.
constexpr size_t kMostNoted = 4096;

bool is_mapped(uint64_t entry) {
  return (entry & (kPresent | kHeld)) != 0;
}

// The address in an entry that is not present stands inverted, as in Linux: a processor that reads past the
// present bit in speculation (L1TF) then meets no memory.
uint64_t address_of(uint64_t entry) {
  return (entry & kPresent) != 0 ? entry & kAddress : ~entry & kAddress;
}

uint64_t make_entry(uint64_t gpa, uint32_t protection, bool code) {
  const uint64_t kept = code ? kCode : 0;
  if (protection == PROT_NONE) return (~gpa & kAddress) | kHeld | kept;
  const uint64_t rights =
      ((protection & PROT_WRITE) != 0 ? kWritable : 0) | ((protection & PROT_EXEC) != 0 ? 0 : kNoExecute);
  return gpa | kPresent | kUser | kAccessedAndDirty | rights | kept;
}

bool is_code(uint64_t entry) {
  return (entry & kCode) != 0 || ((entry & kPresent) != 0 && (entry & kNoExecute) == 0);
}

} // namespace

GuestSpace::GuestSpace(GuestMemory& memory, StickySet& sticky) : memory_(memory), sticky_(sticky) {}

uint8_t* GuestSpace::leaf(uint64_t gva) const {
  if (gva >= kUserEnd) return nullptr;
  uint64_t table = memory_.shape().tables_gpa();
  for (int shift = 39;; shift -= 9) {
    uint8_t* at = memory_.at((table & kAddress) + ((gva >> shift) & 511) * 8, 8);
    if (at == nullptr || shift == 12) return at;
    std::memcpy(&table, at, 8);
    if ((table & kPresent) == 0 || (table & kUser) == 0) return nullptr;
  }
}

uint64_t GuestSpace::entry(uint64_t gva) const {
  const uint8_t* at = leaf(gva);
  uint64_t entry = 0;
  if (at != nullptr) std::memcpy(&entry, at, sizeof entry);
  return entry;
}

void GuestSpace::set_entry(uint64_t gva, uint64_t entry) {
  uint8_t* at = leaf(gva);
  if (at == nullptr) throw Error(kInternal, "a page table of a Linux guest is missing");
  uint64_t before;
  std::memcpy(&before, at, sizeof before);
  if (before == entry) return;
  if ((before & kPresent) != 0) add(stale_, before & kAddress);
  if (is_mapped(before)) add(edited_, address_of(before));
  if (is_mapped(entry)) add(edited_, address_of(entry));
  // Before the edit: should noting it fail, there is nothing that a restore would not know of.
  const auto offset = static_cast<uint64_t>(at - memory_.slot_data(kScratchSlot));
  sticky_.add(kScratchSlot, offset / kPage);
  std::memcpy(at, &entry, sizeof entry);
}

size_t GuestSpace::read(uint64_t gva, std::span<uint8_t> to) const {
  size_t done = 0;
  while (done < to.size()) {
    const uint64_t at = gva + done;
    const uint64_t mapping = entry(at);
    if ((mapping & kPresent) == 0 || (mapping & kUser) == 0) break;
    const uint64_t skip = at % kPage;
    const size_t part = std::min<uint64_t>(to.size() - done, kPage - skip);
    const uint8_t* host = memory_.at((mapping & kAddress) + skip, part);
    if (host == nullptr) break;
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
    uint8_t* host = memory_.at((mapping & kAddress) + skip, part);
    if (host == nullptr) break;
    note_write(mapping & kAddress);
    std::memcpy(host, from.data() + done, part);
    done += part;
  }
  return done;
}

uint32_t GuestSpace::frames() const {
  return static_cast<uint32_t>(memory_.shape().frame_bytes / kPage);
}

void GuestSpace::fill_frame(uint32_t frame, std::span<const uint8_t> content) {
  uint8_t* host = memory_.at(frame_gpa(frame), kPage);
  note_write(frame_gpa(frame));
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

void GuestSpace::flush() {
  if (!stale_.empty()) toggle(stale_);
}

void GuestSpace::restored() {
  stale_.clear();
  if (!edited_.empty()) toggle(edited_);
}

// The host writes the page itself, which no dirty log reports.
void GuestSpace::note_write(uint64_t gpa) {
  const SlotId slot = gpa < memory_.shape().scratch_gpa() ? kImageSlot : kScratchSlot;
  sticky_.add(slot, (gpa - memory_.slot_gpa(slot)) / kPage);
}

void GuestSpace::add(std::vector<Run>& runs, uint64_t gpa) const {
  if (!runs.empty()) {
    Run& last = runs.back();
    if (gpa >= last.gpa && gpa < last.gpa + last.pages * kPage) return;
    if (gpa == last.gpa + last.pages * kPage) {
      last.pages++;
      return;
    }
  }
  runs.push_back({gpa, 1});
  if (runs.size() >= kMostNoted) join(runs);
}

// Sorts and merges; beyond `kMostRuns` all memory is one piece a slot.
void GuestSpace::join(std::vector<Run>& runs) const {
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.gpa < b.gpa; });
  size_t joined = 0;
  for (const Run& run : runs) {
    const uint64_t end = joined == 0 ? 0 : runs[joined - 1].gpa + runs[joined - 1].pages * kPage;
    if (joined > 0 && run.gpa <= end) {
      Run& last = runs[joined - 1];
      last.pages = std::max(last.pages, (run.gpa - last.gpa) / kPage + run.pages);
    } else {
      runs[joined++] = run;
    }
  }
  runs.resize(joined);
  if (joined <= kMostRuns) return;
  runs.clear();
  for (const SlotId slot : {kImageSlot, kScratchSlot})
    runs.push_back({memory_.slot_gpa(slot), memory_.slot_bytes(slot) / kPage});
}

// Taking all rights from the host's mapping has KVM and the processor drop what they know of the pages;
// giving them back costs the guest a fault for each it touches again.
void GuestSpace::toggle(std::vector<Run>& runs) {
  join(runs);
  for (const Run& run : runs) {
    const uint64_t bytes = run.pages * kPage;
    uint8_t* host = memory_.at(run.gpa, bytes);
    if (host == nullptr) throw Error(kInternal, "a page table of a Linux guest leads out of its memory");
    if (::mprotect(host, bytes, PROT_NONE) != 0 || ::mprotect(host, bytes, PROT_READ | PROT_WRITE) != 0)
      fail_errno("mprotect of guest memory", kHostMemory);
  }
  runs.clear();
}

} // namespace snapvm
