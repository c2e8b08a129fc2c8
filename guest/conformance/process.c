/* Arguments, streams, files, clocks, thread-local storage, and ways to end or not to end. */
#include "linux.h"
#include "registers.h"

#define PART(name) static void name(const struct start* start __attribute__((unused)))

enum { O_RDONLY = 0, O_RDWR = 2, O_CREAT = 0100 };
struct timespec {
  int64_t seconds, nanoseconds;
};

PART(hello_part) {
  say("to standard output\n");
  sys(SYS_WRITE, 2, "to standard error\n", 18);
  leave((int)(start->argc > 2 ? decimal(start->argv[2]) : 0));
}

PART(start_part) {
  for (int i = 0; i < start->argc; i++)
    say("argument [%s]\n", start->argv[i]);
  for (char** variable = start->env; *variable; variable++)
    say("variable [%s]\n", *variable);
}

PART(auxiliary_part) {
  enum { AT_PHDR = 3, AT_PAGESZ = 6, AT_ENTRY = 9, AT_RANDOM = 25 };
  void _start(void);
  uint64_t found[32] = {0};
  for (const uint64_t* pair = start->auxiliary; pair[0] != 0; pair += 2) {
    if (pair[0] < 32) found[pair[0]] = pair[1];
  }
  say("page %u, entry %s, headers %s, random %s, stack %s\n", (unsigned)found[AT_PAGESZ],
      found[AT_ENTRY] == (uintptr_t)_start ? "right" : "wrong",
      found[AT_PHDR] != 0 && memcmp((const void*)(found[AT_PHDR] & ~0xfffull), "\177ELF", 4) == 0 ? "right"
                                                                                                  : "wrong",
      found[AT_RANDOM] != 0 ? "given" : "missing",
      (uintptr_t)(start->argv - 1) % 16 == 0 ? "aligned" : "not aligned");
}

/* Standard input to standard output. */
PART(cat_part) {
  static uint8_t buffer[5000];
  for (;;) {
    const long got = sys(SYS_READ, 0, buffer, sizeof buffer);
    if (got <= 0) return;
    for (long at = 0; at < got;) {
      const long written = sys(SYS_WRITE, 1, buffer + at, got - at);
      if (written <= 0) leave(111);
      at += written;
    }
  }
}

/* Standard input is read only after registers have been filled and memory written: where it is frozen if it
 * is warm. */
PART(warm_part) {
  static int runs;
  uint8_t* const memory = map(4 * PAGE, PROT_READ | PROT_WRITE);
  memset(memory, 7, 4 * PAGE);
  sys(SYS_ARCH_PRCTL, 0x1002 /* SET_FS */, memory);
  say("started %d\n", ++runs);
  char input[32];
  register uint64_t kept __asm__("r12") = 0x1234;
  uint64_t vector[2] = {0x1111, 0x2222};
  long got;
  __asm__ volatile("movups %[vector], %%xmm9\n"
                   "xorps %%xmm8, %%xmm8\n"
                   "syscall\n"
                   "movups %%xmm9, %[vector]"
                   : "=a"(got), [vector] "+m"(vector), "+r"(kept)
                   : "0"((long)SYS_READ), "D"(0l), "S"(input), "d"(sizeof input - 1)
                   : "rcx", "r11", "xmm8", "xmm9", "memory");
  input[got > 0 ? got : 0] = 0;
  uint64_t first_word;
  __asm__ volatile("movq %%fs:0, %0" : "=r"(first_word));
  say("got [%s], register %lx, vector %lx %lx, FS %lx, memory %d\n", input, (unsigned long)kept,
      (unsigned long)vector[0], (unsigned long)vector[1], (unsigned long)first_word, memory[PAGE]);
}

PART(unknown_part) {
  say("999: %ld\n", sys(999));
  say("fork: %ld\n", sys(57));
}

PART(bases_part) {
  enum { SET_GS = 0x1001, SET_FS = 0x1002, GET_FS = 0x1003, GET_GS = 0x1004 };
  static uint64_t fs_block[2] = {0xf5, 0}, gs_block[2] = {0x65, 0};
  uint64_t fs = 0, gs = 0, in_fs, in_gs;
  say("set: %ld %ld\n", sys(SYS_ARCH_PRCTL, SET_FS, fs_block), sys(SYS_ARCH_PRCTL, SET_GS, gs_block));
  sys(SYS_ARCH_PRCTL, GET_FS, &fs);
  sys(SYS_ARCH_PRCTL, GET_GS, &gs);
  say("get: %d %d\n", fs == (uintptr_t)fs_block, gs == (uintptr_t)gs_block);
  __asm__ volatile("movq %%fs:0, %0; movq %%gs:0, %1" : "=r"(in_fs), "=r"(in_gs));
  say("memory: %lx %lx\n", (unsigned long)in_fs, (unsigned long)in_gs);
  say("non-canonical: %ld\n", sys(SYS_ARCH_PRCTL, SET_FS, 0x8000000000000000u));
}

PART(clock_part) {
  enum { REALTIME = 0, MONOTONIC = 1 };
  struct timespec now = {0, 0}, before, after;
  sys(SYS_CLOCK_GETTIME, REALTIME, &now);
  sys(SYS_CLOCK_GETTIME, MONOTONIC, &before);
  const struct timespec pause = {0, 2000000};
  say("slept: %ld\n", sys(SYS_NANOSLEEP, &pause, NULL));
  sys(SYS_CLOCK_GETTIME, MONOTONIC, &after);
  const int64_t passed =
      (after.seconds - before.seconds) * 1000000000 + after.nanoseconds - before.nanoseconds;
  say("passed: %d\n", passed >= pause.nanoseconds);
  say("seconds: %ld\n", (long)now.seconds);
}

static int64_t clock_ns(long clock) {
  struct timespec now = {0, 0};
  sys(SYS_CLOCK_GETTIME, clock, &now);
  return now.seconds * 1000000000 + now.nanoseconds;
}

enum { CLOCKS = 8 };
static const char* const clock_names[CLOCKS] = {"monotonic", "raw",    "coarse", "boot",
                                                "process",   "thread", "uptime", "ticks"};

static void read_clocks(int64_t readings[CLOCKS]) {
  static const long numbers[] = {1, 4, 6, 7, 2, 3};
  static int64_t system[14]; /* struct sysinfo, of 112 bytes, begins with the uptime */
  enum { NUMBERED = sizeof numbers / sizeof numbers[0] };
  for (size_t i = 0; i < NUMBERED; i++)
    readings[i] = clock_ns(numbers[i]);
  sys(SYS_SYSINFO, system);
  readings[NUMBERED] = system[0] * 1000000000;
  readings[NUMBERED + 1] = sys(SYS_TIMES, NULL) * 10000000;
}

/* Every clock before and after the first read of standard input, and a sleep until a moment that was chosen
 * before it. */
PART(frozen_clocks_part) {
  enum { MONOTONIC = 1, TIMER_ABSTIME = 1, AHEAD = 20000000 };
  int64_t before[CLOCKS], after[CLOCKS];
  char byte;
  read_clocks(before);
  const int64_t chosen = clock_ns(MONOTONIC), until = chosen + AHEAD;
  sys(SYS_READ, 0, &byte, 1);
  read_clocks(after);
  for (size_t i = 0; i < CLOCKS; i++)
    say("%s %ld %ld\n", clock_names[i], (long)before[i], (long)after[i]);
  const struct timespec moment = {until / 1000000000, until % 1000000000};
  const long slept = sys(SYS_CLOCK_NANOSLEEP, MONOTONIC, TIMER_ABSTIME, &moment, NULL);
  say("sleep %ld %ld %d\n", (long)chosen, slept == 0 ? (long)clock_ns(MONOTONIC) : slept, AHEAD);
}

PART(random_part) {
  uint8_t bytes[16];
  say("%ld ", sys(SYS_GETRANDOM, bytes, sizeof bytes, 0));
  for (size_t i = 0; i < sizeof bytes; i++)
    say("%02x", bytes[i]);
}

PART(files_part) {
  char text[32] = {0};
  const long given = sys(SYS_OPEN, "/data/input", O_RDONLY);
  const long got = sys(SYS_READ, given, text, sizeof text - 1);
  say("given: %ld bytes [%s]\n", got, text);
  say("left by another: %ld\n", sys(SYS_OPEN, "/tmp/made", O_RDONLY));
  const long made = sys(SYS_OPEN, "/tmp/made", O_RDWR | O_CREAT, 0600);
  say("written: %ld\n", sys(SYS_WRITE, made, "0123456789", 10));
  sys(SYS_LSEEK, made, 4, 0);
  text[sys(SYS_READ, made, text, 3)] = 0;
  say("read: [%s]\n", text);
  say("descriptors: %ld %ld\n", given, made);
  sys(SYS_CHDIR, "/tmp");
  sys(SYS_UNLINK, "/data/input");
}

PART(pipe_part) {
  int ends[2] = {-1, -1};
  char text[8] = {0};
  say("made: %ld\n", sys(SYS_PIPE, ends));
  sys(SYS_WRITE, ends[1], "through", 7);
  sys(SYS_CLOSE, ends[1]);
  const long got = sys(SYS_READ, ends[0], text, sizeof text);
  say("got: %ld [%s], then %ld\n", got, text, sys(SYS_READ, ends[0], text, sizeof text));
}

/* How much pipes take until the system has no more, and what it says then. */
PART(pipes_part) {
  enum { O_NONBLOCK = 04000, EAGAIN = 11, MOST_PIPES = 400 };
  static char block[16 * PAGE];
  long total = 0, error = 0;
  for (int i = 0; i < MOST_PIPES && error == 0; i++) {
    int ends[2];
    error = sys(SYS_PIPE2, ends, O_NONBLOCK);
    while (error == 0) {
      const long written = sys(SYS_WRITE, ends[1], block, sizeof block);
      if (written == -EAGAIN) break;
      if (written < 0)
        error = written;
      else
        total += written;
    }
  }
  say("%ld: %ld\n", total, error);
}

/* Long system calls without end: what the second argument names. */
PART(long_part) {
  enum { BYTES = 16 << 20 };
  uint8_t* const memory = map(BYTES, PROT_READ | PROT_WRITE);
  const char what = start->argc > 2 ? start->argv[2][0] : 0;
  const long zeros = sys(SYS_OPEN, "/dev/zero", O_RDONLY);
  const long file = sys(SYS_OPEN, "/tmp/file", O_RDWR | O_CREAT, 0600);
  for (long result = 0; result >= 0;) {
    if (what == 'g') result = sys(SYS_GETRANDOM, memory, BYTES, 0);
    if (what == 'r') result = sys(SYS_READ, zeros, memory, BYTES);
    if (what == 't') result = sys(SYS_FTRUNCATE, file, BYTES) | sys(SYS_FTRUNCATE, file, 0);
  }
}

PART(flood_part) {
  for (;;)
    say("output without end, and without anybody who reads it\n");
}

PART(stuck_part) {
  int ends[2];
  char byte;
  sys(SYS_PIPE, ends);
  say("read: %ld\n", sys(SYS_READ, ends[0], &byte, 1));
}

PART(pause_part) {
  sys(SYS_PAUSE);
}

PART(loop_part) {
  for (;;)
    __asm__ volatile("");
}

PART(calls_part) {
  for (;;)
    sys(SYS_GETPID);
}

PART(sleep_part) {
  const struct timespec hour = {3600, 0};
  sys(SYS_NANOSLEEP, &hour, NULL);
}

/* Writes to a port of the SDK's protocol, which a Linux program has no use for. */
PART(port_part) {
  const uint16_t port = (uint16_t)(start->argc > 2 ? decimal(start->argv[2]) : 0);
  __asm__ volatile("outb %%al, %%dx" : : "a"(0), "d"(port));
}

const struct entry process_parts[] = {
    {"hello", hello_part},
    {"start", start_part},
    {"auxiliary", auxiliary_part},
    {"cat", cat_part},
    {"warm", warm_part},
    {"unknown", unknown_part},
    {"bases", bases_part},
    {"clock", clock_part},
    {"frozen-clocks", frozen_clocks_part},
    {"random", random_part},
    {"files", files_part},
    {"pipe", pipe_part},
    {"pipes", pipes_part},
    {"long", long_part},
    {"flood", flood_part},
    {"stuck", stuck_part},
    {"pause", pause_part},
    {"loop", loop_part},
    {"calls", calls_part},
    {"sleep", sleep_part},
    {"port", port_part},
    {NULL, NULL},
};
