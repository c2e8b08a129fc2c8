// The address space of a Linux guest, as the Linux side needs it. GuestSpace (guest_space.h) makes it of page
// tables; the Linux side knows nothing of those.
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

class AddressSpace {
public:
  virtual ~AddressSpace() = default;

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

} // namespace snapvm
