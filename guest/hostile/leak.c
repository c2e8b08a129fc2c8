/* leak.elf: see leak.h. Speaks the raw ABI, because leak.S must see a call's very first instruction. */
#include "leak.h"
#include "../sdk/abi.h"

_Static_assert(LOOK_IMAGE % 64 == 0, "XSAVE wants 64-byte alignment");
_Alignas(64) uint8_t leak_look[LOOK_IMAGE + LOOK_LIMIT];
uint32_t leak_known; /* HAS_… */
__attribute__((noreturn)) void leak_call(const struct peb* peb);

static const char names[] = "plant\0plant_in\0plant_fault\0plant_loop\0plant_fault_loop\0plant_syscall\0"
                            "plant_x87_exception\0plant_memory\0look\0scan";
enum { PLANT_MEMORY = END_X87 + 1, LOOK, SCAN };
enum { DEFAULT_STACK = 0x40000 };
#define STACK_END 0x5fffffff0000u

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

static uint64_t xcr0(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}

static int has(uint64_t value, uint64_t bits) {
  return (value & bits) == bits;
}

static uint32_t find_features(void) {
  enum {
    OSXSAVE = 1 << 27,
    AVX512F = 1 << 16,
    AVX512BW = 1 << 30,
    FSGSBASE = 1,
    OSPKE = 1 << 4,
    FIRST_EXTENDED = 7,
    XGETBV1 = 1 << 2
  };
  struct cpuid extended = cpuid(0, 0).eax >= FIRST_EXTENDED ? cpuid(FIRST_EXTENDED, 0) : (struct cpuid){0};
  uint32_t found = 0;
  if (extended.ebx & FSGSBASE) found |= HAS_FSGSBASE;
  if (!(cpuid(1, 0).ecx & OSXSAVE)) return found;
  found |= HAS_XSAVE;
  if (cpuid(13, 1).eax & XGETBV1) found |= HAS_XINUSE;
  const uint64_t enabled = xcr0();
  if (has(enabled, 6)) found |= HAS_AVX;
  if (has(enabled, 0xe6) && (extended.ebx & AVX512F)) found |= HAS_AVX512;
  if ((found & HAS_AVX512) && (extended.ebx & AVX512BW)) found |= HAS_AVX512BW;
  if (has(enabled, 3 << 17)) found |= HAS_AMX;
  if (extended.ecx & OSPKE) found |= HAS_PKRU;
  return found;
}

/* Where the last component of a standard-format XSAVE image ends. */
static uint32_t image_bytes(uint64_t features) {
  uint32_t bytes = 576;
  for (uint32_t component = 2; component < 63; component++) {
    if (!(features >> component & 1)) continue;
    struct cpuid place = cpuid(13, component);
    if (place.eax + place.ebx > bytes) bytes = place.eax + place.ebx;
  }
  return bytes < LOOK_LIMIT ? bytes : LOOK_LIMIT;
}

__attribute__((noreturn)) static void result(struct output* output, uint64_t length) {
  output->abi = ABI_VERSION;
  output->kind = KIND_RESULT;
  output->length = length;
  leak_done();
}

static uint32_t argument(const struct input* input, unsigned index, uint32_t otherwise) {
  uint32_t value = otherwise;
  if (input->length >= 8) memcpy(&value, input->payload + sizeof value * index, sizeof value);
  return value;
}

/* ---- memory ---- */
struct elf_header {
  uint8_t ident[16];
  uint16_t type, machine;
  uint32_t version;
  uint64_t entry, segments, sections;
  uint32_t flags;
  uint16_t size, segment_size, segment_count;
};
struct segment {
  uint32_t type, flags;
  uint64_t offset, address, physical, file_bytes, bytes, alignment;
};
extern const struct elf_header __ehdr_start;

enum { RANGES = 8, LOAD = 1, WRITABLE = 2 };

/* The heap, the output and the writable segments, as whole pages. */
static unsigned writable_ranges(const struct peb* peb, struct range* ranges) {
  unsigned count = 0;
  ranges[count++] = (struct range){(uintptr_t)peb->heap, (uintptr_t)peb->heap + peb->heap_size};
  ranges[count++] = (struct range){(uintptr_t)peb->output, (uintptr_t)peb->output + peb->output_size};
  const struct segment* segments = (const void*)((const uint8_t*)&__ehdr_start + __ehdr_start.segments);
  for (unsigned i = 0; i < __ehdr_start.segment_count && count < RANGES; i++) {
    if (segments[i].type != LOAD || !(segments[i].flags & WRITABLE)) continue;
    ranges[count++] = (struct range){segments[i].address & ~0xfffull,
                                     (segments[i].address + segments[i].bytes + 0xfff) & ~0xfffull};
  }
  return count;
}

/* Compares through a mask, so that SECRET itself is in no register and no spill slot of this function. */
static void scan_range(uint64_t first, uint64_t end, uint64_t found[2]) {
  uint64_t mask = 0x5555555555555555u;
  uint64_t masked = ((uint64_t)(SECRET_HIGH ^ 0x55555555u) << 32) | (SECRET_LOW ^ 0x55555555u);
  __asm__("" : "+r"(mask), "+r"(masked));
  for (const volatile uint64_t* at = (const void*)first; (uint64_t)at < end; at++) {
    if ((*at ^ mask) == masked && found[0]++ == 0) found[1] = (uintptr_t)at;
  }
}

static void scan(const struct peb* peb, uint64_t stack) {
  struct range ranges[RANGES + 2];
  unsigned count = writable_ranges(peb, ranges);
  const uint64_t input_end = (uintptr_t)peb->input + peb->input_size;
  ranges[count++] =
      (struct range){((uintptr_t)peb->input->payload + peb->input->length + 7) & ~7ull, input_end};
  ranges[count++] = (struct range){stack, STACK_END};
  uint64_t found[2] = {0, 0};
  for (unsigned i = 0; i < count; i++)
    scan_range(ranges[i].first, ranges[i].end, found);
  memcpy(peb->output->payload, found, sizeof found);
}

static void look(struct output* output) {
  uint64_t features;
  memcpy(&features, leak_look + LOOK_FEATURES, sizeof features);
  const uint32_t bytes = features ? image_bytes(features) : 512;
  memcpy(leak_look + LOOK_BYTES, &bytes, sizeof bytes);
  memcpy(output->payload, leak_look, LOOK_IMAGE + bytes);
  result(output, LOOK_IMAGE + bytes);
}

void leak_call(const struct peb* peb) {
  const uint32_t function = peb->input->function_index;
  const uint64_t stack = STACK_END - argument(peb->input, 1, DEFAULT_STACK);
  struct range ranges[RANGES];
  if (function == LOOK) look(peb->output);
  if (function == SCAN) {
    scan(peb, stack);
    result(peb->output, 16);
  }
  if (function == PLANT_MEMORY) leak_fill(ranges, writable_ranges(peb, ranges), stack, peb->output);
  if (function > SCAN) __builtin_trap();
  /* The result must be ready before the registers are full. */
  peb->output->abi = ABI_VERSION;
  peb->output->kind = KIND_RESULT;
  const uint32_t features =
      argument(peb->input, 0, 0) & 1 ? leak_known & ~(uint32_t)HAS_FSGSBASE : leak_known;
  leak_plant(function, features, peb->heap, peb->heap_size);
}

int main(void) {
  leak_known = find_features();
  snapvm_write(names, sizeof names);
  struct output* output = snapvm_state.peb->output;
  output->abi = ABI_VERSION;
  output->kind = KIND_READY;
  leak_ready(leak_dispatch);
}
