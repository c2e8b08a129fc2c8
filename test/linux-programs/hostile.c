/* Guests that mean harm, one a word on the command line; each says how far it came. Only for guests. */
#include "show.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>

static char block[1 << 16];

static void lengths(void) {
  /* With nothing behind it: a call that goes as far as it can must not reach the program's own variables. */
  char* area = mmap(NULL, 3 * sizeof block, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(area + sizeof block, 2 * sizeof block);
  int file = open("/data/input", O_RDONLY), out = open("/tmp/out", O_RDWR | O_CREAT, 0600);
  size_t huge[] = {1UL << 63, -1UL, (1UL << 63) - 1, 1UL << 47, 1UL << 40};
  for (size_t i = 0; i < sizeof huge / sizeof *huge; i++) {
    TRUE(syscall(SYS_read, file, area, huge[i]) <= 100);
    TRUE(syscall(SYS_write, out, area, huge[i]) <= (long)(64UL << 20));
    TRUE(syscall(SYS_getrandom, area, huge[i], 0) <= (long)(64UL << 20));
    TRUE(syscall(SYS_ftruncate, out, huge[i]) <= 0);
    TRUE(syscall(SYS_pwrite64, out, "x", 1, huge[i]) <= 1);
    TRUE(syscall(SYS_getdents64, open("/data", O_RDONLY), area, huge[i]) <= (long)sizeof block);
    TRUE(syscall(SYS_getcwd, area, huge[i]) <= (long)sizeof block);
    ftruncate(out, 0);
  }
  struct iovec wrap[3] = {{area, (1UL << 63) - 1}, {area, (1UL << 63) - 1}, {area, 2}};
  SHOW(syscall(SYS_readv, file, wrap, 3));
  SHOW(syscall(SYS_writev, out, wrap, 3));
}

static void overlapping(void) {
  struct iovec same[4];
  memset(block, 'a', 100);
  int out = open("/tmp/out", O_RDWR | O_CREAT, 0600);
  SHOW(write(out, "0123456789", 10));
  SHOW(lseek(out, 0, SEEK_SET));
  for (int i = 0; i < 4; i++)
    same[i] = (struct iovec){block + i, 4};
  SHOW(readv(out, same, 4));
  printf("%.8s\n", block);
  struct iovec* itself = (struct iovec*)(void*)block;
  itself[0] = (struct iovec){block, 16};
  itself[1] = (struct iovec){block, 16};
  SHOW(lseek(out, 0, SEEK_SET));
  SHOW(readv(out, itself, 2)); /* into the vector that is being read */
}

static void tree(void) {
  long depth = 0;
  while (depth < 20000 && mkdir("d", 0700) == 0 && chdir("d") == 0)
    depth++;
  TRUE(depth > 100);
  char path[5000];
  TRUE(getcwd(path, sizeof path) != NULL || errno == ERANGE || errno == ENAMETOOLONG || errno == ENOENT);
  for (int i = 0; i < 200; i++)
    if (chdir("..") != 0) break;
  long files = 0;
  char name[32];
  for (; files < 30000; files++) {
    sprintf(name, "/tmp/f%ld", files);
    int fd = open(name, O_WRONLY | O_CREAT, 0600);
    if (fd < 0) break;
    close(fd);
  }
  TRUE(files > 1000);
}

static void descriptors(void) {
  long opened = 0;
  while (opened < 1000000 && open("/dev/null", O_RDONLY) >= 0)
    opened++;
  TRUE(opened >= 200 && opened < 1000000);
  TRUE(errno == EMFILE);
  int ends[2];
  SHOW(pipe(ends));
  SHOW(dup(0));
}

static void memory(void) {
  long got = 0;
  for (; got < 1 << 20; got++) {
    char* page = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) break;
    for (int i = 0; i < 1 << 20; i += 4096)
      page[i] = 1;
  }
  TRUE(got > 10 && got < 1000);
  TRUE(errno == ENOMEM);
}

static void mappings(void) {
  long got = 0;
  char* area = mmap(NULL, 32 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (area == MAP_FAILED) return;
  for (; got < 8192; got += 2)
    if (mprotect(area + got * 4096, 4096, PROT_READ) != 0) break;
  TRUE(got > 100);
}

static void bytes_in_files(void) {
  long written = 0;
  int fd = open("/tmp/large", O_WRONLY | O_CREAT, 0600);
  for (ssize_t length; (length = write(fd, block, sizeof block)) > 0 && written < 8L << 30;)
    written += length;
  TRUE(written > 1 << 20 && written < 8L << 30);
  printf("%s\n", errno_name(errno));
}

static void empty_pipe(void) {
  int ends[2];
  if (pipe(ends) == 0) SHOW(read(ends[0], block, 1));
}

static void full_pipe(void) {
  int ends[2];
  long written = 0;
  if (pipe(ends) != 0) return;
  for (ssize_t length; (length = write(ends[1], block, sizeof block)) > 0 && written < 1L << 30;)
    written += length;
  printf("%s\n", errno_name(errno));
}

static void poll_for_ever(void) {
  int ends[2];
  if (pipe(ends) != 0) return;
  struct pollfd fd = {ends[0], POLLIN, 0};
  SHOW(poll(&fd, 1, -1));
}

/* One call that would copy tens of gigabytes, again and again. */
static void vectors(void) {
  static struct iovec parts[1024];
  char* area = mmap(NULL, 16 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int i = 0; i < 1024; i++)
    parts[i] = (struct iovec){area, 16 << 20};
  int random = open("/dev/urandom", O_RDONLY), none = open("/dev/null", O_WRONLY);
  for (;;) {
    if (readv(random, parts, 1024) <= 0) return;
    if (writev(none, parts, 1024) <= 0) return;
  }
}

/* Lists a folder of very many files, again and again. */
static void listing(void) {
  char name[32];
  for (int i = 0; i < 20000; i++) {
    sprintf(name, "/tmp/f%d", i);
    int fd = open(name, O_WRONLY | O_CREAT, 0600);
    if (fd < 0) break;
    close(fd);
  }
  int folder = open("/tmp", O_RDONLY);
  long bytes = 0;
  for (long got; (got = syscall(SYS_getdents64, folder, block, sizeof block)) > 0;)
    bytes += got;
  TRUE(bytes > 20000 * 24);
}

static void loops(void) {
  SHOW(symlink("/tmp/b/c", "/tmp/a"));
  SHOW(symlink("/tmp/a", "/tmp/b"));
  SHOW(symlink(".", "/tmp/here"));
  char path[4090] = "/tmp";
  for (int i = 0; i < 45; i++)
    strcat(path, "/here");
  SHOW(open(path, O_RDONLY));
  SHOW(open("/tmp/a", O_RDONLY));
  SHOW(rename("/tmp/a", "/tmp/b/x"));
}

static void wild_return(void) {
  memset(block, 0x5a, sizeof block);
  __asm__ volatile("lea %0, %%rsp\n\tmov $15, %%eax\n\tsyscall" ::"m"(block[8192]) : "memory");
}

static void ignored(int number) {
  (void)number;
}

static void stack(const char* where) {
  uintptr_t at = strtoull(where, NULL, 0);
  if (at == 1) at = (uintptr_t)block + 8195; /* unaligned but there */
  signal(SIGILL, ignored);
  __asm__ volatile("mov %0, %%rsp\n\tud2" ::"r"(at) : "memory");
}

static void endless_fault(void) {
  signal(SIGILL, ignored); /* returns to the instruction, for ever */
  __asm__ volatile("ud2");
}

int main(int argc, char** argv) {
  static const struct {
    const char* name;
    void (*run)(void);
  } all[] = {{"lengths", lengths},
             {"overlapping", overlapping},
             {"tree", tree},
             {"descriptors", descriptors},
             {"memory", memory},
             {"mappings", mappings},
             {"bytes", bytes_in_files},
             {"empty-pipe", empty_pipe},
             {"full-pipe", full_pipe},
             {"poll", poll_for_ever},
             {"loops", loops},
             {"sigreturn", wild_return},
             {"vectors", vectors},
             {"listing", listing},
             {"endless-fault", endless_fault}};
  if (argc < 2 || getenv("IN_A_GUEST") == NULL) return 2;
  signal(SIGPIPE, SIG_IGN);
  if (chdir("/tmp") != 0) return 1;
  if (strcmp(argv[1], "stack") == 0 && argc > 2) stack(argv[2]);
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (strcmp(argv[1], all[i].name) == 0) all[i].run();
  puts("the end");
  return 0;
}
