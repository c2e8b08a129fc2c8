// Ranges of addresses: ascending, disjoint, none touching another.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace snapvm {

class PageRanges {
public:
  struct Range {
    uint64_t start, end;
  };

  bool empty() const { return ranges_.empty(); }
  const std::vector<Range>& all() const { return ranges_; }

  void add(uint64_t start, uint64_t end) {
    auto at = std::find_if(ranges_.begin(), ranges_.end(), [&](const Range& r) { return r.end >= start; });
    while (at != ranges_.end() && at->start <= end) {
      start = std::min(start, at->start);
      end = std::max(end, at->end);
      at = ranges_.erase(at);
    }
    ranges_.insert(at, {start, end});
  }

  // Behind all others, touching none.
  void append(uint64_t start, uint64_t end) { ranges_.push_back({start, end}); }

  void remove(uint64_t start, uint64_t end) {
    if (bytes_in(start, end) == 0) return;
    std::vector<Range> kept;
    for (const Range& range : ranges_) {
      if (range.start < std::min(range.end, start)) kept.push_back({range.start, std::min(range.end, start)});
      if (std::max(range.start, end) < range.end) kept.push_back({std::max(range.start, end), range.end});
    }
    ranges_ = std::move(kept);
  }

  // How much of a range is covered.
  uint64_t bytes_in(uint64_t start, uint64_t end) const {
    uint64_t bytes = 0;
    for (const Range& range : ranges_) {
      const uint64_t from = std::max(start, range.start), to = std::min(end, range.end);
      if (from < to) bytes += to - from;
    }
    return bytes;
  }

private:
  std::vector<Range> ranges_;
};

} // namespace snapvm
