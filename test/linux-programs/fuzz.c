/*
 * Every system call number from 0 to 600 with arguments nobody sane would pass, from a seed. Only for guests:
 * on a machine this would be harmful, so it wants IN_A_GUEST=1 in its environment.
 *
 *   fuzz SEED ROUNDS gentle   leaves out what ends or blocks the program, and must reach its last line
 *   fuzz SEED ROUNDS wild     leaves out nothing
 *
 * With one more argument it says after every call what all calls so far answered and wrote, as a hash of 16
 * digits a line. Then it leaves out what is meant to differ from run to run: random bytes, and what its stack
 * has of them.
 */
#include "show.h"
#include <signal.h>
#include <sys/mman.h>

enum { PAGE = 4096, LAST_CALL = 600 };
static uint64_t state;
/* Its last page is the last of its mapping: what goes past it must not reach the program's own variables. */
enum { SCRATCH = 4 * PAGE };
static char* scratch;
static int gentle, recording;
static uint64_t transcript = 0xcbf29ce484222325;
static const char* const paths[] = {"/data/input", "/tmp/x", "/tmp/y/z",  "/",
                                    "..",          "",       "/dev/zero", "/proc/self/exe"};

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

/* Calls that end or block the program, or take away what it stands on. */
static int harmful(long number) {
  static const short numbers[] = {SYS_mmap,
                                  SYS_mprotect,
                                  SYS_munmap,
                                  SYS_brk,
                                  SYS_mremap,
                                  SYS_madvise,
                                  SYS_rt_sigaction,
                                  SYS_pause,
                                  SYS_nanosleep,
                                  SYS_poll,
                                  SYS_select,
                                  SYS_exit,
                                  SYS_kill,
                                  SYS_exit_group,
                                  SYS_arch_prctl,
                                  SYS_tkill,
                                  SYS_tgkill,
                                  SYS_futex,
                                  SYS_pselect6,
                                  SYS_ppoll,
                                  SYS_close,
                                  SYS_dup2,
                                  SYS_dup3,
                                  SYS_alarm,
                                  SYS_rt_sigreturn,
                                  SYS_setitimer,
                                  SYS_clock_nanosleep,
                                  SYS_epoll_wait,
                                  SYS_epoll_pwait,
                                  SYS_rt_sigsuspend,
                                  SYS_sendfile,
                                  SYS_rt_sigtimedwait,
                                  SYS_read,
                                  SYS_write,
                                  SYS_readv,
                                  SYS_writev,
                                  SYS_rt_sigqueueinfo,
                                  SYS_rt_tgsigqueueinfo,
                                  SYS_fcntl,
                                  SYS_sigaltstack,
                                  SYS_copy_file_range,
                                  SYS_splice,
                                  436 /* close_range */,
                                  441 /* epoll_pwait2 */};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    if (numbers[i] == number) return 1;
  return 0;
}

static uint64_t argument(void) {
  switch (next() % 20) {
  case 0:
    return 0;
  case 1:
    return next() % 16;
  case 2:
    return next() % 5000;
  case 3:
    return -1UL;
  case 4:
    return -(next() % 5000);
  case 5:
    return 1UL << 63;
  case 6:
    return 1UL << (next() % 64);
  case 7:
    return (uint64_t)scratch + next() % SCRATCH;
  case 8:
    return (uint64_t)scratch + SCRATCH - next() % 64; /* runs off its mapping */
  case 9:
    return 0xffffffff80000000 + next() % (16 * PAGE);
  case 10:
    return 0xffffffffffffe000 + next() % (2 * PAGE);
  case 11:
    return 0xffff800000000000 - PAGE + next() % (2 * PAGE); /* not canonical, or about to be */
  case 12:
    return 0x7fffffffe000 + next() % (4 * PAGE);
  case 13:
    return (uint64_t)&argument;
  case 14:
    return gentle || recording ? 1UL << 46 : (uint64_t)__builtin_frame_address(0) - 512 + next() % 256;
  case 15:
    return 0x580100000000 + next() % (4 * PAGE); /* where the input of other guests is */
  case 16:
    return 0x580200000000 + next() % (4 * PAGE);
  case 17:
    return (uint64_t)paths[next() % (sizeof paths / sizeof *paths)];
  case 18:
    return (uint64_t)(int)-100; /* AT_FDCWD */
  default:
    return next();
  }
}

static long raw(long number, const uint64_t* a) {
  register uint64_t r10 __asm__("r10") = a[3];
  register uint64_t r8 __asm__("r8") = a[4];
  register uint64_t r9 __asm__("r9") = a[5];
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

static void mix(uint64_t word) {
  transcript = (transcript ^ word) * 0x100000001b3;
  transcript ^= transcript >> 29;
}

/* Without stdio, which the calls before may have broken. */
static void record(long number, long result) {
  char line[17];
  mix((uint64_t)number);
  mix((uint64_t)result);
  for (size_t i = 0; i < SCRATCH; i += sizeof(uint64_t)) {
    uint64_t word;
    memcpy(&word, scratch + i, sizeof word);
    mix(word);
  }
  for (int i = 0; i < 16; i++)
    line[i] = "0123456789abcdef"[transcript >> (60 - 4 * i) & 15];
  line[16] = '\n';
  uint64_t arguments[6] = {1, (uint64_t)line, sizeof line};
  raw(SYS_write, arguments);
}

int main(int argc, char** argv) {
  if (argc < 4 || getenv("IN_A_GUEST") == NULL) {
    fputs("not here\n", stderr);
    return 2;
  }
  state = strtoull(argv[1], NULL, 0) * 0x9e3779b97f4a7c15 + 1;
  long rounds = atol(argv[2]), failed = 0, made = 0;
  gentle = strcmp(argv[3], "gentle") == 0;
  recording = argc > 4;
  scratch = mmap(NULL, 2 * SCRATCH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(scratch + SCRATCH, SCRATCH);
  for (long round = 0; round < rounds; round++) {
    long number = (long)(next() % (LAST_CALL + 1));
    uint64_t arguments[6];
    for (int i = 0; i < 6; i++)
      arguments[i] = argument();
    for (int i = 0; i < 8; i++) { /* structures full of pointers and lengths */
      uint64_t word = argument();
      memcpy(scratch + next() % (SCRATCH - 8), &word, 8);
    }
    if (gentle && harmful(number)) continue;
    if (recording && number == SYS_getrandom) continue;
    long result = raw(number, arguments);
    made++;
    if (recording) record(number, result);
    if (result < 0 && result >= -4095) failed++;
    if (gentle && (result < -4095 && result > -(1L << 20))) return 3; /* neither a value nor an errno */
  }
  TRUE(failed <= made);
  printf("%s\n", gentle ? "the end" : "survived");
  return 0;
}
