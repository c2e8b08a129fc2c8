// Where the numbers of a frozen program's state are, so that one of them can be changed and the rest still be
// read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace snapvm::fuzz {

struct Field {
  size_t at;
  size_t bytes; // 1, 4 or 8
};

// As far as the bytes can be read as native/linux/process_codec.cc reads them. `whole` says whether they can
// to the end.
std::vector<Field> fields_of(std::span<const uint8_t> state, bool* whole = nullptr);

// Changes a few of them. Gives the size.
size_t mutate_fields(std::span<uint8_t> state, unsigned seed);

} // namespace snapvm::fuzz
