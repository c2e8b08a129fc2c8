/* Splits its memory into more pieces than the host allows a process that runs it, and looks afterwards. */
#include "show.h"

#include <sys/mman.h>

enum { PAGE = 4096, SPREAD = 48, STRIDE = 24, KEPT = 512 };

/* In this order: what is written to spread[] when there is no room for another piece stands before kept[]. */
static struct {
  _Alignas(4096) volatile char spread[SPREAD][STRIDE * PAGE];
  volatile char kept[KEPT][PAGE];
} memory;

static void say(const char* text) {
  if (write(1, text, strlen(text)) < 0) _exit(2);
}

/* One page at a time, and none that stands beside another. */
static void write_spread(void) {
  for (int i = 0; i < SPREAD; i++)
    memory.spread[i][0] = 'x';
}

static int count(const volatile char* from, size_t stride, int pages) {
  int found = 0;
  for (int page = 0; page < pages; page++)
    found += from[(size_t)page * stride] != 0;
  return found;
}

/* So many holes in memory that the kernel would otherwise hold as one piece. */
static void make_holes(long holes) {
  volatile char* const first = sbrk(0);
  char* const start = (char*)(((uintptr_t)first + PAGE - 1) & ~(uintptr_t)(PAGE - 1));
  if (sbrk((holes + 1) * 2 * PAGE) == (void*)-1) {
    say("too little memory\n");
    _exit(3);
  }
  for (long hole = 0; hole < holes; hole++) {
    if (mprotect(start + (2 * hole + 1) * PAGE, PAGE, PROT_NONE) == 0) continue;
    say("mprotect failed\n");
    _exit(4);
  }
}

int main(int argc, char** argv) {
  const char* what = argc > 1 ? argv[1] : "";
  char text[64];
  snprintf(text, sizeof text, "found %d %d\n", count(memory.spread[0], sizeof memory.spread[0], SPREAD),
           count(memory.kept[0], PAGE, KEPT));
  if (strcmp(what, "write") == 0) {
    for (int page = 0; page < KEPT; page++)
      memory.kept[page][0] = 'x';
  } else if (strcmp(what, "spread") == 0) {
    write_spread();
  } else if (strcmp(what, "shut") == 0) {
    write_spread();
    for (int i = 0; i < SPREAD; i++)
      mprotect((void*)memory.spread[i], PAGE, PROT_NONE);
    make_holes(argc > 2 ? atol(argv[2]) : 0);
  } else if (strcmp(what, "split") == 0) {
    make_holes(argc > 2 ? atol(argv[2]) : 0);
    write_spread();
  }
  say(text);
  return 0;
}
