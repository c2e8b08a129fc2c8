// Long rows of bytes, copied and given back a piece after the other, with looks at whether the program must
// stop.
#pragma once

#include "linux/work.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace snapvm {

using Bytes = std::shared_ptr<std::vector<uint8_t>>;

// A copy, with room for so many bytes. Null: the program has to stop.
Bytes copy_in_pieces(std::span<const uint8_t> bytes, size_t room, Work& work);
// Room for so many bytes more; grows as vectors do. False: the program has to stop, and the bytes are kept.
bool make_room(std::vector<uint8_t>& bytes, size_t more, Work& work);
// Frees them, of which there is nobody else: many pages at once take long.
void give_back(Bytes bytes, Work& work);

} // namespace snapvm
