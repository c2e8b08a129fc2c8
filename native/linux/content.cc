// What a file holds: a part of the snapshot's image until it is written, its own bytes from then on.
#include "linux/file_system.h"

#include <algorithm>

namespace snapvm {

// A vector that shrinks keeps its memory. Of that a file may hold as much as it has bytes, and no more: only
// those are counted.
bool Content::resize(size_t bytes, Work& work) {
  const bool ours = own_ && own_.use_count() == 1;
  if (!ours || bytes > own_->capacity() || bytes < own_->capacity() / 2) {
    const auto before = this->bytes();
    auto fresh = std::make_shared<std::vector<uint8_t>>();
    fresh->reserve(ours && bytes > before.size() ? std::max(bytes, 2 * before.size()) : bytes);
    for (size_t at = 0; at < std::min(bytes, before.size()); at = fresh->size()) {
      const auto part = before.subspan(at, std::min(Work::kPiece, std::min(bytes, before.size()) - at));
      fresh->insert(fresh->end(), part.begin(), part.end());
      if (work.stop_after(part.size())) return false;
    }
    own_ = std::move(fresh);
    shared_ = {};
  }
  while (own_->size() < bytes) {
    const size_t part = std::min(Work::kPiece, bytes - own_->size());
    own_->resize(own_->size() + part);
    if (work.stop_after(part)) return false;
  }
  own_->resize(bytes);
  return true;
}

} // namespace snapvm
