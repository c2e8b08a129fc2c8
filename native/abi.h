// The guest ABI for C++: addresses come from guest/monitor/layout.h (shared with the assembly), the message
// headers from docs/architecture/entry-and-exits.md. guest/sdk/ and src/base/abi.ts must agree;
// test/snapshot/abi.test.ts proves it.
#pragma once

#include "../guest/monitor/layout.h"

#include <cstddef>
#include <cstdint>

namespace snapvm {

inline constexpr uint64_t kPage = 4096;
inline constexpr uint64_t kKernelHighBase = SNAPVM_KERNEL_HIGH_BASE;
// Beside the mask of its `xrstor`, in RAX: ring 3 can set the bases of FS and GS, by which it may have.
inline constexpr uint64_t kEntryBases = uint64_t{1} << 32;
inline constexpr uint64_t kMonitorEntryPkru = kKernelHighBase + MONITOR_ENTRY_PKRU;
inline constexpr uint64_t kMonitorEntryStub = kKernelHighBase + MONITOR_ENTRY_STUB;
inline constexpr uint32_t kGuestAbi = 1;

enum class InputKind : uint32_t { Call = 1, Answer = 2 };
enum class OutputKind : uint32_t { Ready = 1, Result = 2, HostCall = 3, Log = 4, Abort = 5 };

struct InputHeader {
  uint32_t abi;
  uint32_t kind;
  uint32_t function;
  uint32_t status;
  uint64_t length;
  uint8_t entropy[32];
  uint64_t reserved;
};
static_assert(sizeof(InputHeader) == 64 && offsetof(InputHeader, length) == 16);

struct OutputHeader {
  uint32_t abi;
  uint32_t kind;
  uint32_t code;
  uint32_t name_length;
  uint64_t length;
  uint8_t reserved[40];
};
static_assert(sizeof(OutputHeader) == 64 && offsetof(OutputHeader, length) == 16);

// What the monitor's entry stub reads, at MONITOR_ENTRY_BLOCK.
struct EntryBlock {
  uint64_t rip;
  uint64_t rdx;
  uint64_t fs_base;
  uint64_t gs_base;
  uint64_t rax;
};

// The first addresses of scratch: it ends at the top of the guest physical address space.
constexpr uint64_t scratch_gpa(uint64_t scratch_bytes) {
  return uint64_t{SNAPVM_MAX_GPA} + 1 - scratch_bytes;
}

constexpr uint64_t round_up_to_page(uint64_t bytes) {
  return (bytes + kPage - 1) & ~(kPage - 1);
}

} // namespace snapvm
