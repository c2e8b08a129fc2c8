#include "linux/random.h"

#include "memory/bytes.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace snapvm {
namespace {

using Block = std::array<uint32_t, 16>;

void quarter_round(Block& x, int a, int b, int c, int d) {
  x[a] += x[b], x[d] = std::rotl(x[d] ^ x[a], 16);
  x[c] += x[d], x[b] = std::rotl(x[b] ^ x[c], 12);
  x[a] += x[b], x[d] = std::rotl(x[d] ^ x[a], 8);
  x[c] += x[d], x[b] = std::rotl(x[b] ^ x[c], 7);
}

Block block(const std::array<uint32_t, 8>& key, uint64_t counter) {
  Block start{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  std::copy(key.begin(), key.end(), start.begin() + 4);
  start[12] = static_cast<uint32_t>(counter);
  start[13] = static_cast<uint32_t>(counter >> 32);
  Block x = start;
  for (int round = 0; round < 10; round++) {
    for (int i = 0; i < 4; i++)
      quarter_round(x, i, 4 + i, 8 + i, 12 + i);
    for (int i = 0; i < 4; i++)
      quarter_round(x, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
  }
  for (int i = 0; i < 16; i++)
    x[i] += start[i];
  return x;
}

} // namespace

void Random::restart(const uint8_t entropy[32]) {
  std::memcpy(key_.data(), entropy, sizeof key_);
  position_ = 0;
}

void Random::fill(std::span<uint8_t> out) {
  while (!out.empty()) {
    const Block stream = block(key_, position_ / sizeof(Block));
    const size_t skip = position_ % sizeof(Block);
    const size_t part = std::min(out.size(), sizeof(Block) - skip);
    std::memcpy(out.data(), bytes_of(stream).data() + skip, part);
    position_ += part;
    out = out.subspan(part);
  }
}

} // namespace snapvm
