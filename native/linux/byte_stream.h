// Little-endian fields in a row of bytes. Readers check every length: the bytes may come from a disk.
#pragma once

#include "error.h"
#include "memory/bytes.h"

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace snapvm {

class ByteWriter {
public:
  template <typename T> void value(const T& value) {
    static_assert(std::has_unique_object_representations_v<T>, "padding would be chance");
    bytes(bytes_of(value));
  }
  void bytes(std::span<const uint8_t> bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void sized(std::span<const uint8_t> content) {
    value(uint64_t{content.size()});
    bytes(content);
  }
  void text(const std::string& text) { sized(bytes_of_text(text)); }
  std::vector<uint8_t> take() { return std::move(out_); }

private:
  std::vector<uint8_t> out_;
};

class ByteReader {
public:
  explicit ByteReader(std::span<const uint8_t> bytes) : rest_(bytes) {}

  template <typename T> T value() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    std::memcpy(&value, bytes(sizeof value).data(), sizeof value);
    return value;
  }
  std::span<const uint8_t> bytes(uint64_t count) {
    if (count > rest_.size()) throw Error(kInternal, "the state of a Linux program ends too early");
    const auto part = rest_.first(count);
    rest_ = rest_.subspan(count);
    return part;
  }
  std::span<const uint8_t> sized() { return bytes(value<uint64_t>()); }
  std::string text() {
    const auto part = sized();
    return {part.begin(), part.end()};
  }
  // How many of something that takes at least `least` bytes each follow.
  uint64_t count(uint64_t least) {
    const auto count = value<uint64_t>();
    if (count > rest_.size() / least)
      throw Error(kInternal, "the state of a Linux program has an impossible count");
    return count;
  }
  bool done() const { return rest_.empty(); }

private:
  std::span<const uint8_t> rest_;
};

} // namespace snapvm
