// Guest memory as KVM takes it: private mappings of the image in this process. Pages never written stay
// shared with every other sandbox; the kernel copies a page when it is first written.
#pragma once

#include "memory/guest_memory.h"

namespace snapvm {

class PrivateMemory final : public GuestMemory {
public:
  // `scratch`, of the scratch's size, was given up by another; where there is none it is mapped anew.
  PrivateMemory(const MemoryShape& shape, std::vector<Layer> layers, Mapping scratch = {});

  // Gives its scratch up, empty again and with nothing of the image mapped into it. No VM may have it.
  Mapping give_up_scratch();

  const uint8_t* view(uint64_t gpa, uint64_t length) const override { return at(gpa, length); }
  // The kernel does it; here it is only counted.
  void make_private(SlotId slot, uint64_t first_page, uint64_t pages) override;

private:
  void apply(const Layer& layer);
};

} // namespace snapvm
