// The header of a message, which a guest wrote, and an input, which has to fit its buffer.
#include "memory/message.h"
#include "error.h"
#include "input.h"

#include <vector>

namespace snapvm::fuzz {
namespace {

void run(std::span<const uint8_t> bytes) {
  // A page, and all of it on the heap, so that a byte behind it is seen.
  std::vector<uint8_t> buffer(kPage);
  std::copy_n(bytes.begin(), std::min(bytes.size(), buffer.size()), buffer.begin());
  try {
    const Message message = read_message(buffer);
    uint64_t sum = 0;
    for (const auto part : {message.name, message.payload}) {
      const bool inside = part.data() >= buffer.data() && part.size() <= buffer.size() &&
                          part.data() + part.size() <= buffer.data() + buffer.size();
      require(inside, "a message lies in its buffer");
      for (const uint8_t byte : part)
        sum += byte;
    }
    require(message.kind >= OutputKind::Ready && message.kind <= OutputKind::Abort && sum < UINT32_MAX,
            "a message is of a known kind");
  } catch (const Error& error) {
    require(error.code() == std::string_view(kGuestProtocol), "what is no message breaks the protocol");
  }

  Input input(bytes);
  const size_t length = input.value<uint16_t>() % (2 * kPage);
  const std::vector<uint8_t> payload(length), entropy(32);
  try {
    const size_t used = write_input(
        buffer,
        {.kind = InputKind::Call, .function = 0, .status = 0, .payload = payload, .entropy = entropy.data()});
    require(used == sizeof(InputHeader) + length && used <= buffer.size(), "an input lies in its buffer");
  } catch (const Error& error) {
    require(error.code() == std::string_view(kInputTooLarge), "an input is too large or fits");
  }
}

} // namespace
} // namespace snapvm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t bytes) {
  snapvm::fuzz::run({data, bytes});
  return 0;
}
