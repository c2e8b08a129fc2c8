// The random bytes of one run: ChaCha20 (RFC 8439's block function, 64-bit counter, nonce 0) over its
// entropy.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace snapvm {

class Random {
public:
  void restart(const uint8_t entropy[32]);
  void fill(std::span<uint8_t> out);

private:
  std::array<uint32_t, 8> key_{};
  uint64_t position_ = 0;
};

} // namespace snapvm
