/* brk, mmap, mprotect, munmap and mremap: memory is zero, has its rights, and is gone in the next call. */
#include "linux.h"

#define PART(name) static void name(const struct start* start __attribute__((unused)))

static int all_are(const volatile uint8_t* from, size_t bytes, uint8_t value) {
  for (size_t i = 0; i < bytes; i++) {
    if (from[i] != value) return 0;
  }
  return 1;
}

/* What an access came to: "fine", or what the handler was told. */
static void show(const char* what, enum access access, const volatile uint8_t* address) {
  seen.count = 0;
  attempt(access, address);
  if (seen.count == 0)
    say("%s: fine\n", what);
  else
    say("%s: signal %d code %d trap %u error %x%s\n", what, seen.signal, seen.code, (unsigned)seen.trap,
        (unsigned)seen.error,
        seen.address == (uintptr_t)address && seen.cr2 == seen.address ? "" : ", at another address");
}

PART(brk_part) {
  watch_faults();
  uint8_t* const first = (uint8_t*)sys(SYS_BRK, 0);
  uint8_t* const end = (uint8_t*)sys(SYS_BRK, first + 8 * PAGE);
  say("grown: %d\n", end == first + 8 * PAGE);
  say("zero: %d\n", all_are(first, 8 * PAGE, 0));
  memset(first, 0x5a, 8 * PAGE);
  say("written: %d\n", all_are(first, 8 * PAGE, 0x5a));
  sys(SYS_BRK, first + 4 * PAGE);
  show("behind", READ_BYTE, first + 4 * PAGE);
  sys(SYS_BRK, first + 8 * PAGE);
  say("kept: %d, zero again: %d\n", all_are(first, 4 * PAGE, 0x5a), all_are(first + 4 * PAGE, 4 * PAGE, 0));
}

PART(mmap_part) {
  watch_faults();
  uint8_t* const memory = map(16 * PAGE, PROT_READ | PROT_WRITE);
  say("zero: %d\n", all_are(memory, 16 * PAGE, 0));
  memset(memory, 0x5a, 16 * PAGE);
  say("unmapped: %ld\n", sys(SYS_MUNMAP, memory + 4 * PAGE, 4 * PAGE));
  show("read", READ_BYTE, memory + 4 * PAGE);
  show("write", WRITE_BYTE, memory + 8 * PAGE - 1);
  say("beside: %d %d\n", memory[4 * PAGE - 1] == 0x5a, memory[8 * PAGE] == 0x5a);
  const long again = sys6(SYS_MMAP, (long)(memory + 4 * PAGE), 4 * PAGE, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  say("again: %d, zero: %d\n", again == (long)(memory + 4 * PAGE), all_are(memory + 4 * PAGE, 4 * PAGE, 0));
}

PART(protect_part) {
  watch_faults();
  uint8_t* const memory = map(2 * PAGE, PROT_READ | PROT_WRITE);
  memory[0] = memory[PAGE] = 7;
  sys(SYS_MPROTECT, memory, PAGE, PROT_READ);
  show("read", READ_BYTE, memory);
  show("write", WRITE_BYTE, memory);
  show("execute", EXECUTE_BYTE, memory + PAGE);
  say("content: %d\n", memory[0]);
  sys(SYS_MPROTECT, memory, PAGE, PROT_READ | PROT_WRITE);
  show("write, given back", WRITE_BYTE, memory);
  show("beside", WRITE_BYTE, memory + PAGE);
  say("refused: %d\n", sys(SYS_MPROTECT, memory, PAGE, PROT_READ | PROT_EXEC) < 0);
}

/* No rights at all; what page-fault error code that has depends on how a backend takes them away. */
PART(none_part) {
  watch_faults();
  uint8_t* const memory = map(PAGE, PROT_READ | PROT_WRITE);
  memory[5] = 7;
  sys(SYS_MPROTECT, memory, PAGE, PROT_NONE);
  for (int access = READ_BYTE; access <= WRITE_BYTE; access++) {
    seen.count = 0;
    attempt((enum access)access, memory + 5);
    say("%u fault, signal %d, its address: %d\n", seen.count, seen.signal,
        seen.address == (uintptr_t)(memory + 5));
  }
  say("by a system call: %ld\n", sys(SYS_WRITE, 1, memory, 1));
  sys(SYS_MPROTECT, memory, PAGE, PROT_READ);
  say("content: %d\n", memory[5]);
}

/* Each of the program's own regions, and a page below the stack. */
PART(own_part) {
  static const uint8_t constant = 7;
  static uint8_t variable;
  watch_faults();
  show("code", WRITE_BYTE, (const volatile uint8_t*)(uintptr_t)own_part);
  show("constants", WRITE_BYTE, &constant);
  show("data", WRITE_BYTE, &variable);
  show("data as code", EXECUTE_BYTE, &variable);
  show("null", READ_BYTE, NULL);
  volatile uint8_t local = 0xc3;
  show("stack as code", EXECUTE_BYTE, &local);
}

PART(remap_part) {
  enum { MAY_MOVE = 1 };
  uint8_t* memory = map(4 * PAGE, PROT_READ | PROT_WRITE);
  memset(memory, 0x5a, 4 * PAGE);
  uint8_t* const larger = (uint8_t*)sys6(SYS_MREMAP, (long)memory, 4 * PAGE, 64 * PAGE, MAY_MOVE, 0, 0);
  say("kept: %d, zero: %d\n", all_are(larger, 4 * PAGE, 0x5a), all_are(larger + 4 * PAGE, 60 * PAGE, 0));
  memset(larger, 0x6b, 64 * PAGE);
  uint8_t* const smaller = (uint8_t*)sys6(SYS_MREMAP, (long)larger, 64 * PAGE, PAGE, MAY_MOVE, 0, 0);
  say("in place: %d, kept: %d\n", smaller == larger, all_are(smaller, PAGE, 0x6b));
  watch_faults();
  show("behind", READ_BYTE, larger + PAGE);
}

/* A system call that is given a bad address says EFAULT, also in the middle of a buffer. */
PART(fault_part) {
  uint8_t* const memory = map(2 * PAGE, PROT_READ | PROT_WRITE);
  sys(SYS_MUNMAP, memory + PAGE, PAGE);
  say("null: %ld\n", sys(SYS_WRITE, 1, NULL, 1));
  say("the monitor: %ld\n", sys(SYS_WRITE, 1, 0xffffffff80000000u, 1));
  say("non-canonical: %ld\n", sys(SYS_WRITE, 1, 0x8000000000000000u, 1));
  say("code: %ld\n", sys(SYS_GETRANDOM, (uintptr_t)fault_part, 16, 0));
  memset(memory, 'x', PAGE);
  say("half: %ld\n", sys(SYS_WRITE, 1, memory + PAGE - 4, 8));
}

/* Nobody may conclude that what is there was never written. */
static uint8_t* hidden(uint8_t* address) {
  __asm__("" : "+r"(address) : : "memory");
  return address;
}

/* Looks for what an earlier call left, and leaves it. */
PART(plant_part) {
  static uint8_t data[3 * PAGE];
  uint8_t* const first = (uint8_t*)sys(SYS_BRK, 0);
  sys(SYS_BRK, first + 16 * PAGE);
  uint8_t* const memory = map(64 * PAGE, PROT_READ | PROT_WRITE);
  uint8_t below[8 * PAGE];
  uint8_t* const stack = hidden(below);
  say("data %d, brk %d, mapping %d, stack %d\n", all_are(data, sizeof data, 0), all_are(first, 16 * PAGE, 0),
      all_are(memory, 64 * PAGE, 0), all_are(stack, sizeof below - PAGE, 0));
  say("places %lx %lx\n", (unsigned long)first, (unsigned long)memory);
  memset(data, 0x5a, sizeof data);
  memset(first, 0x5a, 16 * PAGE);
  memset(memory, 0x5a, 64 * PAGE);
  memset(stack, 0x5a, sizeof below);
  sys(SYS_MPROTECT, memory, 8 * PAGE, PROT_READ);
  sys(SYS_MUNMAP, memory + 32 * PAGE, 8 * PAGE);
}

/* How much there is: ENOMEM, and no more than that. */
PART(exhaust_part) {
  unsigned mappings = 0;
  long at;
  while ((at = sys6(SYS_MMAP, 0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) > 0) {
    *(volatile uint8_t*)at = 1;
    mappings++;
  }
  say("%d, %s\n", (int)at, mappings > 4 && mappings < 64 ? "in time" : "too few or too many");
}

const struct entry memory_parts[] = {
    {"brk", brk_part},         {"mmap", mmap_part},   {"protect", protect_part}, {"none", none_part},
    {"own", own_part},         {"remap", remap_part}, {"efault", fault_part},    {"plant", plant_part},
    {"exhaust", exhaust_part}, {NULL, NULL},
};
