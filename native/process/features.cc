#include "process/features.h"

#include "error.h"
#include "machine/vector_components.h"

#include <cpuid.h>

namespace snapvm {
namespace {

bool has_pkru() {
  uint32_t eax = 0;
  uint32_t ebx = 0;
  uint32_t ecx = 0;
  uint32_t edx = 0;
  constexpr uint32_t kFeatureLeaf = 7, kOspke = 1u << 4;
  return __get_cpuid_count(kFeatureLeaf, 0, &eax, &ebx, &ecx, &edx) != 0 && (ecx & kOspke) != 0;
}

VectorFeatures read_features() {
  // A process cannot be kept from using any of what the system has enabled.
  const uint64_t reachable = xcr0_of_this_processor();
  if (reachable == 0)
    throw Error(kHostProcess, "this processor has no XSAVE, which restoring vector registers needs");
  VectorFeatures features{.xcr0 = reachable & kGuestXcr0,
                          .bytes = xsave_bytes(reachable & kGuestXcr0, place_on_this_processor),
                          .entry_mask = entry_mask(reachable, place_on_this_processor, kHostProcess),
                          .pkru = has_pkru()};
  if (features.pkru) features.pkru_offset = place_on_this_processor(kPkruComponent).offset;
  return features;
}

} // namespace

const VectorFeatures& VectorFeatures::get() {
  static const VectorFeatures features = read_features();
  return features;
}

} // namespace snapvm
