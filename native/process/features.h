// The vector registers of this processor, as far as guests may use them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace snapvm {

struct VectorFeatures {
  uint64_t xcr0 = 0;        // x87, SSE, AVX, AVX-512 and PKRU; never AMX, which Linux gives only who asks
  size_t bytes = 0;         // of an XSAVE area with all of them, in the standard format
  uint64_t entry_mask = 0;  // for the monitor's entry stub
  bool pkru = false;        // the system uses protection keys (OSPKE), so ring 3 can change PKRU
  uint32_t pkru_offset = 0; // in such an area

  // @throws Error SNAPVM_HOST_PROCESS on a processor without XSAVE, or with state that cannot be put back
  static const VectorFeatures& get();
};

} // namespace snapvm
