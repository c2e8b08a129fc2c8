// Which vector registers of this processor guests may use on the process backend.
#pragma once

#include <cstddef>
#include <cstdint>

namespace snapvm {

struct VectorFeatures {
  uint64_t xcr0 = 0;        // x87, SSE, AVX, AVX-512 and PKRU; never AMX, which Linux gives only to who asks
  size_t bytes = 0;         // the size of an XSAVE area with all of them, in the standard format
  uint64_t entry_mask = 0;  // the mask that the monitor's entry stub gets
  bool pkru = false;        // the system uses protection keys (OSPKE), so ring 3 can change PKRU
  uint32_t pkru_offset = 0; // where PKRU is in such an area

  // @throws Error SNAPVM_HOST_PROCESS on a processor without XSAVE, or with state that cannot be put back
  static const VectorFeatures& get();
};

} // namespace snapvm
