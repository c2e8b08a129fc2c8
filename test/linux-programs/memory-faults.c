/* Pages that were revoked fault, and a handler sees where; those that were given back work again. */
#include "show.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

enum { PAGE = 4096 };
static sigjmp_buf back;
static volatile uintptr_t seen_at;
static volatile int seen_code;

static void caught(int number, siginfo_t* info, void* context) {
  (void)context;
  seen_at = (uintptr_t)info->si_addr;
  seen_code = info->si_code;
  siglongjmp(back, number);
}

enum access { READ, WRITE, EXECUTE };

static void attempt(const char* what, volatile unsigned char* at, enum access how) {
  int number = sigsetjmp(back, 1);
  if (number != 0) {
    printf("%s: signal %d code %d, %s\n", what, number, seen_code,
           seen_at == (uintptr_t)at ? "there" : "elsewhere");
    return;
  }
  unsigned char value = 0;
  if (how == READ) value = *at;
  if (how == WRITE) *at = 77;
  if (how == EXECUTE) ((void (*)(void))(uintptr_t)at)();
  printf("%s: went well, %d\n", what, value);
}

static unsigned char* pages(int count, int rights) {
  return mmap(NULL, (size_t)count * PAGE, rights, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int main(void) {
  struct sigaction action = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO};
  SHOW(sigaction(SIGSEGV, &action, NULL));
  unsigned char* a = pages(8, PROT_READ | PROT_WRITE);
  memset(a, 1, 8 * PAGE);
  attempt("mapped", a + PAGE, READ);
  munmap(a + PAGE, PAGE);
  attempt("unmapped", a + PAGE + 5, READ);
  attempt("unmapped, written", a + PAGE + 6, WRITE);
  attempt("its neighbour", a + 2 * PAGE, WRITE);
  mprotect(a + 2 * PAGE, PAGE, PROT_READ);
  attempt("read-only, read", a + 2 * PAGE, READ);
  attempt("read-only, written", a + 2 * PAGE, WRITE);
  mprotect(a + 2 * PAGE, PAGE, PROT_READ | PROT_WRITE);
  attempt("writable again", a + 2 * PAGE, WRITE);
  mprotect(a + 3 * PAGE, PAGE, PROT_NONE);
  attempt("no rights", a + 3 * PAGE + 9, READ);
  mprotect(a + 3 * PAGE, PAGE, PROT_READ);
  attempt("readable again", a + 3 * PAGE + 9, READ);
  mmap(a + PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  attempt("mapped again", a + PAGE + 5, READ);
  mremap(a, 8 * PAGE, 5 * PAGE, 0);
  attempt("cut off by mremap", a + 6 * PAGE, READ);
  unsigned char* none = pages(2, PROT_NONE);
  attempt("reserved", none, READ);
  mprotect(none, PAGE, PROT_READ | PROT_WRITE);
  attempt("reserved, then given", none, WRITE);
  attempt("reserved, the next", none + PAGE, WRITE);
  unsigned char* moved = pages(2, PROT_READ | PROT_WRITE);
  moved[0] = 9;
  unsigned char* to = mremap(moved, 2 * PAGE, 64 * PAGE, MREMAP_MAYMOVE);
  attempt("where it was moved", to, READ);
  if (to != moved)
    attempt("where it was", moved, READ);
  else
    printf("where it was: signal 11 code 1, there\n");
  unsigned char* code = pages(1, PROT_READ | PROT_WRITE);
  code[0] = 0xc3; /* ret */
  attempt("data, executed", code, EXECUTE);
  attempt("nothing", NULL, READ);
  attempt("low", (unsigned char*)100, WRITE);
  unsigned char* heap = (unsigned char*)syscall(SYS_brk, 0);
  heap += -(uintptr_t)heap & (PAGE - 1);
  syscall(SYS_brk, heap + PAGE);
  attempt("heap", heap, WRITE);
  attempt("beyond the heap", heap + 16 * PAGE, READ);
  syscall(SYS_brk, heap);
  attempt("heap given back", heap, READ);
  puts("end");
}
