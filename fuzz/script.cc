#include "linux/syscalls.h"
#include "program.h"

#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <random>
#include <sys/mman.h>

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t bytes, size_t most);

namespace snapvm::fuzz {
namespace {

constexpr uint64_t kStack = kData + kDataBytes - kPage / 2;
constexpr uint64_t kStructures = kData + 2 * kPage;
constexpr size_t kMostResults = 8;
constexpr uint64_t kRestorer = 0x04000000; // SA_RESTORER

// The numbers there are handlers for.
const std::vector<uint32_t>& handled() {
  static const std::vector<uint32_t> numbers = [] {
    std::vector<uint32_t> found;
    for (uint32_t number = 0; number < kSystemCalls; number++)
      if (find_system_call(number) != nullptr) found.push_back(number);
    return found;
  }();
  return numbers;
}

// Lengths that something ends at.
uint64_t length_of(const Step::Argument& from) {
  constexpr uint64_t kEdges[] = {0,     1,       kPage - 1, kPage,     kPage + 1,  65535,     65536,
                                 65537, 1 << 20, 1 << 25,   INT32_MAX, 1ull << 32, INT64_MAX, UINT64_MAX};
  switch (from.kind % 4) {
  case 0:
    return kEdges[from.value % std::size(kEdges)];
  case 1:
    return from.value;
  default:
    return from.value % 128;
  }
}

uint64_t descriptor_of(const Step::Argument& from) {
  constexpr uint64_t kEdges[] = {UINT64_MAX, 1022, 1023, 1024, 1025, INT32_MAX, 1ull << 32};
  return from.kind % 8 == 0 ? kEdges[from.value % std::size(kEdges)] : from.value % 12;
}

uint64_t map_flags_of(uint16_t value) {
  constexpr uint64_t kFlags[] = {MAP_FIXED, MAP_FIXED_NOREPLACE, MAP_GROWSDOWN, MAP_NORESERVE, MAP_POPULATE};
  uint64_t flags = value % 8 == 0 ? MAP_SHARED : MAP_PRIVATE;
  if (value / 8 % 4 != 0) flags |= MAP_ANONYMOUS;
  for (size_t i = 0; i < std::size(kFlags); i++)
    if ((value >> 6 >> i * 2) % 4 == 3) flags |= kFlags[i];
  return flags;
}

} // namespace

bool Script::is_next_call() {
  step_ = input_.value<Step>();
  if (step_.what % 4 == 0) write_memory();
  return step_.what / 4 % 16 != 15;
}

void Script::note_result(uint64_t value) {
  if (results_.size() == kMostResults) results_.erase(results_.begin());
  results_.push_back(value);
}

// Bytes, or structures full of addresses and lengths.
void Script::write_memory() {
  const uint64_t at = kData + step_.write_at % kDataBytes;
  if (step_.write_bytes % 2 == 0) {
    const std::vector<uint8_t> bytes(step_.write_bytes, static_cast<uint8_t>(step_.write_what));
    space_.write(at, bytes);
    return;
  }
  for (uint8_t i = 0; i < step_.write_bytes % 8; i++) {
    const Step::Argument& from = step_.arguments[i % 6];
    space_.write((at & ~uint64_t{7}) + i * 8, bytes_of(any_argument(from)));
  }
}

template <typename T> uint64_t Script::place(const T& structure, uint16_t value) {
  const uint64_t at = kStructures + value % 16 * 128;
  space_.write(at, bytes_of(structure));
  return at;
}

uint64_t Script::any_argument(const Step::Argument& from) const {
  const uint16_t value = from.value;
  switch (from.kind % 16) {
  case 0:
    return 0;
  case 1:
  case 2:
    return value % 16;
  case 3:
    return value;
  case 4:
    return ~uint64_t{0};
  case 5:
    return -uint64_t{value};
  case 6:
    return static_cast<uint64_t>(AT_FDCWD);
  case 7:
  case 8:
    return kData + value % kPaths * kPathBytes;
  case 9:
    return kData + kPage + value % (kDataBytes - kPage);
  case 10:
    return kData + kDataBytes - value % 256; // runs off its mapping
  case 11:
    return kMapStart + value % 40 * kPage;
  case 12:
    return kBrkStart + value % 64 * (kPage / 2);
  case 13:
    return uint64_t{1} << value % 64;
  case 14:
    return results_.empty() ? kImageBase : results_[value % results_.size()];
  default:
    return value * 0x0001000100010001u;
  }
}

uint64_t Script::argument_of(Meaning meaning, const Step::Argument& from) {
  const uint16_t value = from.value;
  if (from.how % 8 == 0) return any_argument(from);
  switch (meaning) {
  case Meaning::Any:
    return any_argument(from);
  case Meaning::Descriptor:
    return descriptor_of(from);
  case Meaning::Folder:
    return from.kind % 4 != 0 ? static_cast<uint64_t>(AT_FDCWD) : descriptor_of(from);
  case Meaning::Path:
    return kData + value % kPaths * kPathBytes;
  case Meaning::Buffer:
    return from.kind % 8 == 0 ? kData + kDataBytes - value % 256
                              : kData + kPage + value % (kDataBytes - kPage);
  case Meaning::Length:
    return length_of(from);
  case Meaning::Small:
    return from.kind % 8 == 0 ? 1024 + value % 3 : from.kind % 8 == 1 ? value : value % 16;
  case Meaning::OpenFlags:
    return value & (O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_APPEND | O_NONBLOCK | O_DIRECTORY | O_CLOEXEC);
  case Meaning::Signal:
    return from.kind % 4 == 0 ? kSignals - 1 + value % 4 : value % 32;
  case Meaning::Id:
    return value % 4;
  case Meaning::Mapping:
    return (from.kind % 8 == 0 ? kBrkStart : kMapStart) + value % 40 * kPage + (from.kind % 16 == 1 ? 1 : 0);
  case Meaning::Pages:
    return value % 20 * kPage + (from.kind % 8 == 0 ? 1 : 0);
  case Meaning::Rights:
    return from.kind % 8 == 0 ? value : value % 4;
  case Meaning::MapFlags:
    return map_flags_of(value);
  case Meaning::MaskBytes:
    return 8;
  case Meaning::Pieces: {
    const uint64_t address = kData + kPage + value % (kDataBytes - kPage);
    const uint64_t bytes = from.kind % 4 == 0 ? length_of(from) : value % 300;
    return place(std::array<uint64_t, 6>{address, bytes, address + 8, bytes / 2, kData, value % 64u}, value);
  }
  case Meaning::Action: {
    const uint64_t flags = kRestorer | (value & (SA_ONSTACK | SA_NODEFER | SA_RESETHAND));
    const uint64_t handler = from.kind % 4 == 0 ? from.kind / 4 % 2 : kImageBase + value % 64;
    return place(std::array<uint64_t, 4>{handler, flags, kImageBase, uint64_t{value} << from.kind % 64},
                 value);
  }
  case Meaning::Time: {
    const uint64_t seconds = from.kind % 8 == 0   ? uint64_t{INT64_MAX}
                             : from.kind % 8 == 1 ? ~0ull
                                                  : value % 4;
    return place(std::array<uint64_t, 4>{seconds, value * 16'000ull, value % 8ull, value}, value);
  }
  case Meaning::Stack: {
    const uint64_t at = from.kind % 4 == 0 ? kData + kDataBytes - kPage : kData + kPage;
    return place(std::array<uint64_t, 3>{at, from.kind / 4 % 4ull, uint64_t{value}}, value);
  }
  }
  return 0;
}

Registers Script::call(const Registers& before) {
  Registers registers = before;
  if (registers.rsp == 0) registers.rsp = kStack;
  registers.rax = step_.what % 64 == 63 ? step_.write_at : handled()[step_.number % handled().size()];
  const std::array<uint64_t*, 6> places = {&registers.rdi, &registers.rsi, &registers.rdx,
                                           &registers.r10, &registers.r8,  &registers.r9};
  for (unsigned i = 0; i < places.size(); i++)
    *places[i] = argument_of(meaning_of(registers.rax, i), step_.arguments[i]);
  if (step_.what % 64 == 61) registers.rsp = any_argument(step_.arguments[5]);
  return registers;
}

SignalInfo Script::fault() const {
  const auto& [vector, error_code, address] = step_.arguments[0];
  return signal_of_fault(vector % 32, error_code, kImageBase + address, any_argument(step_.arguments[1]));
}

size_t mutate_steps(uint8_t* data, size_t bytes, size_t most, size_t head, unsigned seed) {
  std::minstd_rand random(seed);
  const size_t steps = bytes < head ? 0 : (bytes - head) / sizeof(Step);
  const size_t room = (most - head) / sizeof(Step);
  const auto at = [&](size_t step) { return data + head + step * sizeof(Step); };
  const size_t chosen = steps == 0 ? 0 : random() % steps;
  // An input of other bytes than steps becomes one of whole steps.
  if (bytes < head) std::fill(data + bytes, data + head, uint8_t{0});
  const size_t whole = head + steps * sizeof(Step);
  const unsigned way = steps == 0 ? 0 : random() % 8;
  if (way <= 1 && steps < room) { // a new one, or one more of the same
    const size_t place = steps == 0 ? 0 : random() % (steps + 1);
    Step fresh;
    if (way == 1)
      std::memcpy(&fresh, at(chosen), sizeof fresh);
    else
      std::generate_n(bytes_of(fresh).begin(), sizeof fresh,
                      [&] { return static_cast<uint8_t>(random() >> 8); });
    std::memmove(at(place + 1), at(place), (steps - place) * sizeof(Step));
    std::memcpy(at(place), &fresh, sizeof fresh);
    return whole + sizeof(Step);
  }
  if (way == 2 && steps > 1) {
    std::memmove(at(chosen), at(chosen + 1), (steps - chosen - 1) * sizeof(Step));
    return whole - sizeof(Step);
  }
  if (way == 3) {
    std::swap_ranges(at(chosen), at(chosen) + sizeof(Step), at(random() % steps));
    return whole;
  }
  if (way == 4) return LLVMFuzzerMutate(data, whole, most);
  if (way == 5) at(chosen)[offsetof(Step, number)] = static_cast<uint8_t>(random() >> 8);
  // An argument, or any byte of a step.
  const size_t argument = offsetof(Step, arguments) + random() % 6 * sizeof(Step::Argument);
  uint8_t* const part = at(chosen) + (way == 7 ? 0 : argument);
  const size_t part_bytes = way == 7 ? sizeof(Step) : sizeof(Step::Argument);
  LLVMFuzzerMutate(part, part_bytes, part_bytes);
  return whole;
}

} // namespace snapvm::fuzz
