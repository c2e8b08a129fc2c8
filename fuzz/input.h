// What a target makes of libFuzzer's bytes: numbers, taken one after the other. Behind the end all are zero.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>

namespace snapvm::fuzz {

class Input {
public:
  explicit Input(std::span<const uint8_t> bytes) : rest_(bytes) {}

  template <typename T> T value() {
    T value{};
    const auto part = bytes(sizeof value);
    if (!part.empty()) std::memcpy(&value, part.data(), part.size());
    return value;
  }
  uint8_t byte() { return value<uint8_t>(); }
  // As many as there are, `most` at most.
  std::span<const uint8_t> bytes(size_t most) {
    const auto part = rest_.first(std::min(most, rest_.size()));
    rest_ = rest_.subspan(part.size());
    return part;
  }
  bool done() const { return rest_.empty(); }

private:
  std::span<const uint8_t> rest_;
};

// Ends the target, which libFuzzer reports as a crash, with what does not hold.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "snapvm fuzz: this does not hold: %s\n", what);
  std::abort();
}

} // namespace snapvm::fuzz
