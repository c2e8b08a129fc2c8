/* What the parts of linux.elf share: a Linux program without a C library, so that it needs a compiler and
 * nothing else. */
#ifndef CONFORMANCE_LINUX_H
#define CONFORMANCE_LINUX_H

#include <stddef.h>
#include <stdint.h>

/* libsnapvm.a has these; it is linked for nothing else. */
void* memset(void* to, int value, size_t length);
void* memcpy(void* restrict to, const void* restrict from, size_t length);
int memcmp(const void* a, const void* b, size_t length);
int strcmp(const char* a, const char* b);
size_t strlen(const char* text);

enum {
  SYS_READ = 0,
  SYS_WRITE = 1,
  SYS_OPEN = 2,
  SYS_CLOSE = 3,
  SYS_LSEEK = 8,
  SYS_MMAP = 9,
  SYS_MPROTECT = 10,
  SYS_MUNMAP = 11,
  SYS_BRK = 12,
  SYS_SIGACTION = 13,
  SYS_SIGPROCMASK = 14,
  SYS_PIPE = 22,
  SYS_MREMAP = 25,
  SYS_MADVISE = 28,
  SYS_PAUSE = 34,
  SYS_NANOSLEEP = 35,
  SYS_GETPID = 39,
  SYS_EXIT = 60,
  SYS_KILL = 62,
  SYS_FTRUNCATE = 77,
  SYS_CHDIR = 80,
  SYS_UNLINK = 87,
  SYS_SYSINFO = 99,
  SYS_TIMES = 100,
  SYS_SIGALTSTACK = 131,
  SYS_ARCH_PRCTL = 158,
  SYS_CLOCK_GETTIME = 228,
  SYS_CLOCK_NANOSLEEP = 230,
  SYS_EXIT_GROUP = 231,
  SYS_PIPE2 = 293,
  SYS_GETRANDOM = 318,
};

#define PAGE ((size_t)4096)
enum { PROT_NONE = 0, PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4 };
enum { MAP_PRIVATE = 2, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20 };
enum { SIGILL = 4, SIGTRAP = 5, SIGFPE = 8, SIGUSR1 = 10, SIGSEGV = 11 };

long sys(long number, ...);
long sys6(long number, long a, long b, long c, long d, long e, long f);

/* To standard output, formatted as snapvm_format() does. */
__attribute__((format(printf, 1, 2))) void say(const char* format, ...);
_Noreturn void leave(int code);

/* One sub-test: what the first argument names. */
struct start {
  int argc;
  char** argv;
  char** env;
  const uint64_t* auxiliary;
};
typedef void (*part)(const struct start* start);

struct entry {
  const char* name;
  part run;
};
extern const struct entry memory_parts[], page_parts[], signal_parts[], process_parts[];

/* Anonymous, private memory; ends the program if there is none. */
uint8_t* map(size_t bytes, int rights);

/* What happened to an access, by the handler that `watch_faults` installs: 0 if it came back. */
struct seen {
  int signal, code;
  uint64_t address, trap, error, cr2, rip;
  unsigned count;
};
extern volatile struct seen seen;

/* Has SIGSEGV, SIGILL, SIGFPE and SIGTRAP noted in `seen`, and the program go on behind what `attempt` tried.
 */
void watch_faults(void);
/* Makes an access that may fault. */
enum access { READ_BYTE, WRITE_BYTE, EXECUTE_BYTE };
void attempt(enum access access, const volatile void* address);

uint64_t decimal(const char* text);
#endif
