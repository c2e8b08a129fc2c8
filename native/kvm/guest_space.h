// The memory of a Linux guest on KVM: the host's edits of the guest's own page tables, and copies in and out.
//
// The guest can change no table. A new entry is seen at once; one that was present and changed stays in
// translations made of it, until the host's mapping of the page it led to changes. So such pages are noted,
// and their mapping is toggled before the guest runs on (`flush`). The tables are put back with all other
// dirty pages by a restore, which then flushes every page whose entry was edited since (`restored`).
#pragma once

#include "kvm/sticky_set.h"
#include "linux/space.h"
#include "memory/guest_memory.h"

#include <vector>

namespace snapvm {

class GuestSpace final : public Space {
public:
  GuestSpace(GuestMemory& memory, StickySet& sticky);

  size_t read(uint64_t gva, std::span<uint8_t> to) const override;
  size_t write(uint64_t gva, std::span<const uint8_t> from) override;
  uint32_t frames() const override;
  void fill_frame(uint32_t frame, std::span<const uint8_t> content) override;
  void map_frame(uint64_t gva, uint32_t frame, uint32_t protection) override;
  std::optional<MappedPage> page(uint64_t gva) const override;
  void protect(uint64_t gva, uint32_t protection) override;
  void unmap(uint64_t gva) override;
  void move(uint64_t from, uint64_t to) override;

  // To be called before the guest runs on.
  void flush();
  // To be called when the guest's memory, tables included, has been put back.
  void restored();

private:
  // Neighbouring pages of one slot.
  struct Run {
    uint64_t gpa;
    uint64_t pages;
  };

  // Host address of a leaf entry; null where no table reaches.
  uint8_t* leaf(uint64_t gva) const;
  uint64_t entry(uint64_t gva) const;
  void set_entry(uint64_t gva, uint64_t entry);
  uint64_t frame_gpa(uint32_t frame) const { return memory_.shape().frames_gpa() + frame * kPage; }
  void note_write(uint64_t gpa);
  void add(std::vector<Run>& runs, uint64_t gpa) const;
  void join(std::vector<Run>& runs) const;
  void toggle(std::vector<Run>& runs);

  GuestMemory& memory_;
  StickySet& sticky_;
  std::vector<Run> stale_;  // present entries that changed since the guest last ran
  std::vector<Run> edited_; // entries that changed since the last restore
};

} // namespace snapvm
