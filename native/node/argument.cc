#include "node/argument.h"

#include "error.h"

#include <cmath>

namespace snapvm {
namespace {

template <typename Thrown> [[noreturn]] void refuse(Napi::Env env, const std::string& message) {
  Thrown thrown = Thrown::New(env, message);
  thrown.Set("code", kInternal);
  throw thrown;
}

// In nanoseconds a signed word holds them, with room for the clock's time that is added.
constexpr double kMostMicroseconds = 9e15;

} // namespace

void Argument::refuse_type(const char* kind) const {
  refuse<Napi::TypeError>(value_.Env(), std::string(name_) + " must be " + kind);
}

void Argument::refuse_value(const std::string& range) const {
  refuse<Napi::RangeError>(value_.Env(), std::string(name_) + " must be " + range);
}

double Argument::raw_number() const {
  double number = 0;
  if (napi_get_value_double(value_.Env(), value_, &number) != napi_ok) refuse_type("a number");
  return number;
}

uint64_t Argument::whole(uint64_t most) const {
  const double number = raw_number();
  if (!(number >= 0 && number <= static_cast<double>(most)) || number != std::floor(number))
    refuse_value("a whole number from 0 to " + std::to_string(most));
  return static_cast<uint64_t>(number);
}

int32_t Argument::int32() const {
  const double number = raw_number();
  if (!(number >= INT32_MIN && number <= INT32_MAX) || number != std::floor(number))
    refuse_value("a whole number of 32 bits");
  return static_cast<int32_t>(number);
}

double Argument::number() const {
  const double number = raw_number();
  if (std::isnan(number)) refuse_value("a number other than NaN");
  return number;
}

double Argument::microseconds() const {
  const double number = raw_number();
  if (!(std::abs(number) <= kMostMicroseconds)) refuse_value("a number of microseconds");
  return number;
}

uint64_t Argument::bits() const {
  uint64_t bits = 0;
  bool lossless = false;
  if (napi_get_value_bigint_uint64(value_.Env(), value_, &bits, &lossless) != napi_ok)
    refuse_type("a BigInt");
  if (!lossless) refuse_value("a BigInt of 64 bits without a sign");
  return bits;
}

int64_t Argument::signed_bits() const {
  int64_t bits = 0;
  bool lossless = false;
  if (napi_get_value_bigint_int64(value_.Env(), value_, &bits, &lossless) != napi_ok) refuse_type("a BigInt");
  if (!lossless) refuse_value("a BigInt of 64 bits");
  return bits;
}

bool Argument::flag() const {
  if (!value_.IsBoolean()) refuse_type("true or false");
  return value_.As<Napi::Boolean>().Value();
}

std::string Argument::text() const {
  if (!value_.IsString()) refuse_type("a string");
  return value_.As<Napi::String>().Utf8Value();
}

Argument::TypedArray Argument::typed_array(napi_typedarray_type type, const char* kind) const {
  TypedArray array{};
  napi_typedarray_type actual{};
  if (napi_get_typedarray_info(value_.Env(), value_, &actual, &array.length, &array.data, &array.buffer,
                               nullptr) != napi_ok ||
      actual != type)
    refuse_type(kind);
  return array;
}

std::span<uint8_t> Argument::bytes() const {
  const TypedArray array = typed_array(napi_uint8_array, "a Uint8Array");
  // SAFETY: node-api says that so many elements of this type are there; JavaScript aligns them. So below.
  return {static_cast<uint8_t*>(array.data), array.length};
}

std::span<uint8_t> Argument::bytes_exactly(size_t length) const {
  const auto found = bytes();
  if (found.size() != length) refuse_value("of " + std::to_string(length) + " bytes");
  return found;
}

std::span<double> Argument::doubles() const {
  const TypedArray array = typed_array(napi_float64_array, "a Float64Array");
  return {static_cast<double*>(array.data), array.length};
}

std::span<uint32_t> Argument::words32() const {
  const TypedArray array = typed_array(napi_uint32_array, "a Uint32Array");
  return {static_cast<uint32_t*>(array.data), array.length};
}

std::span<uint64_t> Argument::words64() const {
  const TypedArray array = typed_array(napi_biguint64_array, "a BigUint64Array");
  return {static_cast<uint64_t*>(array.data), array.length};
}

// A typed array's buffer is an ArrayBuffer or a SharedArrayBuffer.
std::span<uint8_t> Argument::shared_bytes() const {
  constexpr const char* kKind = "a Uint8Array over a SharedArrayBuffer";
  const TypedArray array = typed_array(napi_uint8_array, kKind);
  bool is_array_buffer = true;
  if (napi_is_arraybuffer(value_.Env(), array.buffer, &is_array_buffer) != napi_ok || is_array_buffer)
    refuse_type(kKind);
  // SAFETY: as in bytes(); a SharedArrayBuffer is neither detached nor shrunk.
  return {static_cast<uint8_t*>(array.data), array.length};
}

Napi::Function Argument::function() const {
  if (!value_.IsFunction()) refuse_type("a function");
  return value_.As<Napi::Function>();
}

Napi::Object Argument::object() const {
  if (!value_.IsObject()) refuse_type("an object");
  return value_.As<Napi::Object>();
}

Napi::Array Argument::list() const {
  if (!value_.IsArray()) refuse_type("an array");
  return value_.As<Napi::Array>();
}

// One of its own: a program may have added anything to Object.prototype.
Argument Argument::operator[](const char* property) const {
  const Napi::Object given = object();
  return {given.HasOwnProperty(property) ? given.Get(property) : given.Env().Undefined(), property};
}

uint32_t Argument::length() const {
  return list().Length();
}

Argument Argument::at(uint32_t index) const {
  return {list().Get(index), name_};
}

} // namespace snapvm
