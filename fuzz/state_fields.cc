#include "state_fields.h"

#include "abi.h"
#include "linux/process.h"

#include <algorithm>
#include <cstring>
#include <random>

namespace snapvm::fuzz {
namespace {

class FieldReader {
public:
  explicit FieldReader(std::span<const uint8_t> state) : state_(state) {}

  uint64_t number(size_t bytes) {
    uint64_t value = 0;
    if (!has(bytes)) return 0;
    std::memcpy(&value, state_.data() + at_, bytes);
    fields_.push_back({at_, bytes});
    at_ += bytes;
    return value;
  }
  void numbers(std::initializer_list<size_t> sizes) {
    for (const size_t bytes : sizes)
      number(bytes);
  }
  template <typename Each> void each(uint64_t count, const Each& read) {
    for (uint64_t i = 0; i < count && good_; i++)
      read();
  }
  void sized() { skip(number(8)); }
  void skip(uint64_t bytes) {
    if (has(bytes)) at_ += bytes;
  }
  void bits() {
    const uint64_t count = number(8);
    each(count / 64 + (count % 64 != 0), [&] { number(8); });
  }
  bool is_at_end() const { return good_ && at_ == state_.size(); }
  std::vector<Field> take() { return std::move(fields_); }

private:
  bool has(uint64_t bytes) { return good_ = good_ && bytes <= state_.size() - at_; }

  std::span<const uint8_t> state_;
  std::vector<Field> fields_;
  size_t at_ = 0;
  bool good_ = true;
};

void read_content(FieldReader& in) {
  const uint64_t kind = in.number(1);
  if (kind == 1) in.numbers({8, 8});
  if (kind == 2) in.sized();
}

void read_files(FieldReader& in) {
  in.number(8);
  in.each(in.number(8), [&] {
    in.numbers({1, 4, 4, 8, 4});
    read_content(in);
    in.each(in.number(8), [&] {
      in.sized();
      in.number(4);
    });
  });
}

void read_descriptors(FieldReader& in) {
  in.each(in.number(8), [&] { in.numbers({4, 1}); });
  in.each(in.number(8), [&] {
    in.numbers({1, 4, 4, 4, 4, 8});
    in.sized();
  });
  in.each(in.number(8), [&] {
    in.sized();
    in.numbers({4, 4});
  });
}

template <typename Random> uint64_t next_value(Random& random, uint64_t before, uint64_t other) {
  switch (random() % 8) {
  case 0:
    return 0;
  case 1:
    return ~uint64_t{0};
  case 2:
    return before + 1;
  case 3:
    return before - 1;
  case 4:
    return other;
  case 5:
    return uint64_t{1} << random() % 64;
  case 6:
    return random() % 64;
  default:
    return before + kPage * (random() % 8);
  }
}

} // namespace

std::vector<Field> fields_of(std::span<const uint8_t> state, bool* whole) {
  FieldReader in(state);
  in.each(in.number(8), [&] { in.numbers({8, 8, 4}); });
  in.numbers({8, 4});
  in.bits();
  in.bits();
  read_files(in);
  read_descriptors(in);
  static_assert(sizeof(SignalState) % 8 == 0);
  in.each(sizeof(SignalState) / 8, [&] { in.number(8); });
  in.numbers({4, 4, 8, 8, 8});
  for (int texts = 0; texts < 3; texts++)
    in.sized();
  in.skip(kSystemCalls);
  if (!in.is_at_end()) in.each(in.number(8), [&] { in.numbers({8, 8}); });
  if (whole != nullptr) *whole = in.is_at_end();
  return in.take();
}

size_t mutate_fields(std::span<uint8_t> state, unsigned seed) {
  std::minstd_rand random(seed);
  const std::vector<Field> fields = fields_of(state);
  if (fields.empty()) return state.size();
  const auto value_of = [&](const Field& field) {
    uint64_t value = 0;
    std::memcpy(&value, state.data() + field.at, field.bytes);
    return value;
  };
  for (auto changes = 1 + random() % 3; changes > 0; changes--) {
    const Field& field = fields[random() % fields.size()];
    const uint64_t value = next_value(random, value_of(field), value_of(fields[random() % fields.size()]));
    std::memcpy(state.data() + field.at, &value, field.bytes);
  }
  return state.size();
}

} // namespace snapvm::fuzz
