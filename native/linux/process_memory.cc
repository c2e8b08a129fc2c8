#include "linux/process_memory.h"

#include "abi.h"
#include "processor/registers.h"

#include <algorithm>
#include <cerrno>

namespace snapvm {
namespace {

constexpr uint8_t kZeros[kPage] = {};
constexpr size_t kMostAreas = 65530; // as Linux: vm.max_map_count
// A frozen program's are read for each sandbox, in nobody's time; those who wipe have a few.
constexpr size_t kMostWiped = 4096;

bool is_aligned(uint64_t value) {
  return value % kPage == 0;
}

} // namespace

ProcessMemory::ProcessMemory(const MemoryWindows& windows, AddressSpace& space, Work& work)
    : windows_(windows), space_(space), work_(work) {
  state_.brk = windows.brk_start;
  state_.free = space.frames();
  state_.used.resize(state_.free);
  state_.old.resize(state_.free);
}

uint64_t ProcessMemory::brk(uint64_t address) {
  if (address < windows_.brk_start || address > windows_.brk_end) return state_.brk;
  const uint64_t end = round_up_to_page(state_.brk);
  const uint64_t wanted = round_up_to_page(address);
  if (stop_after_walk()) return state_.brk;
  if (wanted > end) {
    if ((wanted - end) / kPage > state_.free) return state_.brk;
    if (back(end, wanted, PROT_READ | PROT_WRITE, {})) return state_.brk;
  } else {
    if (drop_pages(wanted, end)) return state_.brk;
    state_.wiped.remove(wanted, end);
  }
  return state_.brk = address;
}

int64_t ProcessMemory::map(uint64_t address, uint64_t bytes, uint32_t protection, int flags,
                           std::span<const uint8_t> content) {
  if (bytes == 0 || (protection & ~kProtections) != 0) return -EINVAL;
  // Memory is written or executed, never both, and there is no code but the program's own.
  if ((protection & PROT_EXEC) != 0) return -EACCES;
  if (bytes > windows_.map_end - windows_.map_start) return -ENOMEM;
  if (state_.areas.size() >= kMostAreas) return -ENOMEM;
  if (stop_after_walk()) return -EINTR;
  bytes = round_up_to_page(bytes);
  const bool fixed = (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0;
  if (fixed && !is_aligned(address)) return -EINVAL;
  if (fixed && !in_window(address, bytes)) return -ENOMEM;
  if ((flags & MAP_FIXED_NOREPLACE) != 0 && !is_free(address, bytes)) return -EEXIST;
  if (protection != PROT_NONE) {
    const uint64_t reused = fixed ? bytes / kPage - missing_pages(address, address + bytes) : 0;
    if (bytes / kPage > state_.free + reused) return -ENOMEM;
  }
  uint64_t start = address;
  if (fixed) {
    if (const int64_t error = unmap(address, bytes); error < 0) return error;
  } else if (!is_aligned(address) || !in_window(address, bytes) || !is_free(address, bytes)) {
    const auto gap = find_gap(bytes);
    if (!gap) return -ENOMEM;
    start = *gap;
  }
  const bool other = (flags & MAP_ANONYMOUS) == 0 || (flags & MAP_TYPE) != MAP_PRIVATE;
  insert({start, start + bytes, protection, other});
  if (protection != PROT_NONE && back(start, start + bytes, protection, content)) return -EINTR;
  return static_cast<int64_t>(start);
}

int64_t ProcessMemory::unmap(uint64_t address, uint64_t bytes) {
  if (!is_aligned(address) || bytes == 0 || address >= kUserEnd || bytes > kUserEnd - address) return -EINVAL;
  if (stop_after_walk()) return -EINTR;
  const uint64_t end = address + round_up_to_page(bytes);
  const bool splits = std::any_of(state_.areas.begin(), state_.areas.end(),
                                  [&](const Area& area) { return area.start < address && end < area.end; });
  if (splits && state_.areas.size() >= kMostAreas) return -ENOMEM;
  cut(address);
  cut(end);
  state_.wiped.remove(address, end);
  std::erase_if(state_.areas, [&](const Area& area) { return area.start >= address && area.end <= end; });
  // Elsewhere is the image: its pages can be unmapped too, but a range has at most those that tables exist
  // for.
  const uint64_t first = std::max(address, windows_.map_start);
  const uint64_t last = std::min(end, windows_.map_end);
  if (first < last && drop_pages(first, last)) return -EINTR;
  if (address < windows_.map_start || end > windows_.map_end) {
    for (uint64_t at = address; at < end && (end - address) / kPage <= frames() + kPage; at += kPage) {
      if (work_.stop_after(kPage)) return -EINTR;
      if (at >= windows_.map_start && at < windows_.map_end) continue;
      if (const auto page = space_.page(at)) {
        space_.unmap(at);
        if (page->frame) give_back(*page->frame);
      }
    }
  }
  return 0;
}

int64_t ProcessMemory::protect(uint64_t address, uint64_t bytes, uint32_t protection) {
  if (!is_aligned(address) || (protection & ~kProtections) != 0) return -EINVAL;
  if (bytes == 0) return 0;
  if (address >= kUserEnd || bytes > kUserEnd - address) return -ENOMEM;
  if (stop_after_walk()) return -EINTR;
  const uint64_t end = address + round_up_to_page(bytes);
  const bool mapped = in_window(address, end - address);
  if (mapped) {
    if ((protection & PROT_EXEC) != 0) return -EACCES;
    if (protection != PROT_NONE && missing_pages(address, end) > state_.free) return -ENOMEM;
    if (state_.areas.size() + 2 > kMostAreas || !isolate(address, end)) return -ENOMEM;
    for (Area& area : state_.areas) {
      if (area.start >= address && area.end <= end) area.protection = protection;
    }
  }
  for (uint64_t at = address; at < end; at += kPage) {
    if (work_.stop_after(kPage)) return -EINTR;
    const auto page = space_.page(at);
    if (!page) {
      if (!mapped) return -ENOMEM;
      if (protection != PROT_NONE && back(at, at + kPage, protection, {})) return -EINTR;
      continue;
    }
    if ((protection & PROT_EXEC) != 0 && !page->executable) return -EACCES;
    if ((protection & PROT_WRITE) != 0 && page->executable) return -EACCES;
    space_.protect(at, protection);
  }
  return 0;
}

int64_t ProcessMemory::remap(uint64_t address, uint64_t old_bytes, uint64_t new_bytes, int flags,
                             uint64_t target) {
  if (!is_aligned(address) || (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED)) != 0 || new_bytes == 0)
    return -EINVAL;
  const bool fixed = (flags & MREMAP_FIXED) != 0;
  if (fixed && ((flags & MREMAP_MAYMOVE) == 0 || !is_aligned(target))) return -EINVAL;
  if (old_bytes == 0 || old_bytes > windows_.map_end || new_bytes > windows_.map_end - windows_.map_start)
    return old_bytes == 0 ? -EINVAL : -ENOMEM;
  if (stop_after_walk()) return -EINTR;
  old_bytes = round_up_to_page(old_bytes);
  new_bytes = round_up_to_page(new_bytes);
  const auto area = std::find_if(state_.areas.begin(), state_.areas.end(),
                                 [&](const Area& a) { return a.start <= address && address < a.end; });
  if (!in_window(address, old_bytes) || area == state_.areas.end()) return -EFAULT;
  // As Linux, shrinking asks no more than that; what grows or moves is one area.
  if ((fixed || new_bytes > old_bytes) && old_bytes > area->end - address) return -EFAULT;
  const uint32_t protection = area->protection;
  const bool other = area->other;
  const uint64_t old_end = address + old_bytes;
  const uint64_t wiped_bytes = state_.wiped.bytes_in(address, old_end);
  if ((fixed || new_bytes > old_bytes) && wiped_bytes != 0 && wiped_bytes != old_bytes) return -EFAULT;
  if (!fixed && new_bytes <= old_bytes) {
    if (new_bytes < old_bytes) {
      if (const int64_t error = unmap(address + new_bytes, old_bytes - new_bytes); error < 0) return error;
    }
    return static_cast<int64_t>(address);
  }
  const uint64_t added = new_bytes > old_bytes ? new_bytes - old_bytes : 0;
  if (protection != PROT_NONE && added / kPage > state_.free) return -ENOMEM;
  if (state_.areas.size() >= kMostAreas) return -ENOMEM;
  if (!fixed && in_window(old_end, added) && is_free(old_end, added)) {
    insert({old_end, old_end + added, protection, other});
    if (wiped_bytes != 0) state_.wiped.add(old_end, old_end + added);
    if (protection != PROT_NONE && back(old_end, old_end + added, protection, {})) return -EINTR;
    return static_cast<int64_t>(address);
  }
  if ((flags & MREMAP_MAYMOVE) == 0) return -ENOMEM;
  if (fixed) {
    const bool overlaps = target < old_end && address < target + new_bytes;
    if (!in_window(target, new_bytes) || overlaps) return overlaps ? -EINVAL : -ENOMEM;
    if (const int64_t error = unmap(target, new_bytes); error < 0) return error;
    if (new_bytes < old_bytes) {
      if (const int64_t error = unmap(address + new_bytes, old_bytes - new_bytes); error < 0) return error;
      old_bytes = new_bytes;
    }
  } else {
    const auto gap = find_gap(new_bytes);
    if (!gap) return -ENOMEM;
    target = *gap;
  }
  for (uint64_t offset = 0; offset < old_bytes; offset += kPage) {
    if (work_.stop_after(kPage)) return -EINTR;
    if (space_.page(address + offset)) space_.move(address + offset, target + offset);
  }
  if (const int64_t error = unmap(address, old_bytes); error < 0) return error;
  insert({target, target + new_bytes, protection, other});
  if (wiped_bytes != 0) state_.wiped.add(target, target + new_bytes);
  if (added > 0 && protection != PROT_NONE && back(target + old_bytes, target + new_bytes, protection, {}))
    return -EINTR;
  return static_cast<int64_t>(target);
}

int64_t ProcessMemory::advise(uint64_t address, uint64_t bytes, int advice) {
  if (!is_aligned(address)) return -EINVAL;
  if (bytes == 0) return 0;
  if (address >= kUserEnd || bytes > kUserEnd - address) return -ENOMEM;
  if (advice == MADV_WIPEONFORK || advice == MADV_KEEPONFORK)
    return wipe_on_freeze(address, address + round_up_to_page(bytes), advice == MADV_WIPEONFORK);
  if (advice != MADV_DONTNEED) return advice < 0 ? -EINVAL : 0;
  const uint64_t end = address + round_up_to_page(bytes);
  for (uint64_t at = address; at < end; at += kPage) {
    if (work_.stop_after(kPage)) return -EINTR;
    const auto page = space_.page(at);
    if (page && page->frame)
      space_.fill_frame(*page->frame, {}, at & ~(kPage - 1));
    else if (page && !page->executable)
      space_.write(at, kZeros); // data of the image; what cannot be written stays as the file has it
    else if (!page && !in_window(at, kPage))
      return -ENOMEM;
  }
  return 0;
}

// As Linux, it goes on behind a hole, and stops at what it cannot wipe, or where there are too many pieces.
int64_t ProcessMemory::wipe_on_freeze(uint64_t start, uint64_t end, bool wiped) {
  int64_t result = 0;
  const auto set = [&](uint64_t from, uint64_t to) {
    if (state_.wiped.all().size() >= kMostWiped) return false;
    wiped ? state_.wiped.add(from, to) : state_.wiped.remove(from, to);
    return true;
  };
  uint64_t at = start;
  for (; at < end && !in_window(at, kPage); at += kPage) {
    const auto page = space_.page(at);
    if (!page) return -ENOMEM;
    if (!page->frame && wiped) return -EINVAL; // of the program's file, or its stack
    if (stop_after_walk()) return -EINTR;
    if (!set(at, at + kPage)) return -ENOMEM;
  }
  for (const Area& area : state_.areas) {
    if (area.end <= at || at >= end) continue;
    if (area.start > at) result = -ENOMEM;
    if (area.start >= end) break;
    if (area.other && wiped) return -EINVAL;
    if (stop_after_walk()) return -EINTR;
    if (!set(std::max(at, area.start), std::min(end, area.end))) return -ENOMEM;
    at = area.end;
  }
  return at < end ? -ENOMEM : result;
}

void ProcessMemory::wipe() {
  for (const PageRanges::Range& range : state_.wiped.all())
    advise(range.start, range.end - range.start, MADV_DONTNEED);
}

bool ProcessMemory::is_mapped(uint64_t address) const {
  return !is_free(address, 1) || space_.page(address & ~(kPage - 1)).has_value();
}

void ProcessMemory::forget_old() {
  for (uint32_t frame = 0; frame < state_.used.size(); frame++) {
    if (state_.used[frame] || !state_.old[frame]) continue;
    space_.fill_frame(frame, {});
    state_.old[frame] = false;
  }
}

// Walks over both lists; each system call has a few of them.
bool ProcessMemory::stop_after_walk() {
  return work_.stop_after(state_.areas.size() * sizeof(Area) +
                          state_.wiped.all().size() * sizeof(PageRanges::Range));
}

bool ProcessMemory::in_window(uint64_t address, uint64_t bytes) const {
  return address >= windows_.map_start && address <= windows_.map_end && bytes <= windows_.map_end - address;
}

bool ProcessMemory::is_free(uint64_t address, uint64_t bytes) const {
  return std::none_of(state_.areas.begin(), state_.areas.end(),
                      [&](const Area& area) { return area.start < address + bytes && address < area.end; });
}

std::optional<uint64_t> ProcessMemory::find_gap(uint64_t bytes) const {
  uint64_t at = windows_.map_start;
  for (const Area& area : state_.areas) {
    if (area.start - at >= bytes) return at;
    at = area.end;
  }
  if (windows_.map_end - at >= bytes) return at;
  return std::nullopt;
}

void ProcessMemory::cut(uint64_t at) {
  for (size_t i = 0; i < state_.areas.size(); i++) {
    const Area area = state_.areas[i];
    if (at <= area.start || at >= area.end) continue;
    state_.areas[i].end = at;
    state_.areas.insert(state_.areas.begin() + static_cast<ptrdiff_t>(i) + 1,
                        {at, area.end, area.protection, area.other});
    return;
  }
}

bool ProcessMemory::isolate(uint64_t start, uint64_t end) {
  uint64_t covered = start;
  for (const Area& area : state_.areas) {
    if (area.end <= covered || area.start > covered) continue;
    covered = area.end;
    if (covered >= end) break;
  }
  if (covered < end) return false;
  cut(start);
  cut(end);
  return true;
}

// Neighbours with the same rights become one, so that the list stays short however often a program grows.
void ProcessMemory::insert(Area area) {
  auto& areas = state_.areas;
  auto next = std::find_if(areas.begin(), areas.end(), [&](const Area& a) { return a.start >= area.end; });
  if (next != areas.begin()) {
    auto before = std::prev(next);
    if (before->end == area.start && before->protection == area.protection && before->other == area.other) {
      before->end = area.end;
      return;
    }
  }
  areas.insert(next, area);
}

bool ProcessMemory::drop_pages(uint64_t start, uint64_t end) {
  for (uint64_t at = start; at < end; at += kPage) {
    if (work_.stop_after(kPage)) return true;
    const auto page = space_.page(at);
    if (!page) continue;
    space_.unmap(at);
    if (page->frame) give_back(*page->frame);
  }
  return false;
}

uint64_t ProcessMemory::missing_pages(uint64_t start, uint64_t end) const {
  uint64_t missing = 0;
  for (uint64_t at = start; at < end; at += kPage) {
    // What was not looked at counts: the caller must not believe in pages that there are not.
    if (work_.stop_after(kPage)) return missing + (end - at) / kPage;
    missing += !space_.page(at);
  }
  return missing;
}

uint32_t ProcessMemory::take_frame(std::span<const uint8_t> content) {
  while (state_.used[next_])
    next_++;
  const uint32_t frame = next_++;
  state_.used[frame] = true;
  state_.free--;
  if (state_.old[frame] || !content.empty()) space_.fill_frame(frame, content);
  return frame;
}

void ProcessMemory::give_back(uint32_t frame) {
  state_.used[frame] = false;
  state_.old[frame] = true;
  state_.free++;
  next_ = std::min(next_, frame);
}

// The caller has made sure that there are frames enough.
bool ProcessMemory::back(uint64_t start, uint64_t end, uint32_t protection,
                         std::span<const uint8_t> content) {
  for (uint64_t at = start; at < end; at += kPage) {
    if (work_.stop_after(kPage)) return true;
    const size_t skip = std::min<size_t>(content.size(), at - start);
    space_.map_frame(at, take_frame(content.subspan(skip, std::min<size_t>(content.size() - skip, kPage))),
                     protection);
  }
  return false;
}

} // namespace snapvm
