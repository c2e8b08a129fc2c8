// The first moments of a program: its stack, as Linux builds it (x86-64 psABI 3.4.1, fs/binfmt_elf.c).
#include "abi.h"
#include "linux/process.h"
#include "memory/bytes.h"

#include <elf.h>
#include <sys/auxv.h>

namespace snapvm {
namespace {

constexpr uint64_t kRandomBytes = 16;
// Told to guests of the SDK only (guest/sdk/linux.c): where the PEB is, and the log level.
constexpr uint64_t kAuxPeb = 0x736e6170, kAuxLogLevel = 0x736e6171;
constexpr uint64_t kAuxMinSignalStack = 51;
constexpr uint64_t kSignalFrame = 1024; // a frame without its vector registers, generously

// Writes downwards from the end of the stack.
class StackWriter {
public:
  StackWriter(AddressSpace& space, uint64_t top, uint64_t lowest)
      : space_(space), at_(top), lowest_(lowest) {}

  uint64_t push(std::span<const uint8_t> bytes) {
    if (!ok_ || bytes.size() > at_ - lowest_) {
      ok_ = false;
      return 0;
    }
    at_ -= bytes.size();
    ok_ = space_.write(at_, bytes) == bytes.size();
    return at_;
  }
  uint64_t push(const std::string& text) { return push(bytes_of_text({text.c_str(), text.size() + 1})); }
  void align(uint64_t to) { at_ &= ~(to - 1); }
  uint64_t at() const { return at_; }
  bool ok() const { return ok_; }

private:
  AddressSpace& space_;
  uint64_t at_;
  const uint64_t lowest_;
  bool ok_ = true;
};

} // namespace

std::optional<Registers> Process::start(std::span<const std::string> args) {
  // As Linux: arguments and environment take a quarter of the stack at most.
  StackWriter stack(space_, spec_.stack_end - sizeof(uint64_t), spec_.stack_end - spec_.stack_bytes / 4);
  const uint64_t path = stack.push(spec_.path);
  std::vector<uint64_t> words{args.size()};
  for (const std::string& text : args)
    words.push_back(stack.push(text));
  words.push_back(0);
  for (const std::string& text : spec_.env)
    words.push_back(stack.push(text));
  words.push_back(0);
  const uint64_t platform = stack.push(std::string("x86_64"));
  uint8_t random[kRandomBytes];
  random_.fill(random);
  stack.align(16);
  const uint64_t random_at = stack.push(random);
  const auto add = [&words](uint64_t kind, uint64_t value) { words.insert(words.end(), {kind, value}); };
  add(AT_HWCAP, ::getauxval(AT_HWCAP));
  add(AT_HWCAP2, spec_.hwcap2);
  add(AT_PAGESZ, kPage);
  add(AT_CLKTCK, 100);
  if (spec_.headers != 0) {
    add(AT_PHDR, spec_.headers);
    add(AT_PHENT, spec_.header_bytes);
    add(AT_PHNUM, spec_.header_count);
  }
  add(AT_BASE, 0);
  add(AT_FLAGS, 0);
  add(AT_ENTRY, spec_.entry);
  for (const uint64_t id : {AT_UID, AT_EUID, AT_GID, AT_EGID, AT_SECURE})
    add(id, 0);
  add(AT_RANDOM, random_at);
  add(AT_EXECFN, path);
  add(AT_PLATFORM, platform);
  add(kAuxMinSignalStack, vectors_.bytes() + kSignalFrame);
  if (spec_.peb != 0) {
    add(kAuxPeb, spec_.peb);
    add(kAuxLogLevel, spec_.log_level);
  }
  add(AT_NULL, 0);
  stack.align(16);
  if (words.size() % 2 != 0) stack.push(std::span<const uint8_t>(random).first(sizeof(uint64_t)));
  const uint64_t rsp = stack.push(bytes_of_all(std::span(words)));
  if (!stack.ok()) return std::nullopt;
  Registers registers{};
  registers.rsp = rsp;
  registers.rip = spec_.entry;
  registers.rflags = kFixedFlags;
  return registers;
}

} // namespace snapvm
