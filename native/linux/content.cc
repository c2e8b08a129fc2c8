// What a file holds: a part of the snapshot's image until it is written, its own bytes from then on.
#include "linux/file_system.h"

#include <algorithm>

namespace snapvm {

// A vector that shrinks keeps its memory. Of that a file may hold as much as it has bytes, and no more: only
// those are counted.
bool Content::resize(size_t bytes, Work& work) {
  const bool ours = is_only_ours();
  if (!ours || bytes > own_->capacity() || bytes < own_->capacity() / 2) {
    const auto before = this->bytes();
    const size_t room = ours && bytes > before.size() ? std::max(bytes, 2 * before.size()) : bytes;
    Bytes copy = copy_in_pieces(before.first(std::min(bytes, before.size())), room, work);
    if (copy == nullptr) return false;
    clear(work);
    own_ = std::move(copy);
  }
  while (own_->size() < bytes) {
    const size_t part = std::min(Work::kPiece, bytes - own_->size());
    own_->resize(own_->size() + part);
    if (work.stop_after(part)) return false;
  }
  own_->resize(bytes);
  return true;
}

void Content::clear(Work& work) {
  if (is_only_ours()) give_back(std::move(own_), work);
  own_ = {};
  shared_ = {};
}

} // namespace snapvm
