#include "process/features.h"

#include "error.h"

#include <algorithm>
#include <cpuid.h>

namespace snapvm {
namespace {

constexpr uint32_t kXsaveLeaf = 0xd;
constexpr uint32_t kOsxsave = 1u << 27; // of ECX of leaf 1
constexpr uint64_t kGuestXcr0 = 0x2e7;
constexpr uint32_t kFirstExtended = 2, kComponents = 32;
constexpr size_t kLegacyAndHeader = 512 + 64;

uint64_t read_xcr0() {
  uint32_t low = 0;
  uint32_t high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return uint64_t{high} << 32 | low;
}

VectorFeatures read_features() {
  uint32_t eax = 0;
  uint32_t ebx = 0;
  uint32_t ecx = 0;
  uint32_t edx = 0;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0 || (ecx & kOsxsave) == 0)
    throw Error(kHostProcess, "this processor has no XSAVE, which restoring vector registers needs");
  VectorFeatures features{.xcr0 = read_xcr0() & kGuestXcr0, .bytes = kLegacyAndHeader};
  for (uint32_t component = kFirstExtended; component < kComponents; component++) {
    if ((features.xcr0 >> component & 1) == 0) continue;
    __cpuid_count(kXsaveLeaf, component, eax, ebx, ecx, edx);
    features.bytes = std::max<size_t>(features.bytes, size_t{eax} + ebx);
  }
  return features;
}

} // namespace

const VectorFeatures& VectorFeatures::get() {
  static const VectorFeatures features = read_features();
  return features;
}

} // namespace snapvm
