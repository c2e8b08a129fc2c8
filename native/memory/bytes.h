// Objects and texts as the bytes they are made of. The only casts between the two are here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace snapvm {

// The bytes of an object, which may be written where it may.
// SAFETY: any object may be read through uint8_t. Who writes upholds that the bytes are one of this type; the
// assertion, that a copy of bytes can be.
template <typename T> std::span<uint8_t> bytes_of(T& value) {
  static_assert(std::is_trivially_copyable_v<T> && std::is_standard_layout_v<T> && !std::is_const_v<T>);
  return {reinterpret_cast<uint8_t*>(&value), sizeof value};
}
template <typename T> std::span<const uint8_t> bytes_of(const T& value) {
  static_assert(std::is_trivially_copyable_v<T> && std::is_standard_layout_v<T>);
  return {reinterpret_cast<const uint8_t*>(&value), sizeof value};
}

// The bytes of several objects that lie one behind the other.
// SAFETY: as above; a span's elements have no gaps.
template <typename T> std::span<uint8_t> bytes_of_all(std::span<T> values) {
  static_assert(std::is_trivially_copyable_v<T> && std::is_standard_layout_v<T> && !std::is_const_v<T>);
  return {reinterpret_cast<uint8_t*>(values.data()), values.size_bytes()};
}

// The characters of a text.
// SAFETY: char and uint8_t have the same size and alignment, and either may alias anything. So below.
inline std::span<const uint8_t> bytes_of_text(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
inline std::string_view text_of(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace snapvm
