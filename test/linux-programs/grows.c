// Makes the host keep or do much by few system calls; the first argument says which.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

static char block[65536];

// How many bytes pipes take until the system has no more: with `errno` of the first refusal.
static void fill_pipes(void) {
  long total = 0;
  int error = 0;
  for (int i = 0; i < 400 && error == 0; i++) {
    int ends[2];
    if (pipe2(ends, O_NONBLOCK) != 0) break;
    for (;;) {
      const ssize_t n = write(ends[1], block, sizeof block);
      if (n > 0)
        total += n;
      else if (errno != EAGAIN)
        error = errno;
      if (n <= 0) break;
    }
  }
  printf("%ld %s\n", total, strerrorname_np(error));
}

// What pipes hold is given back when it is read, or when nobody can read it any more.
// How many pieces of memory can be wiped at a freeze, each on its own, until the system says no.
static void wipe_pieces(void) {
  const long page = 4096, pages = 16384;
  char* memory = mmap(NULL, pages * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  long count = 0;
  errno = 0;
  while (2 * count < pages && madvise(memory + 2 * count * page, page, MADV_WIPEONFORK) == 0)
    count++;
  printf("%ld %s\n", count, errno == 0 ? "none" : strerrorname_np(errno));
}

static void reuse_pipes(void) {
  for (int i = 0; i < 200; i++) {
    int ends[2];
    if (pipe(ends) != 0) exit(2);
    for (int j = 0; j < 3; j++) {
      if (write(ends[1], block, 16384) != 16384 || read(ends[0], block, 16384) != 16384) exit(3);
    }
    if (write(ends[1], block, 16384) != 16384) exit(4);
    close(ends[i % 2]);
    close(ends[1 - i % 2]);
  }
  puts("reused");
}

int main(int argc, char** argv) {
  const char* part = argc > 1 ? argv[1] : "";
  if (strcmp(part, "pipes") == 0) fill_pipes();
  if (strcmp(part, "reuse") == 0) reuse_pipes();
  if (strcmp(part, "wipe") == 0) {
    wipe_pieces();
    return 0;
  }
  if (strcmp(part, "hello") == 0) puts("hello");
  setvbuf(stdout, NULL, _IONBF, 0);
  if (strcmp(part, "fault") == 0) {
    printf("before the fault\n");
    fprintf(stderr, "error output\n");
    *(volatile int*)8 = 1;
  }
  if (strcmp(part, "spin") == 0) {
    printf("before the stop\n");
    for (;;) {
    }
  }
  if (strcmp(part, "stuck") == 0) {
    printf("before it waits\n");
    pause();
  }
  if (strcmp(part, "flood") == 0) {
    for (int i = 0;; i++)
      printf("line %d\n", i);
  }
  const size_t most = 24 << 20;
  char* memory = mmap(NULL, most, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const int zero = open("/dev/zero", O_RDONLY), file = open("/tmp/f", O_RDWR | O_CREAT, 0600);
  for (;;) {
    if (strcmp(part, "random") == 0 && getrandom(memory, most, 0) < 0) return 5;
    if (strcmp(part, "zero") == 0 && read(zero, memory, most) < 0) return 6;
    if (strcmp(part, "truncate") == 0 && (ftruncate(file, most) != 0 || ftruncate(file, 0) != 0)) return 7;
    if (strcmp(part, "protect") == 0 &&
        (mprotect(memory, most, PROT_READ) != 0 || mprotect(memory, most, PROT_READ | PROT_WRITE) != 0))
      return 8;
    if (strcmp(part, "map") == 0) {
      munmap(memory, most);
      memory = mmap(memory, most, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
      if (memory == MAP_FAILED) return 9;
    }
    if (part[0] == 'h' || part[0] == 'p' || part[0] == 'r') {
      if (strcmp(part, "random") != 0 && strcmp(part, "protect") != 0) return 0;
    }
  }
}
