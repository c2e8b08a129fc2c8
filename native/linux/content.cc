// What a file holds: a part of the snapshot's image until it is written, its own bytes from then on.
#include "linux/file_system.h"

#include <algorithm>

namespace snapvm {

std::vector<uint8_t>& Content::edit() {
  if (!own_)
    own_ = std::make_shared<std::vector<uint8_t>>(shared_.begin(), shared_.end());
  else if (own_.use_count() > 1)
    own_ = std::make_shared<std::vector<uint8_t>>(*own_);
  shared_ = {};
  return *own_;
}

// A vector that shrinks keeps its memory. Of that a file may hold as much as it has bytes, and no more: only
// those are counted.
void Content::resize(size_t bytes) {
  if (own_ && own_.use_count() == 1 && bytes >= own_->capacity() / 2) {
    own_->resize(bytes);
    return;
  }
  const auto kept = this->bytes().first(std::min(bytes, this->bytes().size()));
  std::vector<uint8_t> fresh;
  fresh.reserve(bytes);
  fresh.assign(kept.begin(), kept.end());
  fresh.resize(bytes);
  *this = Content(std::move(fresh));
}

} // namespace snapvm
