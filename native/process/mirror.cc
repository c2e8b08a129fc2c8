#include "process/mirror.h"

#include "memory/page_entry.h"
#include "processor/registers.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>
#include <sys/syscall.h>

namespace snapvm {
namespace {

constexpr uint64_t kTableEntries = 512;
// How many pages one fault makes writable at most. There are more, the more a guest has dirtied already,
// and if it writes in sequence, up or down. A page too many costs a copy with every restore, a fault too many
// a hundred times that.
constexpr uint64_t kMostWindow = 64;
constexpr uint64_t kSequenceShare = 4; // a guest that writes in sequence gets a quarter more with each fault

uint64_t least_window(size_t dirty_pages) {
  if (dirty_pages < 64) return 1;
  if (dirty_pages < 512) return 4;
  return dirty_pages < 4096 ? 16 : kMostWindow;
}

int protection_of(uint64_t entry) {
  return PROT_READ | ((entry & kNoExecute) == 0 ? PROT_EXEC : 0);
}

Command unmap(uint64_t gva, uint64_t bytes) {
  return {SYS_munmap, {gva, bytes}};
}

// The system call that maps a stretch of guest memory. Descriptors have the numbers that GuestProcess::give
// gives them. A private mapping of a sealed image that nobody may write stays shared with all others.
Command map(uint64_t gva, uint64_t bytes, int protection, const Backing& backing) {
  const int kind = backing.file == 0 ? MAP_SHARED : MAP_PRIVATE | MAP_NORESERVE;
  // A page that becomes writable is one the guest is about to write: it is mapped in the same system call.
  const int populate = (protection & PROT_WRITE) != 0 ? MAP_POPULATE : 0;
  // SAFETY: MAP_FIXED replaces what is at `gva`, and that is only ever the guest's. The snapshot's tables
  // reach no higher than USER.stackEnd (src/base/abi.ts), far below the stub; a guest's own calls change
  // entries of these tables and add no table (GuestSpace::set_entry).
  return {SYS_mmap,
          {gva, bytes, static_cast<uint64_t>(protection), static_cast<uint64_t>(kind | MAP_FIXED | populate),
           backing.file + 1, backing.offset}};
}

} // namespace

std::optional<Mirror::Piece> Mirror::piece_at(uint64_t gva, uint64_t entry) const {
  constexpr uint64_t kNeeded = kPresent | kUser;
  if ((entry & kNeeded) != kNeeded) return std::nullopt;
  const uint64_t gpa = entry & kEntryAddress;
  const SlotId slot = memory_.slot_of(gpa);
  const bool writable = (entry & kWritable) != 0 && sticky_.has(slot, (gpa - memory_.slot_gpa(slot)) / kPage);
  return Piece{.gva = gva,
               .bytes = kPage,
               .protection = protection_of(entry) | (writable ? PROT_WRITE : 0),
               .backing = memory_.backing(gpa)};
}

template <typename Visit>
void Mirror::walk(uint64_t table, int shift, uint64_t gva, const Visit& visit) const {
  // SAFETY: view() gives a whole page, or null where there is no guest memory. The guest does not run now.
  const uint8_t* entries = memory_.view(table, kPage);
  if (entries == nullptr) return;
  // The upper half is the monitor's, which a process cannot map.
  const uint64_t count = shift == 39 ? kTableEntries / 2 : kTableEntries;
  for (uint64_t i = 0; i < count; i++) {
    uint64_t entry;
    std::memcpy(&entry, entries + i * 8, 8);
    if ((entry & kPresent) == 0 || (entry & kUser) == 0) continue;
    const uint64_t at = gva | (i << shift);
    if (shift == 12)
      visit(at, entry);
    else
      walk(entry & kEntryAddress, shift - 9, at, visit);
  }
}

void Mirror::load(GuestProcess& child, const GuestSpace& space) {
  edited_.clear();
  since_restore_.clear();
  regions_.clear();
  walk(memory_.shape().tables_gpa(), 39, 0, [this](uint64_t gva, uint64_t entry) {
    edited_.note(gva);
    note_region(gva, entry);
  });
  std::sort(regions_.begin(), regions_.end(), [](const Region& a, const Region& b) { return a.gpa < b.gpa; });
  flush(child, space);
}

std::optional<uint64_t> Mirror::only_place_of(std::span<const uint8_t, 2> bytes) const {
  std::vector<uint64_t> places;
  uint64_t end = 0; // of the page that was looked at last
  uint8_t last = 0; // its last byte
  walk(memory_.shape().tables_gpa(), 39, 0, [&](uint64_t gva, uint64_t entry) {
    // SAFETY: as in walk(): a whole page, or null.
    const uint8_t* page = (entry & kNoExecute) != 0 ? nullptr : memory_.view(entry & kEntryAddress, kPage);
    if (page == nullptr || places.size() > 1) return;
    if (gva == end && last == bytes[0] && page[0] == bytes[1]) places.push_back(gva - 1);
    const std::span code(page, kPage);
    for (auto at = code.begin();; at++) {
      at = std::search(at, code.end(), bytes.begin(), bytes.end());
      if (at == code.end()) break;
      places.push_back(gva + static_cast<uint64_t>(at - code.begin()));
    }
    end = gva + kPage;
    last = page[kPage - 1];
  });
  return places.size() == 1 ? std::optional(places.front()) : std::nullopt;
}

void Mirror::note_region(uint64_t gva, uint64_t entry) {
  const uint64_t gpa = entry & kEntryAddress;
  if (!regions_.empty()) {
    Region& last = regions_.back();
    if (gva == last.gva + last.pages * kPage && gpa == last.gpa + last.pages * kPage) {
      last.pages++;
      return;
    }
  }
  regions_.push_back({gpa, gva, 1});
}

void Mirror::changes(uint64_t gva, uint64_t, uint64_t) {
  edited_.note(gva);
  since_restore_.note(gva);
}

void Mirror::restored() {
  for (const PageRun& run : since_restore_.joined()) {
    for (uint64_t page = 0; page < run.pages; page++)
      edited_.note(run.start + page * kPage);
  }
  since_restore_.clear();
}

void Mirror::forget_dirty() {
  for (const StickySet::Page& page : sticky_.pages()) {
    const uint64_t gpa = memory_.slot_gpa(page.slot) + page.offset;
    auto after = std::upper_bound(regions_.begin(), regions_.end(), gpa,
                                  [](uint64_t value, const Region& region) { return value < region.gpa; });
    if (after == regions_.begin()) continue; // a page table, or a page of the monitor
    const Region& region = *std::prev(after);
    if (gpa - region.gpa < region.pages * kPage) edited_.note(region.gva + (gpa - region.gpa));
  }
  sequences_ = {};
}

bool Mirror::allow_write(uint64_t gva, const GuestSpace& space) {
  const auto may_become_writable = [&](uint64_t page) {
    constexpr uint64_t kNeeded = kPresent | kUser | kWritable;
    const uint64_t entry = space.entry(page);
    if ((entry & kNeeded) != kNeeded) return false;
    const uint64_t gpa = entry & kEntryAddress;
    const SlotId slot = memory_.slot_of(gpa);
    return sticky_.add(slot, (gpa - memory_.slot_gpa(slot)) / kPage);
  };
  const uint64_t page = gva & ~(kPage - 1);
  if (page >= kUserEnd || !may_become_writable(page)) return false;
  const auto continued = std::ranges::find_if(sequences_, [page](const Sequence& sequence) {
    return page == sequence.end || page + kPage == sequence.start;
  });
  const bool is_new = continued == sequences_.end();
  Sequence& sequence = is_new ? sequences_[oldest_] : *continued;
  if (is_new) oldest_ = (oldest_ + 1) % sequences_.size();
  const uint64_t least = least_window(sticky_.size());
  const uint64_t window = is_new ? least : std::clamp(sequence.pages / kSequenceShare, least, kMostWindow);
  // On from the page if the guest writes in sequence, else the block of pages that it is in.
  uint64_t below = 0;
  if (is_new)
    below = page / kPage % window;
  else if (page != sequence.end)
    below = window - 1;
  uint64_t above = window - 1 - below;
  uint64_t start = page;
  for (; below > 0 && may_become_writable(start - kPage); below--)
    start -= kPage;
  uint64_t end = page + kPage;
  for (; above > 0 && may_become_writable(end); above--)
    end += kPage;
  for (uint64_t at = start; at < end; at += kPage)
    edited_.note(at);
  const uint64_t before = is_new ? 0 : sequence.pages;
  sequence = {.start = start, .end = end, .pages = before + (end - start) / kPage};
  return true;
}

// Makes one system call for every stretch that is mapped in the same way.
void Mirror::flush(GuestProcess& child, const GuestSpace& space) {
  std::vector<Command> commands;
  for (const PageRun& run : edited_.joined()) {
    std::optional<Piece> piece;
    uint64_t hole = 0; // bytes that are not mapped, just before the page that is looked at
    const auto emit = [&](uint64_t end) {
      if (piece) commands.push_back(map(piece->gva, piece->bytes, piece->protection, piece->backing));
      if (hole != 0) commands.push_back(unmap(end - hole, hole));
      piece.reset();
      hole = 0;
    };
    for (uint64_t i = 0; i < run.pages; i++) {
      const uint64_t gva = run.start + i * kPage;
      const auto next = piece_at(gva, space.entry(gva));
      if (!next) {
        if (piece) emit(gva);
        hole += kPage;
        continue;
      }
      const bool continues = piece && piece->protection == next->protection &&
                             piece->backing.file == next->backing.file &&
                             piece->backing.offset + piece->bytes == next->backing.offset;
      if (continues) {
        piece->bytes += kPage;
      } else {
        emit(gva);
        piece = next;
      }
    }
    emit(run.start + run.pages * kPage);
  }
  edited_.clear(); // even if run() fails: then the process is given up
  child.run(commands, "mapping guest memory into its process");
}

} // namespace snapvm
