#include "memory/page_runs.h"

#include "abi.h"

#include <algorithm>

namespace snapvm {
namespace {

// A guest has pages noted as often as it likes, in whatever order. Joined when this many have come, or twice
// as many as were left the last time.
constexpr size_t kLeastNoted = 4096;

} // namespace

void PageRuns::note(uint64_t page_address) {
  if (!runs_.empty()) {
    PageRun& last = runs_.back();
    const uint64_t end = last.start + last.pages * kPage;
    if (page_address >= last.start && page_address < end) return;
    if (page_address == end) {
      last.pages++;
      return;
    }
  }
  runs_.push_back({page_address, 1});
  if (runs_.size() >= std::max(join_at_, kLeastNoted)) join();
}

const std::vector<PageRun>& PageRuns::joined() {
  join();
  return runs_;
}

void PageRuns::join() {
  std::sort(runs_.begin(), runs_.end(), [](const PageRun& a, const PageRun& b) { return a.start < b.start; });
  size_t joined = 0;
  for (const PageRun& run : runs_) {
    const uint64_t end = joined == 0 ? 0 : runs_[joined - 1].start + runs_[joined - 1].pages * kPage;
    if (joined > 0 && run.start <= end) {
      PageRun& last = runs_[joined - 1];
      last.pages = std::max(last.pages, (run.start - last.start) / kPage + run.pages);
    } else {
      runs_[joined++] = run;
    }
  }
  runs_.resize(joined);
  join_at_ = 2 * joined;
}

} // namespace snapvm
