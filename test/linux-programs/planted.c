/*
 * Looks for what an earlier call planted, and plants it for the next: planted WHAT. Prints what is there
 * first, so it prints the same in every call if nothing survives.
 */
#include "show.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>

static int in_data = 5;
static int in_bss;
static _Thread_local int in_tls = 6;
static void handler(int number) {
  (void)number;
}

static void descriptor(void) {
  SHOW(fcntl(3, F_GETFD));
  SHOW(fcntl(40, F_GETFD));
  SHOW(open("/data/input", O_RDONLY));
  SHOW(dup2(3, 40));
  char byte;
  SHOW(read(3, &byte, 1)); /* its offset */
  printf("%c\n", byte);
}

static void closed(void) {
  SHOW(fcntl(0, F_GETFD));
  SHOW(close(0));
  SHOW(dup2(1, 2));
}

static void folder(void) {
  char text[100];
  puts(getcwd(text, sizeof text));
  SHOW(chdir("/tmp"));
}

static void program_break(void) {
  static void* first;
  void* now = (void*)syscall(SYS_brk, 0);
  TRUE(first == NULL);
  first = now;
  printf("%p\n", now); /* nothing is placed at random */
  syscall(SYS_brk, (char*)now + 100 * 4096);
  memset(now, 1, 100 * 4096);
}

static void mapping(void) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS;
  char* first = mmap(NULL, 1 << 20, PROT_NONE, flags, -1, 0);
  munmap(first, 1 << 20);
  printf("%p\n", (void*)first); /* the first gap there is: nothing is placed at random in a guest */
  char* place = first + (1 << 19);
  char* page = mmap(place, 4096, PROT_READ | PROT_WRITE, flags | MAP_FIXED_NOREPLACE, -1, 0);
  TRUE(page == place);
  if (page != place) return;
  TRUE(page[5] == 0);
  page[5] = 1;
  SHOW(mprotect(page, 4096, PROT_READ));
}

static void handlers(void) {
  struct sigaction old;
  SHOW(sigaction(SIGUSR1, NULL, &old));
  TRUE(old.sa_handler == SIG_DFL);
  signal(SIGUSR1, handler);
  static char other[65536];
  stack_t stack = {.ss_sp = other, .ss_size = sizeof other}, before;
  SHOW(sigaltstack(&stack, &before));
  TRUE(before.ss_flags == SS_DISABLE);
}

static void mask(void) {
  sigset_t all, before, waiting;
  sigfillset(&all);
  SHOW(sigprocmask(SIG_SETMASK, &all, &before));
  TRUE(sigismember(&before, SIGUSR2) == 0);
  SHOW(sigpending(&waiting));
  TRUE(sigismember(&waiting, SIGUSR2) == 0);
  raise(SIGUSR2);
}

static void file(void) {
  struct stat status;
  SHOW(access("/tmp/mine", F_OK));
  SHOW(access("/tmp/folder", F_OK));
  SHOW(stat("/data/input", &status));
  printf("%ld %o\n", (long)status.st_size, status.st_mode);
  int fd = open("/tmp/mine", O_WRONLY | O_CREAT, 0600);
  SHOW(write(fd, "secret", 6));
  SHOW(mkdir("/tmp/folder", 0700));
  fd = open("/data/input", O_WRONLY | O_APPEND);
  SHOW(write(fd, "more", 4));
  SHOW(fchmod(fd, 0));
}

static void removed(void) {
  SHOW(unlink("/data/input"));
  SHOW(rmdir("/data"));
}

static void file_mask(void) {
  SHOW(umask(077));
}

static void environment(void) {
  printf("%s\n", getenv("PLANTED") == NULL ? "nothing" : getenv("PLANTED"));
  setenv("PLANTED", "something", 1);
  extern char** environ;
  if (environ[0] != NULL && environ[0][0] != 0) {
    puts(environ[0]);
    environ[0][0] = '!';
  }
}

static void arguments(char** argv) {
  puts(argv[1]);
  argv[1][0] = 'x';
  argv[1] = "changed";
}

static void variables(void) {
  static int* heap;
  printf("%d %d %d %s\n", in_data, in_bss, in_tls, heap == NULL ? "no heap" : "a heap");
  in_data = in_bss = in_tls = 99;
  heap = malloc(100000);
  memset(heap, 7, 100000);
}

static void output(void) {
  fputs("unflushed", stdout); /* what stays in the buffer of a program that is killed */
  if (write(2, "unread", 6) < 0) return;
  raise(SIGKILL);
}

static void registers(void) {
  unsigned long base = 0, vector[2];
  uint32_t control = 0;
  syscall(SYS_arch_prctl, 0x1004, &base); /* ARCH_GET_GS */
  __asm__ volatile("stmxcsr %0" : "=m"(control));
  __asm__ volatile("movdqu %%xmm14, %0" : "=m"(vector));
  printf("%lx %x\n", base, control);
  syscall(SYS_arch_prctl, 0x1001, &in_data);
  control = 0x9fc0;
  __asm__ volatile("ldmxcsr %0" ::"m"(control));
}

int main(int argc, char** argv) {
  static const struct {
    const char* name;
    void (*run)(void);
  } all[] = {{"descriptor", descriptor},
             {"closed", closed},
             {"folder", folder},
             {"break", program_break},
             {"mapping", mapping},
             {"handlers", handlers},
             {"mask", mask},
             {"file", file},
             {"removed", removed},
             {"umask", file_mask},
             {"variables", variables},
             {"environment", environment},
             {"output", output},
             {"registers", registers}};
  if (argc < 2) return 2;
  if (strcmp(argv[1], "arguments") == 0) arguments(argv);
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (strcmp(argv[1], all[i].name) == 0) all[i].run();
  return 0;
}
