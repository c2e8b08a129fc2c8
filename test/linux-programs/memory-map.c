/* brk, and what mmap, munmap, mremap and mprotect answer when nothing faults. */
#include "show.h"
#include <fcntl.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

static int all(const unsigned char* bytes, size_t length, int value) {
  for (size_t i = 0; i < length; i++)
    if (bytes[i] != value) return 0;
  return 1;
}

static void program_break(void) {
  char* start = (char*)syscall(SYS_brk, 0);
  TRUE(start != NULL);
  char* end = (char*)syscall(SYS_brk, start + 3 * PAGE + 5);
  TRUE(end == start + 3 * PAGE + 5);
  TRUE(all((unsigned char*)start, 3 * PAGE + 5, 0));
  memset(start, 7, 3 * PAGE);
  TRUE((char*)syscall(SYS_brk, start + PAGE) == start + PAGE);
  TRUE((char*)syscall(SYS_brk, start + 3 * PAGE) == start + 3 * PAGE);
  TRUE(start[0] == 7);
  /* Pages given back and taken again are new. */
  TRUE(all((unsigned char*)(((uintptr_t)start + 2 * PAGE - 1) & -(uintptr_t)PAGE), PAGE, 0));
  TRUE((char*)syscall(SYS_brk, 1) == start + 3 * PAGE);
  TRUE((char*)syscall(SYS_brk, -1L) == start + 3 * PAGE);
  TRUE((char*)syscall(SYS_brk, 1L << 46) == start + 3 * PAGE);
  TRUE((char*)syscall(SYS_brk, start) == start);
}

static void anonymous(void) {
  unsigned char* a =
      OK((unsigned char*)mmap(NULL, 5 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  TRUE(((uintptr_t)a & (PAGE - 1)) == 0);
  TRUE(all(a, 5 * PAGE, 0));
  memset(a, 1, 5 * PAGE);
  SHOW(munmap(a + 2 * PAGE, PAGE));
  TRUE(a[0] == 1 && a[4 * PAGE] == 1);
  TRUE(mmap(a + 2 * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
       a + 2 * PAGE);
  TRUE(all(a + 2 * PAGE, PAGE, 0));
  TRUE(mmap(a + PAGE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
       a + PAGE);
  TRUE(all(a + PAGE, 2 * PAGE, 0) && a[0] == 1 && a[3 * PAGE] == 1);
  SHOW(mmap(a, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
  SHOW(munmap(a, 5 * PAGE));
  TRUE(mmap(a, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == a);
  SHOW(munmap(a, PAGE));
  SHOW(munmap(a, PAGE)); /* nothing there is no error */
  unsigned char* shared =
      OK((unsigned char*)mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  shared[17] = 3;
  SHOW(munmap(shared, 17)); /* rounded up */
}

static void wrong(void) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS;
  SHOW(mmap(NULL, 0, PROT_READ, flags, -1, 0));
  SHOW(mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0));
  SHOW(mmap((void*)123, PAGE, PROT_READ, flags | MAP_FIXED, -1, 0));
  SHOW(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 99, 0));
  SHOW(syscall(SYS_mmap, NULL, PAGE, PROT_READ, MAP_PRIVATE, 0, 5));
  SHOW(mmap(NULL, 1UL << 47, PROT_READ, flags, -1, 0));
  SHOW(mmap(NULL, -1UL, PROT_READ, flags, -1, 0));
  SHOW(mmap((void*)(1UL << 47), PAGE, PROT_READ, flags | MAP_FIXED, -1, 0));
  SHOW(munmap((void*)1, PAGE));
  SHOW(munmap(NULL, 0));
  SHOW(munmap((void*)(1UL << 47), PAGE));
  SHOW(munmap((void*)PAGE, -1UL - PAGE));
  SHOW(mprotect((void*)1, PAGE, PROT_READ));
  SHOW(mprotect((void*)(16 * PAGE), PAGE, PROT_READ)); /* nothing there */
  SHOW(mprotect((void*)(16 * PAGE), 0, PROT_READ));
  SHOW(mremap((void*)(16 * PAGE), PAGE, 2 * PAGE, MREMAP_MAYMOVE));
  SHOW(mremap((void*)1, PAGE, PAGE, 0));
  SHOW(syscall(SYS_madvise, 1, PAGE, MADV_DONTNEED));
}

static void remap(void) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS;
  unsigned char* a = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, flags, -1, 0);
  for (int i = 0; i < 8; i++)
    memset(a + i * PAGE, i + 1, PAGE);
  TRUE(mremap(a, 8 * PAGE, 4 * PAGE, 0) == a);
  TRUE(mremap(a, 4 * PAGE, 6 * PAGE, 0) == a);
  TRUE(all(a + 4 * PAGE, 2 * PAGE, 0) && a[3 * PAGE] == 4);
  mmap(a + 6 * PAGE, PAGE, PROT_READ, flags | MAP_FIXED, -1, 0);
  SHOW(mremap(a, 6 * PAGE, 7 * PAGE, 0)); /* no room */
  unsigned char* b = OK((unsigned char*)mremap(a, 6 * PAGE, 100 * PAGE, MREMAP_MAYMOVE));
  TRUE(b != a);
  TRUE(all(b, PAGE, 1) && all(b + 3 * PAGE, PAGE, 4) && all(b + 6 * PAGE, 94 * PAGE, 0));
  unsigned char* place = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, flags, -1, 0);
  memset(place, 9, 4 * PAGE);
  TRUE(mremap(b, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, place) == place);
  TRUE(all(place, PAGE, 1) && all(place + PAGE, PAGE, 2) && place[2 * PAGE] == 9);
  SHOW(mremap(place, PAGE, 0, MREMAP_MAYMOVE));
  SHOW(mremap(place, PAGE, PAGE, MREMAP_FIXED, b));
  SHOW(mremap(place, PAGE, 1UL << 46, MREMAP_MAYMOVE));
}

static void protect(void) {
  unsigned char* a = mmap(NULL, 4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  SHOW(mprotect(a, 4 * PAGE, PROT_READ | PROT_WRITE));
  memset(a, 5, 4 * PAGE);
  SHOW(mprotect(a + PAGE, PAGE, PROT_NONE));
  SHOW(mprotect(a + PAGE, PAGE, PROT_READ));
  TRUE(all(a, 4 * PAGE, 5));
  SHOW(madvise(a, 2 * PAGE, MADV_DONTNEED));
  TRUE(all(a, 2 * PAGE, 0) && all(a + 2 * PAGE, 2 * PAGE, 5));
  SHOW(munmap(a + PAGE, PAGE));
  SHOW(mprotect(a, 4 * PAGE, PROT_READ)); /* a hole */
}

static void allocate(void) {
  long sum = 0;
  void* kept[200];
  for (int i = 0; i < 200; i++) {
    size_t size = (size_t)(i * 7919 % 50000 + 1);
    unsigned char* p = kept[i] = malloc(size);
    memset(p, i, size);
  }
  for (int i = 0; i < 200; i += 2)
    free(kept[i]);
  for (int i = 1; i < 200; i += 2)
    sum += ((unsigned char*)kept[i])[i * 7919 % 50000];
  printf("sum %ld\n", sum);
  char* grown = NULL;
  for (size_t size = 1; size <= 4 << 20; size *= 2) {
    grown = realloc(grown, size);
    grown[size - 1] = (char)size;
    grown[size / 2] = 1;
  }
  TRUE(grown[(4 << 20) / 2] == 1);
  free(grown);
  volatile size_t huge = 1UL << 46;
  TRUE(malloc(huge) == NULL && errno == ENOMEM);
}

int main(void) {
  program_break();
  anonymous();
  wrong();
  remap();
  protect();
  allocate();
}
