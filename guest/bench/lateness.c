/* lateness.elf: a Linux program without a C library, of long system calls without end. Its argument says
 * which: `getrandom`, `read`, `write`, `truncate`, `map` or `sendfile`. It wants 512 MiB of heap. */
#include <stdint.h>

enum { MIB = 1 << 20, MOST = 448 * MIB, PART = 128 * MIB };
enum { O_RDONLY = 0, O_RDWR = 2, O_CREAT = 0100, READ_WRITE = 3, PRIVATE_ANONYMOUS = 0x22 };
enum { SYS_OPEN = 2, SYS_LSEEK = 8, SYS_MMAP = 9, SYS_MUNMAP = 11, SYS_PREAD = 17, SYS_PWRITE = 18 };
enum { SYS_SENDFILE = 40, SYS_EXIT = 60, SYS_FTRUNCATE = 77, SYS_GETRANDOM = 318 };

static long call(long number, long a, long b, long c, long d) {
  register long fourth __asm__("r10") = d;
  register long fifth __asm__("r8") = -1;
  register long sixth __asm__("r9") = 0;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth), "r"(sixth)
                   : "rcx", "r11", "memory");
  return result;
}

static long map(long bytes) {
  return call(SYS_MMAP, 0, bytes, READ_WRITE, PRIVATE_ANONYMOUS);
}

static long file(const char* path, long bytes) {
  const long fd = call(SYS_OPEN, (long)path, O_RDWR | O_CREAT, 0600, 0);
  call(SYS_FTRUNCATE, fd, bytes, 0, 0);
  return fd;
}

/* Negative when it was refused. */
static long once(char what, long memory, long from, long to) {
  switch (what) {
  case 'g':
    return call(SYS_GETRANDOM, memory, PART, 0, 0);
  case 'r':
    return call(SYS_PREAD, from, memory, PART, 0);
  case 'w':
    return call(SYS_FTRUNCATE, to, 0, 0, 0) | call(SYS_PWRITE, to, memory, PART, 0);
  case 't':
    return call(SYS_FTRUNCATE, to, MOST - PART, 0, 0) | call(SYS_FTRUNCATE, to, 0, 0, 0);
  case 'm': {
    const long at = map(MOST - PART);
    return at < 0 ? at : call(SYS_MUNMAP, at, MOST - PART, 0, 0);
  }
  default:
    call(SYS_LSEEK, to, 0, 0, 0);
    return call(SYS_LSEEK, from, 0, 0, 0) | call(SYS_SENDFILE, to, from, 0, PART);
  }
}

__attribute__((noreturn, used)) static void begin(const uintptr_t* stack) {
  const char what = stack[0] > 1 ? *(const char*)stack[2] : 0;
  const long memory = map(PART), from = file("/tmp/from", PART), to = file("/tmp/to", 0);
  while (once(what, memory, from, to) >= 0)
    continue;
  call(SYS_EXIT, 1, 0, 0, 0);
  __builtin_unreachable();
}

__asm__(".globl _start\n_start: mov %rsp, %rdi\n xor %ebp, %ebp\n and $-16, %rsp\n call begin\n");
