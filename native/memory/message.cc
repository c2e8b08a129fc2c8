#include "memory/message.h"

#include "error.h"

#include <cstring>

namespace snapvm {
namespace {

[[noreturn]] void violation(const std::string& what) {
  throw Error(kGuestProtocol, "the guest wrote " + what);
}

} // namespace

Message read_message(std::span<const uint8_t> buffer) {
  // SAFETY: check_shape (sandbox.cc) upholds that both buffers have a page at least, more than a header.
  OutputHeader header;
  std::memcpy(&header, buffer.data(), sizeof header);
  if (header.abi != kGuestAbi) {
    violation("a message of ABI " + std::to_string(header.abi) + "; this engine speaks " +
              std::to_string(kGuestAbi));
  }
  if (header.kind < uint32_t(OutputKind::Ready) || header.kind > uint32_t(OutputKind::Abort)) {
    violation("a message of unknown kind " + std::to_string(header.kind));
  }
  const uint64_t room = buffer.size() - sizeof header;
  if (header.name_length > room || header.length > room - header.name_length) {
    violation("a message of " + std::to_string(header.name_length) + " + " + std::to_string(header.length) +
              " bytes; its output buffer holds " + std::to_string(room));
  }
  // SAFETY: kind and lengths are those of the copy, checked above; the guest cannot change them any more.
  const auto body = buffer.subspan(sizeof header);
  return {.kind = static_cast<OutputKind>(header.kind),
          .code = header.code,
          .name = body.first(header.name_length),
          .payload = body.subspan(header.name_length, header.length)};
}

size_t write_input(std::span<uint8_t> buffer, const Input& input) {
  const size_t room = buffer.size() - sizeof(InputHeader);
  if (input.payload.size() > room) {
    throw Error(kInputTooLarge, "the input has " + std::to_string(input.payload.size()) +
                                    " bytes; the input buffer of this function holds " +
                                    std::to_string(room) + " (raise inputBytes in its policy)");
  }
  InputHeader header{.abi = kGuestAbi,
                     .kind = static_cast<uint32_t>(input.kind),
                     .function = input.function,
                     .status = input.status,
                     .length = input.payload.size(),
                     .entropy = {},
                     .reserved = 0};
  std::memcpy(header.entropy, input.entropy, sizeof header.entropy);
  std::memcpy(buffer.data(), &header, sizeof header);
  if (!input.payload.empty())
    std::memcpy(buffer.data() + sizeof header, input.payload.data(), input.payload.size());
  return sizeof header + input.payload.size();
}

} // namespace snapvm
