// The memory of a Linux guest: the host's edits of the guest's own page tables, and copies in and out. The
// guest can change no table; what a machine has made of them it makes anew (translations.h). A restore puts
// the tables back with all other dirty pages.
#pragma once

#include "memory/address_space.h"
#include "memory/guest_memory.h"
#include "memory/sticky_set.h"
#include "memory/translations.h"

namespace snapvm {

class GuestSpace final : public AddressSpace {
public:
  GuestSpace(GuestMemory& memory, StickySet& sticky, Translations& translations);

  size_t read(uint64_t gva, std::span<uint8_t> to) const override;
  size_t write(uint64_t gva, std::span<const uint8_t> from) override;
  uint32_t frames() const override;
  void fill_frame(uint32_t frame, std::span<const uint8_t> content,
                  std::optional<uint64_t> mapped_at) override;
  void map_frame(uint64_t gva, uint32_t frame, uint32_t protection) override;
  std::optional<MappedPage> page(uint64_t gva) const override;
  void protect(uint64_t gva, uint32_t protection) override;
  void unmap(uint64_t gva) override;
  void move(uint64_t from, uint64_t to) override;

  // The leaf entry of a page of ring 3; 0 where no table reaches.
  uint64_t entry(uint64_t gva) const;

private:
  // The GPA of a leaf entry; nothing where no table reaches.
  std::optional<uint64_t> leaf(uint64_t gva) const;
  void set_entry(uint64_t gva, uint64_t entry);
  uint64_t frame_gpa(uint32_t frame) const { return memory_.shape().frames_gpa() + frame * kPage; }
  // Whether the page has become private by that.
  bool note_write(uint64_t gpa);

  GuestMemory& memory_;
  StickySet& sticky_;
  Translations& translations_;
};

} // namespace snapvm
