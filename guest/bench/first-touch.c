/* first-touch.elf: a Linux program without a C library. Once it has read its input it writes a byte to each
 * page of 8 MiB, a hundred times, in the order its argument says: `up`, `down` or `scattered`. Answers the
 * nanoseconds that took, as its clock has them, and how many of the last bytes are wrong. */
#include <stddef.h>
#include <stdint.h>

enum { PAGE = 4096, PAGES = 2048, TIMES = 100, SCATTER = 1021 };
enum { SYS_READ = 0, SYS_WRITE = 1, SYS_EXIT = 60, SYS_CLOCK_GETTIME = 228, CLOCK_MONOTONIC = 1 };

static volatile uint8_t memory[PAGES][PAGE] __attribute__((aligned(PAGE)));

static long call(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}

static uint64_t now(void) {
  struct {
    int64_t seconds, nanoseconds;
  } time = {0, 0};
  call(SYS_CLOCK_GETTIME, CLOCK_MONOTONIC, (long)&time, 0);
  return (uint64_t)time.seconds * 1000000000 + (uint64_t)time.nanoseconds;
}

static void write_all(char order) {
  for (size_t i = 0; i < PAGES; i++) {
    const size_t page = order == 'u' ? i : order == 'd' ? PAGES - 1 - i : i * SCATTER % PAGES;
    memory[page][0]++;
  }
}

static void say(uint64_t number, char end) {
  char text[24];
  char* first = text + sizeof text;
  *--first = end;
  do
    *--first = (char)('0' + number % 10);
  while (number /= 10);
  call(SYS_WRITE, 1, (long)first, text + sizeof text - first);
}

__attribute__((noreturn, used)) static void begin(const uintptr_t* stack) {
  const char order = stack[0] > 1 ? *(const char*)stack[2] : 'u';
  char input[16];
  call(SYS_READ, 0, (long)input, sizeof input);
  const uint64_t start = now();
  for (int i = 0; i < TIMES; i++)
    write_all(order);
  const uint64_t end = now();
  uint64_t wrong = 0;
  for (size_t page = 0; page < PAGES; page++)
    wrong += memory[page][0] != TIMES;
  say(end - start, ' ');
  say(wrong, '\n');
  call(SYS_EXIT, 0, 0, 0);
  __builtin_unreachable();
}

__asm__(".globl _start\n_start: mov %rsp, %rdi\n xor %ebp, %ebp\n and $-16, %rsp\n call begin\n");
