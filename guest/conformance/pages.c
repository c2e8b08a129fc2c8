/* What becomes of single pages: discarded, moved, shut and opened again, and very many pieces of memory. */
#include "linux.h"

#define PART(name) static void name(const struct start* start)

enum { MADV_DONTNEED = 4, MREMAP_MAYMOVE = 1, MREMAP_FIXED = 2 };

/* Each page has a value of its own in its first and its last byte. */
static uint8_t value_of(size_t page) {
  return (uint8_t)(page % 251 + 1);
}

static void fill(volatile uint8_t* memory, size_t first, size_t end) {
  for (size_t page = first; page < end; page++)
    memory[page * PAGE] = memory[(page + 1) * PAGE - 1] = value_of(page);
}

static int is_filled(const volatile uint8_t* memory, size_t first, size_t end) {
  for (size_t page = first; page < end; page++) {
    if (memory[page * PAGE] != value_of(page) || memory[(page + 1) * PAGE - 1] != value_of(page)) return 0;
  }
  return 1;
}

static int is_zero(const volatile uint8_t* memory, size_t first, size_t end) {
  for (size_t at = first * PAGE; at < end * PAGE; at++) {
    if (memory[at] != 0) return 0;
  }
  return 1;
}

static long discard(uint8_t* memory, size_t first, size_t end) {
  return sys(SYS_MADVISE, memory + first * PAGE, (end - first) * PAGE, MADV_DONTNEED);
}

/* Of eight pages three are discarded, twice; what is beside them is another's to judge. */
static void show_discarded(uint8_t* memory) {
  for (int turn = 0; turn < 2; turn++) {
    const long result = discard(memory, 2, 5);
    const int zero = is_zero(memory, 2, 5);
    fill(memory, 2, 5);
    say("discarded: %ld, zero: %d, written: %d\n", result, zero, is_filled(memory, 2, 5));
  }
}

PART(discard_part) {
  (void)start;
  uint8_t* const fresh = map(8 * PAGE, PROT_READ | PROT_WRITE);
  show_discarded(fresh);
  say("beside: %d\n", is_zero(fresh, 0, 2) && is_zero(fresh, 5, 8));
  uint8_t* const used = map(8 * PAGE, PROT_READ | PROT_WRITE);
  fill(used, 0, 8);
  show_discarded(used);
  say("beside: %d\n", is_filled(used, 0, 2) && is_filled(used, 5, 8));
  uint8_t* const read = map(8 * PAGE, PROT_READ | PROT_WRITE);
  const int zero = is_zero(read, 0, 8);
  show_discarded(read);
  say("only read before: %d\n", zero);
  /* Data that the file of the program has not: its pages are the program's own from the start. */
  static uint8_t data[9 * PAGE];
  uint8_t* const whole = (uint8_t*)(((uintptr_t)data + PAGE - 1) & ~(uintptr_t)(PAGE - 1));
  fill(whole, 0, 8);
  show_discarded(whole);
  say("beside: %d\n", is_filled(whole, 0, 2) && is_filled(whole, 5, 8));
}

/* Moves eight pages to where others are, and back to a place of the system's choice. */
static void show_moved(uint8_t* memory) {
  uint8_t* const target = map(16 * PAGE, PROT_READ | PROT_WRITE);
  memset(target, 0x5a, 16 * PAGE);
  const long at = sys6(SYS_MREMAP, (long)memory, 8 * PAGE, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
                       (long)(target + 4 * PAGE), 0);
  say("there: %d, content: %d, beside: %d\n", at == (long)(target + 4 * PAGE),
      is_filled(target + 4 * PAGE, 0, 8), target[4 * PAGE - 1] == 0x5a && target[12 * PAGE] == 0x5a);
  seen.count = 0;
  attempt(READ_BYTE, memory);
  attempt(WRITE_BYTE, memory + 8 * PAGE - 1);
  say("left behind: %u faults\n", seen.count);
  memset(target + 4 * PAGE, 0x6b, PAGE);
  uint8_t* const larger =
      (uint8_t*)sys6(SYS_MREMAP, (long)(target + 4 * PAGE), 8 * PAGE, 64 * PAGE, MREMAP_MAYMOVE, 0, 0);
  say("content: %d, zero: %d\n", larger[0] == 0x6b && is_filled(larger, 1, 8), is_zero(larger, 8, 64));
  fill(larger, 0, 64);
  say("written: %d\n", is_filled(larger, 0, 64));
}

PART(move_part) {
  (void)start;
  watch_faults();
  uint8_t* const memory = map(8 * PAGE, PROT_READ | PROT_WRITE);
  fill(memory, 0, 8);
  show_moved(memory);
}

static void show_shut(uint8_t* memory) {
  sys(SYS_MPROTECT, memory + 2 * PAGE, 3 * PAGE, PROT_NONE);
  seen.count = 0;
  for (size_t page = 0; page < 8; page++)
    attempt(READ_BYTE, memory + page * PAGE);
  say("shut: %u faults, ", seen.count);
  sys(SYS_MPROTECT, memory + 2 * PAGE, 3 * PAGE, PROT_READ | PROT_WRITE);
  say("content: %d, ", is_filled(memory, 0, 8));
  memset(memory, 0x6b, 8 * PAGE);
  fill(memory, 0, 8);
  say("written: %d\n", is_filled(memory, 0, 8));
}

PART(shut_part) {
  (void)start;
  watch_faults();
  uint8_t* const memory = map(8 * PAGE, PROT_READ | PROT_WRITE);
  fill(memory, 0, 8);
  for (int turn = 0; turn < 3; turn++)
    show_shut(memory);
}

/* Frozen at its first read with content in all of its pages; then what the input names is done to them. */
PART(frozen_pages_part) {
  (void)start;
  watch_faults();
  uint8_t* const memory = map(8 * PAGE, PROT_READ | PROT_WRITE);
  fill(memory, 0, 8);
  char input[16];
  const long got = sys(SYS_READ, 0, input, sizeof input - 1);
  input[got > 0 ? got : 0] = 0;
  if (strcmp(input, "discard") == 0) {
    show_discarded(memory);
    say("beside: %d\n", is_filled(memory, 0, 2) && is_filled(memory, 5, 8));
  } else if (strcmp(input, "move") == 0) {
    show_moved(memory);
  } else if (strcmp(input, "shut") == 0) {
    show_shut(memory);
  } else {
    say("content: %d\n", is_filled(memory, 0, 8));
  }
}

/* Makes every other one of so many pages a piece of its own. */
PART(pieces_part) {
  const size_t pages = start->argc > 2 ? decimal(start->argv[2]) : 4000;
  watch_faults();
  uint8_t* const holes = map(pages * PAGE, PROT_READ | PROT_WRITE);
  uint8_t* const locked = map(pages * PAGE, PROT_READ | PROT_WRITE);
  say("places %lx %lx\n", (unsigned long)holes, (unsigned long)locked);
  say("zero: %d %d\n", is_zero(holes, 0, pages), is_zero(locked, 0, pages));
  fill(holes, 0, pages);
  fill(locked, 0, pages);
  long failed = 0;
  for (size_t page = 1; page < pages; page += 2) {
    failed += sys(SYS_MUNMAP, holes + page * PAGE, PAGE) != 0;
    failed += sys(SYS_MPROTECT, locked + page * PAGE, PAGE, PROT_READ) != 0;
  }
  size_t kept = 0;
  for (size_t page = 0; page < pages; page++)
    kept += (page % 2 == 1 || is_filled(holes, page, page + 1)) && is_filled(locked, page, page + 1);
  say("failed: %ld, kept: %d\n", failed, kept == pages);
  seen.count = 0;
  for (size_t page = 0; page < pages; page++) {
    attempt(READ_BYTE, holes + page * PAGE);
    attempt(WRITE_BYTE, locked + page * PAGE);
  }
  say("refused: %d\n", seen.count == pages / 2 * 2);
}

const struct entry page_parts[] = {
    {"discard", discard_part},           {"move", move_part},     {"shut", shut_part},
    {"frozen-pages", frozen_pages_part}, {"pieces", pieces_part}, {NULL, NULL},
};
