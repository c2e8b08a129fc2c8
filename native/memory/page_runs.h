// Stretches of neighbouring pages, by address, noted one by one and joined when they are used.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace snapvm {

struct PageRun {
  uint64_t start;
  uint64_t pages;
};

class PageRuns {
public:
  void note(uint64_t page_address);
  bool empty() const { return runs_.empty(); }
  void clear() { runs_.clear(); }
  // Sorted, disjoint and not adjacent.
  const std::vector<PageRun>& joined();

private:
  void join();

  std::vector<PageRun> runs_;
  size_t join_at_ = 0; // so many are kept before they are joined
};

} // namespace snapvm
