#include "machine/vector_components.h"

#include "error.h"

#include <algorithm>
#include <cpuid.h>
#include <cstring>
#include <string>

namespace snapvm {
namespace {

constexpr uint32_t kXsaveLeaf = 0xd;
constexpr uint32_t kOsxsave = 1u << 27; // of ECX of leaf 1
constexpr size_t kLegacyAndHeader = 512 + 64;
constexpr size_t kXstateBv = 512;                        // in the header, which is behind the legacy area
constexpr uint32_t kFirstExtended = 2, kComponents = 63; // bit 63 of XCR0 stays reserved

static_assert(MONITOR_XSAVE_AREA + MONITOR_XSAVE_BYTES == MONITOR_BYTES);

constexpr uint64_t bit(uint32_t component) {
  return uint64_t{1} << component;
}

std::string name_of(uint32_t component) {
  switch (component) {
  case 2:
    return "AVX";
  case 3:
  case 4:
    return "MPX";
  case 5:
  case 6:
  case 7:
    return "AVX-512";
  case kPkruComponent:
    return "PKRU";
  case kTileConfigComponent:
    return "the AMX tile configuration";
  case kTileDataComponent:
    return "AMX tile data";
  case 19:
    return "APX";
  case 62:
    return "LWP";
  default:
    return "unknown state";
  }
}

[[noreturn]] void refuse(uint32_t component, const std::string& why, const char* code) {
  throw Error(code, "this processor has vector state that guests can reach and that cannot be put back: " +
                        name_of(component) + " (bit " + std::to_string(component) + " of XCR0) " + why +
                        "; please report it");
}

} // namespace

ComponentPlace place_on_this_processor(uint32_t component) {
  ComponentPlace place{};
  uint32_t ecx = 0;
  uint32_t edx = 0;
  if (__get_cpuid_count(kXsaveLeaf, component, &place.bytes, &place.offset, &ecx, &edx) == 0) return {};
  return place;
}

uint64_t xcr0_of_this_processor() {
  uint32_t eax = 0;
  uint32_t ebx = 0;
  uint32_t ecx = 0;
  uint32_t edx = 0;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0 || (ecx & kOsxsave) == 0) return 0;
  __asm__ volatile("xgetbv" : "=a"(eax), "=d"(edx) : "c"(0));
  return uint64_t{edx} << 32 | eax;
}

size_t xsave_bytes(uint64_t components, const PlaceOf& place) {
  size_t bytes = kLegacyAndHeader;
  for (uint32_t component = kFirstExtended; component < kComponents; component++) {
    if ((components & bit(component)) == 0) continue;
    const ComponentPlace at = place(component);
    bytes = std::max(bytes, size_t{at.offset} + at.bytes);
  }
  return bytes;
}

uint64_t components_of(std::span<const uint8_t> area) {
  // SAFETY: an XSAVE area is at least its legacy part and header long; the caller gives a whole one.
  uint64_t components;
  std::memcpy(&components, area.data() + kXstateBv, sizeof components);
  return components;
}

void set_components(std::span<uint8_t> area, uint64_t components) {
  // SAFETY: as above.
  std::memcpy(area.data() + kXstateBv, &components, sizeof components);
}

uint64_t entry_mask(uint64_t reachable, const PlaceOf& place, const char* code) {
  uint64_t mask = reachable;
  if ((mask & bit(kTileDataComponent)) != 0) {
    if ((mask & bit(kTileConfigComponent)) == 0)
      refuse(kTileDataComponent, "comes without its configuration", code);
    mask &= ~bit(kTileDataComponent);
  }
  for (uint32_t component = kFirstExtended; component < kComponents; component++) {
    if ((mask & bit(component)) == 0) continue;
    const ComponentPlace at = place(component);
    if (at.bytes == 0) refuse(component, "has no place in an XSAVE area by CPUID leaf 13", code);
    if (size_t{at.offset} + at.bytes > MONITOR_XSAVE_BYTES)
      refuse(component,
             "ends at byte " + std::to_string(size_t{at.offset} + at.bytes) +
                 " of an XSAVE area, of which there are " + std::to_string(MONITOR_XSAVE_BYTES),
             code);
  }
  return mask;
}

} // namespace snapvm
