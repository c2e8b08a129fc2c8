/* What a process learns of itself: numbers, limits, names, and the calls a library makes at its start. */
#include "show.h"
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>

/* As in the kernel's headers, which musl's compiler does not see. */
enum { ARCH_SET_GS = 0x1001, ARCH_GET_FS = 0x1003, ARCH_GET_GS = 0x1004 };
enum { FUTEX_WAIT = 0, FUTEX_WAKE = 1, FUTEX_PRIVATE_FLAG = 128 };
#ifndef SYS_rseq
#define SYS_rseq 334
#endif

int main(int argc, char** argv, char** envp) {
  printf("%d arguments\n", argc);
  for (int i = 0; i < argc; i++)
    printf("  %s\n", argv[i]);
  TRUE(argv[argc] == NULL);
  for (char** variable = envp; *variable != NULL; variable++)
    printf("  %s\n", *variable);

  TRUE(getpid() > 0);
  TRUE(getpid() == syscall(SYS_gettid));
  TRUE(getppid() >= 0);
  TRUE(getuid() == geteuid() && getgid() == getegid());
  TRUE(syscall(SYS_set_tid_address, &argc) == getpid());
  TRUE(getpgrp() >= 0);

  struct utsname name;
  SHOW(uname(&name));
  printf("%s %s\n", name.sysname, name.machine);
  TRUE(name.release[0] >= '2' && name.release[0] <= '9');
  TRUE(strlen(name.nodename) > 0 && strlen(name.version) > 0);

  struct sysinfo info;
  SHOW(sysinfo(&info));
  TRUE(info.totalram > 0 && info.freeram <= info.totalram && info.mem_unit > 0 && info.procs > 0);

  struct rlimit limit;
  SHOW(getrlimit(RLIMIT_STACK, &limit));
  printf("stack %ld\n", (long)limit.rlim_cur);
  SHOW(getrlimit(RLIMIT_NOFILE, &limit));
  TRUE(limit.rlim_cur >= 256 && limit.rlim_cur <= limit.rlim_max);
  SHOW(getrlimit(RLIMIT_AS, &limit));
  SHOW(getrlimit(RLIMIT_CORE, &limit));
  SHOW(getrlimit(99, &limit));

  struct rusage usage;
  SHOW(getrusage(RUSAGE_SELF, &usage));
  TRUE(usage.ru_utime.tv_sec >= 0 && usage.ru_utime.tv_usec < 1000000);
  SHOW(getrusage(77, &usage));

  unsigned char random[64] = {0}, other[64] = {0};
  SHOW(syscall(SYS_getrandom, random, sizeof random, 0));
  SHOW(syscall(SYS_getrandom, other, sizeof other, 1)); /* GRND_NONBLOCK */
  TRUE(memcmp(random, other, sizeof random) != 0);
  static unsigned char many[100000];
  SHOW(syscall(SYS_getrandom, many, sizeof many, 0));
  int counts[256] = {0}, fair = 1;
  for (size_t i = 0; i < sizeof many; i++)
    counts[many[i]]++;
  for (int i = 0; i < 256; i++)
    fair &= counts[i] > 200 && counts[i] < 600;
  TRUE(fair);
  SHOW(syscall(SYS_getrandom, random, 0, 0));

  int word = 5;
  struct timespec soon = {0, 1000000};
  SHOW(syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0));
  SHOW(syscall(SYS_futex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 100, NULL, NULL, 0));
  SHOW(syscall(SYS_futex, &word, FUTEX_WAIT, 4, NULL, NULL, 0));
  SHOW(syscall(SYS_futex, &word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 5, &soon, NULL, 0));

  unsigned long base = 0;
  SHOW(syscall(SYS_arch_prctl, ARCH_GET_FS, &base));
  TRUE(base != 0 && *(unsigned long*)base == base);
  SHOW(syscall(SYS_arch_prctl, ARCH_GET_GS, &base));
  static unsigned long local = 42;
  SHOW(syscall(SYS_arch_prctl, ARCH_SET_GS, &local));
  unsigned long read = 0;
  __asm__ volatile("mov %%gs:0, %0" : "=r"(read));
  printf("%lu\n", read);

  SHOW(syscall(SYS_rseq, 1, 0, 0, 0));
  SHOW(syscall(SYS_sched_yield));
  unsigned long mask[16] = {0};
  TRUE(syscall(SYS_sched_getaffinity, 0, sizeof mask, mask) > 0 && mask[0] != 0);
  fflush(stdout);
  syscall(SYS_exit_group, 300); /* only the low byte is seen */
}
