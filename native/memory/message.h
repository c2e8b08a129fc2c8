// The messages in the input and output buffers (docs/architecture/entry-and-exits.md). Everything in the
// output buffer is the guest's: its header is copied once, then checked, then used.
#pragma once

#include "abi.h"

#include <span>
#include <string>

namespace snapvm {

// A checked message: the name and the payload lie inside the buffer it was read from.
struct Message {
  OutputKind kind;
  uint32_t code;
  std::span<const uint8_t> name;
  std::span<const uint8_t> payload;
};

// Reads the message of a guest. @throws Error SNAPVM_GUEST_PROTOCOL naming the field and its value
Message read_message(std::span<const uint8_t> buffer);

struct Input {
  InputKind kind;
  uint32_t function;
  uint32_t status;
  std::span<const uint8_t> payload;
  const uint8_t* entropy; // 32 bytes
};

// Writes a message for the guest and gives the bytes it takes. @throws Error SNAPVM_CALL_INPUT_TOO_LARGE
size_t write_input(std::span<uint8_t> buffer, const Input& input);

} // namespace snapvm
