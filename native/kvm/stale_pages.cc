#include "kvm/stale_pages.h"

#include "error.h"
#include "memory/page_entry.h"
#include "system/calls.h"

#include <sys/mman.h>

namespace snapvm {
namespace {

// Beyond this many pieces, all memory is toggled as one piece a slot.
constexpr size_t kMostRuns = 64;

} // namespace

void StalePages::changes(uint64_t, uint64_t before, uint64_t after) {
  if ((before & kPresent) != 0) stale_.note(address_of(before));
  if (is_mapped(before)) edited_.note(address_of(before));
  if (is_mapped(after)) edited_.note(address_of(after));
}

void StalePages::flush() {
  if (!stale_.empty()) toggle(stale_);
}

void StalePages::restored() {
  stale_.clear();
  if (!edited_.empty()) toggle(edited_);
}

void StalePages::mend() {
  if (!torn_) return;
  for (const SlotId slot : {kImageSlot, kScratchSlot}) {
    if (sys_mprotect(memory_.slot_data(slot), memory_.slot_bytes(slot), PROT_READ | PROT_WRITE) != 0)
      fail_errno("mprotect of guest memory", kHostMemory);
  }
  torn_ = false;
}

// Taking all rights from the host's mapping has KVM and the processor drop what they know of the pages;
// giving them back costs the guest a fault for each it touches again.
void StalePages::toggle(PageRuns& runs) {
  std::vector<PageRun> pieces = runs.joined();
  if (pieces.size() > kMostRuns) {
    pieces.clear();
    for (const SlotId slot : {kImageSlot, kScratchSlot})
      pieces.push_back({memory_.slot_gpa(slot), memory_.slot_bytes(slot) / kPage});
  }
  for (const PageRun& piece : pieces) {
    const uint64_t bytes = piece.pages * kPage;
    // SAFETY: at() gives a pointer only to a piece that is the guest's memory, and null for all others.
    uint8_t* host = memory_.at(piece.start, bytes);
    if (host == nullptr) throw Error(kInternal, "a page table of a Linux guest leads out of its memory");
    torn_ = true;
    if (sys_mprotect(host, bytes, PROT_NONE) != 0 || sys_mprotect(host, bytes, PROT_READ | PROT_WRITE) != 0)
      fail_errno("mprotect of guest memory", kHostMemory);
    torn_ = false;
  }
  runs.clear();
}

} // namespace snapvm
