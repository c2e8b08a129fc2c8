/* Prepares registers.S's vector registers, and compares: see registers.h. */
#include "registers.h"
#include <stddef.h>

enum { GENERAL = 15, RAX = 0, RCX = 2, R11 = 10 };
enum { SSE_END = 416, HEADER = 512, EXTENDED = 576, MXCSR = 24 };
enum { X87 = 1, SSE = 2, AVX = 4, AVX512 = 0xe0 };

_Alignas(64) uint8_t registers_before[AREA_BYTES];
_Alignas(64) uint8_t registers_after[AREA_BYTES];
uint64_t registers_features;
uint32_t registers_xsave;
extern const uint64_t registers_values[GENERAL], registers_found[GENERAL + 1], registers_flags,
    registers_stack;

static const char* const names[GENERAL] = {"rax", "rbx", "rcx", "rdx", "rbp", "rsi", "rdi", "r8",
                                           "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};

struct cpuid {
  uint32_t eax, ebx, ecx, edx;
};

static struct cpuid cpuid(uint32_t leaf, uint32_t subleaf) {
  struct cpuid result;
  __asm__ volatile("cpuid"
                   : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx), "=d"(result.edx)
                   : "a"(leaf), "c"(subleaf));
  return result;
}

static uint64_t enabled_features(void) {
  enum { OSXSAVE = 1 << 27 };
  uint32_t low, high;
  if (!(cpuid(1, 0).ecx & OSXSAVE)) return 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}

static void fill(uint32_t first, uint32_t end) {
  for (uint32_t at = first; at < end; at++)
    registers_before[at] = (uint8_t)(at * 37 + (at >> 8) + 1);
}

static int is_kept(uint32_t first, uint32_t end) {
  for (uint32_t at = first; at < end; at++) {
    if (registers_before[at] != registers_after[at]) return 0;
  }
  return 1;
}

/* Calls `visit` with the place of each component behind the legacy area; 0 as soon as that says so. */
static int each_component(int (*visit)(uint32_t first, uint32_t end)) {
  for (uint32_t component = 2; component < 8; component++) {
    if (!(registers_features >> component & 1)) continue;
    const struct cpuid place = cpuid(13, component);
    if (place.eax + place.ebx > AREA_BYTES || !visit(place.ebx, place.ebx + place.eax)) return 0;
  }
  return 1;
}

static int fill_component(uint32_t first, uint32_t end) {
  fill(first, end);
  return 1;
}

static int prepare(void) {
  const uint64_t enabled = enabled_features();
  registers_xsave = enabled != 0;
  registers_features = enabled & (X87 | SSE | AVX);
  if ((enabled & AVX512) == AVX512) registers_features |= AVX512;
  fill(32, SSE_END);
  registers_before[0] = 0x7f, registers_before[1] = 0x0c; /* truncating, exceptions masked */
  registers_before[4] = 0xff;                             /* every x87 register is in use */
  registers_before[MXCSR] = 0x80, registers_before[MXCSR + 1] = 0x7f;
  for (uint32_t i = 0; i < 8; i++) { /* x87 registers have 10 bytes */
    for (uint32_t at = 10; at < 16; at++)
      registers_before[32 + i * 16 + at] = 0;
  }
  registers_before[HEADER] = (uint8_t)registers_features;
  return each_component(fill_component);
}

const char* changed_register(void (*leave)(void), int by_syscall) {
  if (!prepare()) return "XSAVE has no room";
  leave();
  for (int i = 0; i < GENERAL; i++) {
    const int overwritten = by_syscall && (i == RAX || i == RCX || i == R11);
    if (!overwritten && registers_found[i] != registers_values[i]) return names[i];
  }
  if (registers_found[GENERAL] != registers_stack) return "rsp";
  if ((registers_flags & ARITHMETIC_FLAGS) != ARITHMETIC_FLAGS) return "rflags";
  if (!is_kept(0, 2)) return "the x87 control word";
  if (!is_kept(4, 5)) return "the x87 tag word";
  if (!is_kept(MXCSR, MXCSR + 4)) return "MXCSR";
  if (!is_kept(32, 160)) return "an x87 register";
  if (!is_kept(160, SSE_END)) return "an xmm register";
  return each_component(is_kept) ? NULL : "the rest of a vector register";
}
