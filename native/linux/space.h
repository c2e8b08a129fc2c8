// What the Linux side needs of a guest's memory. Behind it stands whatever runs the guest; nothing in this
// folder knows of KVM or of page tables.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <sys/mman.h>

namespace snapvm {

constexpr uint32_t kProtections = PROT_READ | PROT_WRITE | PROT_EXEC;

// What is mapped at a page. Frames are pages of the pool that mappings are made of; anything else is the
// image's.
struct MappedPage {
  std::optional<uint32_t> frame;
  bool executable; // code of the image: it may be executed, and never written
};

class Space {
public:
  virtual ~Space() = default;

  // Copies as far as the program itself may read or write; gives the bytes copied.
  virtual size_t read(uint64_t gva, std::span<uint8_t> to) const = 0;
  virtual size_t write(uint64_t gva, std::span<const uint8_t> from) = 0;

  virtual uint32_t frames() const = 0;
  // What `content` leaves of the page is zeroed. `mapped_at`: where the program has it already.
  virtual void fill_frame(uint32_t frame, std::span<const uint8_t> content,
                          std::optional<uint64_t> mapped_at = std::nullopt) = 0;
  // Addresses are of whole pages. Nothing is mapped at `gva`, which lies in a window that has tables.
  virtual void map_frame(uint64_t gva, uint32_t frame, uint32_t protection) = 0;
  virtual std::optional<MappedPage> page(uint64_t gva) const = 0;
  virtual void protect(uint64_t gva, uint32_t protection) = 0;
  virtual void unmap(uint64_t gva) = 0;
  virtual void move(uint64_t from, uint64_t to) = 0;
};

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
