#include "program.h"

#include "linux/syscalls.h"

#include <array>
#include <string>

namespace snapvm::fuzz {
namespace {

constexpr std::array<const char*, 16> kPaths = {
    "/data/input", "/data/link", "/tmp/x", "/tmp/y",    "/tmp/y/z",  "/tmp/y/z/w",      "/",    "..",
    ".",           "",           "x",      "/dev/zero", "/dev/null", "/proc/self/fd/3", "/dev", "/none/"};
constexpr uint64_t kPathRoom = 64;
constexpr uint64_t kStack = kData + kDataBytes - kPage / 2;
constexpr uint64_t kMostResults = 8;

void add(std::vector<uint8_t>& to, const auto& value) {
  const auto bytes = bytes_of(value);
  to.insert(to.end(), bytes.begin(), bytes.end());
}

std::vector<uint8_t> make_archive() {
  struct File {
    const char* path;
    NodeKind kind;
    const char* content;
  };
  constexpr File kFiles[] = {{"/data", NodeKind::Directory, ""},
                             {"/data/input", NodeKind::File, "the bytes of a file\n"},
                             {"/data/link", NodeKind::Link, "/data/input"},
                             {"/data/round", NodeKind::Link, "/data/round"},
                             {"/bin/program", NodeKind::File, "no code"}};
  size_t at = 8;
  for (const File& file : kFiles)
    at += 40 + std::strlen(file.path);
  std::vector<uint8_t> archive, contents;
  add(archive, uint32_t{0x41465653});
  add(archive, static_cast<uint32_t>(std::size(kFiles)));
  for (const File& file : kFiles) {
    const std::string_view path = file.path, content = file.content;
    add(archive, uint32_t(file.kind));
    add(archive, uint32_t{0644});
    add(archive, int64_t{1});
    add(archive, uint64_t{at + contents.size()});
    add(archive, uint64_t{content.size()});
    add(archive, uint64_t{path.size()});
    archive.insert(archive.end(), path.begin(), path.end());
    contents.insert(contents.end(), content.begin(), content.end());
  }
  archive.insert(archive.end(), contents.begin(), contents.end());
  return archive;
}

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

} // namespace

std::span<const uint8_t> sample_archive() {
  static const std::vector<uint8_t> archive = make_archive();
  return archive;
}

ProcessSpec sample_spec() {
  ProcessSpec spec;
  spec.args = {"program", "one"};
  spec.env = {"A=B"};
  spec.path = "/bin/program";
  spec.cwd = "/tmp";
  spec.entry = kImageBase;
  spec.windows = {.brk_start = kBrkStart, .brk_end = kBrkEnd, .map_start = kMapStart, .map_end = kMapEnd};
  spec.stack_end = kData + kDataBytes;
  spec.stack_bytes = 2 * kPage;
  spec.clock_ns = 1'000'000'000'000;
  spec.output_bytes = 8192;
  spec.files = sample_archive();
  return spec;
}

void write_data(AddressSpace& space) {
  for (size_t i = 0; i < kPaths.size(); i++)
    space.write(kData + i * kPathRoom, bytes_of_text({kPaths[i], std::strlen(kPaths[i]) + 1}));
}

bool is_memory_call(uint64_t number) {
  constexpr uint64_t kNumbers[] = {9, 10, 11, 12, 25, 28};
  return std::find(std::begin(kNumbers), std::end(kNumbers), number) != std::end(kNumbers);
}

uint64_t Script::argument() {
  switch (input_.byte() % 20) {
  case 0:
    return 0;
  case 1:
  case 2:
    return input_.byte() % 16;
  case 3:
    return input_.byte();
  case 4:
    return input_.value<uint16_t>();
  case 5:
    return ~uint64_t{0};
  case 6:
    return -uint64_t{input_.byte()};
  case 7:
    return static_cast<uint64_t>(-100); // AT_FDCWD
  case 8:
  case 9:
  case 10:
    return kData + input_.byte() % kPaths.size() * kPathRoom;
  case 11:
  case 12:
    return kData + kPage + input_.value<uint16_t>() % (kDataBytes - kPage);
  case 13:
    return kData + kDataBytes - input_.byte(); // runs off its mapping
  case 14:
    return kMapStart + input_.byte() % 40 * kPage;
  case 15:
    return input_.byte() % 20 * kPage;
  case 16:
    return kBrkStart + input_.byte() % 64 * (kPage / 2);
  case 17:
    return uint64_t{1} << input_.byte() % 64;
  case 18:
    return results_.empty() ? kImageBase : results_[input_.byte() % results_.size()];
  default:
    return input_.value<uint64_t>();
  }
}

void Script::write_memory() {
  const uint64_t at = kData + input_.value<uint16_t>() % kDataBytes;
  const uint8_t how = input_.byte();
  if (how % 4 == 0) {
    space_.write(at, input_.bytes(how / 4));
    return;
  }
  for (uint8_t i = 0; i < how % 4 * 2; i++) // structures full of addresses and lengths
    space_.write((at & ~uint64_t{7}) + i * 8, bytes_of(uint64_t{argument()}));
}

Registers Script::next_call(const Registers& before) {
  const uint8_t choice = input_.byte();
  if (results_.size() > kMostResults) results_.erase(results_.begin());
  if (choice % 4 == 0) write_memory();
  Registers registers = before;
  if (registers.rsp == 0) registers.rsp = kStack;
  registers.rax = choice % 32 == 31 ? input_.value<uint16_t>() : handled()[input_.byte() % handled().size()];
  for (uint64_t* argument_of :
       {&registers.rdi, &registers.rsi, &registers.rdx, &registers.r10, &registers.r8, &registers.r9})
    *argument_of = argument();
  if (choice % 16 == 15) registers.rsp = argument();
  return registers;
}

SignalInfo Script::next_fault() {
  const uint8_t vector = input_.byte() % 32;
  const uint64_t rip = argument();
  return signal_of_fault(vector, input_.byte(), rip, argument());
}

} // namespace snapvm::fuzz
