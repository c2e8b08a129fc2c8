/* MADV_WIPEONFORK: "errors" shows what is refused, "freeze" what is left after the first read of input. */
#include "show.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>

enum { PAGE = 4096, PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS, BOTH = PROT_READ | PROT_WRITE };

static unsigned char* area(size_t pages) {
  return mmap(NULL, pages * PAGE, BOTH, PRIVATE, -1, 0);
}

static int errors(void) {
  unsigned char* a = area(4);
  SHOW(madvise(a, 4 * PAGE, MADV_WIPEONFORK));
  SHOW(madvise(a + PAGE, PAGE, MADV_KEEPONFORK));
  SHOW(madvise(a + 1, PAGE, MADV_WIPEONFORK));
  SHOW(madvise(a, 0, MADV_WIPEONFORK));
  SHOW(mremap(a, 4 * PAGE, 8 * PAGE, MREMAP_MAYMOVE)); /* not all of it is to be wiped */
  unsigned char* none = mmap(NULL, PAGE, PROT_NONE, PRIVATE, -1, 0);
  SHOW(madvise(none, PAGE, MADV_WIPEONFORK));
  unsigned char* shared = mmap(NULL, PAGE, BOTH, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  SHOW(madvise(shared, PAGE, MADV_WIPEONFORK));
  SHOW(madvise(shared, PAGE, MADV_KEEPONFORK));
  int file = open("/data/input", 0);
  unsigned char* mapped = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, file, 0);
  SHOW(madvise(mapped, PAGE, MADV_WIPEONFORK));
  static const char text[] = "of the program's file";
  SHOW(madvise((void*)((uintptr_t)text & -(uintptr_t)PAGE), PAGE, MADV_WIPEONFORK));
  unsigned char* hole = area(3);
  munmap(hole + PAGE, PAGE);
  SHOW(madvise(hole, 3 * PAGE, MADV_WIPEONFORK));
  char* end = (char*)syscall(SYS_brk, 0);
  char* start = (char*)(((uintptr_t)end + PAGE - 1) & -(uintptr_t)PAGE);
  syscall(SYS_brk, start + 2 * PAGE);
  SHOW(madvise(start, 2 * PAGE, MADV_WIPEONFORK));
  SHOW(madvise((void*)(16 * PAGE), PAGE, MADV_WIPEONFORK)); /* nothing there */
  return 0;
}

static int frozen(void) {
  unsigned char *a = area(4), *moved = area(2), *given_back = area(1), *read_only = area(1);
  char* heap = (char*)(((uintptr_t)syscall(SYS_brk, 0) + PAGE - 1) & -(uintptr_t)PAGE);
  syscall(SYS_brk, heap + PAGE);
  madvise(a + PAGE, 3 * PAGE, MADV_WIPEONFORK);
  madvise(a + 2 * PAGE, PAGE, MADV_KEEPONFORK);
  madvise(moved, 2 * PAGE, MADV_WIPEONFORK);
  madvise(given_back, PAGE, MADV_WIPEONFORK);
  madvise(read_only, PAGE, MADV_WIPEONFORK);
  madvise(heap, PAGE, MADV_WIPEONFORK);
  moved = mremap(moved, 2 * PAGE, 64 * PAGE, MREMAP_MAYMOVE);
  mmap(given_back, PAGE, BOTH, PRIVATE | MAP_FIXED, -1, 0);
  for (int page = 0; page < 4; page++)
    a[page * PAGE] = 1;
  moved[PAGE] = moved[63 * PAGE] = given_back[7] = read_only[9] = 1;
  heap[PAGE - 1] = 1;
  mprotect(read_only, PAGE, PROT_READ);
  const int before = getpid();
  getchar();
  printf("%d%d%d%d moved %d%d given back %d read-only %d heap %d\n", a[0], a[PAGE], a[2 * PAGE], a[3 * PAGE],
         moved[PAGE], moved[63 * PAGE], given_back[7], read_only[9], heap[PAGE - 1]);
  a[PAGE] = moved[0] = 5; /* the next call does not see it */
  printf("another id %d, as a thread %d\n", getpid() != before, syscall(SYS_gettid) == getpid());
  signal(SIGUSR1, SIG_IGN);
  printf("signals %d %d %d\n", kill(getpid(), SIGUSR1), kill(before, SIGUSR1), raise(SIGUSR1));
  SHOW(kill(getpid() + 1, 0));
  return 0;
}

int main(int count, char** args) {
  return count > 1 && strcmp(args[1], "freeze") == 0 ? frozen() : errors();
}
