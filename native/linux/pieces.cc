#include "linux/pieces.h"

#include "abi.h"
#include "system/calls.h"

#include <algorithm>

namespace snapvm {

Bytes copy_in_pieces(std::span<const uint8_t> bytes, size_t room, Work& work) {
  auto copy = std::make_shared<std::vector<uint8_t>>();
  copy->reserve(room);
  while (copy->size() < bytes.size()) {
    const size_t at = copy->size();
    const auto part = bytes.subspan(at, std::min(Work::kPiece, bytes.size() - at));
    copy->insert(copy->end(), part.begin(), part.end());
    if (!work.stop_after(part.size())) continue;
    work.keep(std::move(copy));
    return nullptr;
  }
  return copy;
}

bool make_room(std::vector<uint8_t>& bytes, size_t more, Work& work) {
  if (bytes.capacity() - bytes.size() >= more) return true;
  const auto copy = copy_in_pieces(bytes, std::max(bytes.size() + more, 2 * bytes.size()), work);
  if (copy == nullptr) return false;
  bytes.swap(*copy);
  give_back(copy, work);
  return true;
}

void give_back(Bytes bytes, Work& work) {
  // Whole pages inside the row belong to nobody else.
  void* at = bytes->data();
  size_t left = bytes->capacity();
  while (std::align(kPage, Work::kPiece, at, left) != nullptr) {
    sys_madvise(at, Work::kPiece, MADV_DONTNEED); // one that fails is given back with the row
    at = static_cast<uint8_t*>(at) + Work::kPiece;
    left -= Work::kPiece;
    if (!work.stop_after(Work::kPiece)) continue;
    work.keep(std::move(bytes));
    return;
  }
}

} // namespace snapvm
