// A value that JavaScript passed to the addon, checked before anything is made of it. A value of the wrong
// kind is a TypeError and one that is out of range a RangeError; both name the argument and carry
// SNAPVM_INTERNAL, since only snapvm itself calls the addon.
#pragma once

#include <cstdint>
#include <napi.h>
#include <span>
#include <string>

namespace snapvm {

// The largest whole number below which a double of JavaScript has every whole number.
inline constexpr uint64_t kMostWhole = (uint64_t{1} << 53) - 1;

class Argument {
public:
  // `name` is what errors call it; it has to outlive this.
  Argument(Napi::Value value, const char* name) : value_(value), name_(name) {}
  Argument(const Napi::CallbackInfo& info, size_t index, const char* name) : Argument(info[index], name) {}

  bool is_absent() const { return value_.IsUndefined(); }

  // A whole number from 0 to `most`.
  uint64_t whole(uint64_t most = kMostWhole) const;
  uint32_t whole32(uint32_t most = UINT32_MAX) const { return static_cast<uint32_t>(whole(most)); }
  // A whole number of 32 bits with a sign.
  int32_t int32() const;
  // Any number but NaN.
  double number() const;
  // A number of microseconds that can be counted in nanoseconds. 0, or less, is no limit.
  double microseconds() const;
  // A BigInt of 64 bits, without and with a sign.
  uint64_t bits() const;
  int64_t signed_bits() const;
  std::string text() const;
  bool flag() const;

  // The memory of a typed array of exactly this kind. It stays valid until JavaScript runs again.
  std::span<uint8_t> bytes() const;
  // The same, refused unless it has `length` bytes.
  std::span<uint8_t> bytes_exactly(size_t length) const;
  std::span<double> doubles() const;
  std::span<uint32_t> words32() const;
  std::span<uint64_t> words64() const;
  // The same of a Uint8Array over a SharedArrayBuffer. That memory is never moved, and freed with its last
  // owner.
  std::span<uint8_t> shared_bytes() const;
  // The typed array itself, to keep its memory alive. Of what was checked by one of the above.
  template <typename Array> Array array() const { return value_.As<Array>(); }

  Napi::Function function() const;
  // A property of an object; `property` is what errors call it.
  Argument operator[](const char* property) const;
  // An array's length and elements.
  uint32_t length() const;
  Argument at(uint32_t index) const;

  // What stands behind an object of one of the addon's classes.
  template <typename Wrap> Wrap& unwrap() const {
    bool is_ours = false;
    if (!value_.IsObject() ||
        napi_check_object_type_tag(value_.Env(), value_, &Wrap::kTypeTag, &is_ours) != napi_ok || !is_ours)
      refuse_type(Wrap::kClassName);
    // SAFETY: only the constructor of Wrap tags an object so, after it has bound its own pointer to it;
    // node-api lets nobody else tag it, and no proxy or heir has the tag.
    return *Wrap::Unwrap(value_.As<Napi::Object>());
  }

  // Throws a TypeError: the argument must be `kind`.
  [[noreturn]] void refuse_type(const char* kind) const;
  // Throws a RangeError: the argument must be `range`.
  [[noreturn]] void refuse_value(const std::string& range) const;

private:
  struct TypedArray {
    void* data;
    size_t length; // elements
    napi_value buffer;
  };
  TypedArray typed_array(napi_typedarray_type type, const char* kind) const;
  double raw_number() const;
  Napi::Object object() const;
  Napi::Array list() const;

  Napi::Value value_;
  const char* name_;
};

} // namespace snapvm
