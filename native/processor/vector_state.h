// The vector registers of a guest, as the Linux side needs them: it saves them around a signal's handler.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace snapvm {

// The vector registers, as an XSAVE area in the standard format (Intel SDM vol. 1, 13.4).
class VectorState {
public:
  virtual ~VectorState() = default;
  virtual size_t bytes() const = 0;
  virtual void get(std::span<uint8_t> area) const = 0;
  // False: the area is none that a processor would load.
  virtual bool set(std::span<const uint8_t> area) = 0;
};

} // namespace snapvm
