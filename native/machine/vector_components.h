// The components of a processor's vector state, by their bits in XCR0 (Intel SDM vol. 1, 13.1): what guests
// are given of them, and which the monitor's entry stub has to put back.
#pragma once

#include "abi.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace snapvm {

// What guests are given: x87, SSE, AVX, AVX-512 (three parts), PKRU. Where nobody can take a component away
// (a process, some KVMs) they may reach more.
inline constexpr uint64_t kGuestXcr0 = 0x2e7;

constexpr uint32_t kPkruComponent = 9, kTileConfigComponent = 17, kTileDataComponent = 18;

// Where a component is in an XSAVE area of the standard format; without bytes where the processor has none.
struct ComponentPlace {
  uint32_t bytes;
  uint32_t offset;
};
using PlaceOf = std::function<ComponentPlace(uint32_t component)>;

// As CPUID leaf 13 says it. The places are the processor's own, and the same in a virtual machine.
ComponentPlace place_on_this_processor(uint32_t component);

// XCR0 of this thread; 0 where the processor has no XSAVE, or the system does not use it.
uint64_t xcr0_of_this_processor();

// Of an area with all of these components.
size_t xsave_bytes(uint64_t components, const PlaceOf& place);

// XSTATE_BV of an XSAVE area: the components it holds; all others are in their initial state.
uint64_t components_of(std::span<const uint8_t> area);
void set_components(std::span<uint8_t> area, uint64_t components);

// The mask with which the entry stub's `xrstor` puts back every component that a guest can reach,
// `reachable`. AMX's tile data is left out, since its 8 KiB do not fit the monitor's area: without a tile
// configuration, which is put back, nobody can read them, and loading one makes them zero (Intel SDM vol. 2,
// LDTILECFG).
// @throws Error with `code`, naming a component that cannot be put back
uint64_t entry_mask(uint64_t reachable, const PlaceOf& place, const char* code);

} // namespace snapvm
