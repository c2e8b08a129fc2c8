// What a machine has made of the guest's page tables, and has to make anew when the host edits them.
#pragma once

#include <cstdint>

namespace snapvm {

class Translations {
public:
  virtual ~Translations() = default;
  // The entry of the page at `gva` is about to change; `before` and `after` are entries of a page table.
  virtual void changes(uint64_t gva, uint64_t before, uint64_t after) = 0;
  // The host is about to write the page at `gva`, which has become private for it.
  virtual void became_private(uint64_t gva) = 0;
};

} // namespace snapvm
