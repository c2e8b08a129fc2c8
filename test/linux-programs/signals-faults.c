/* Exceptions of the processor as signals: what siginfo says, and going on behind the instruction. */
#include "show.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

static volatile int number_seen, code_seen, skip;
static volatile uintptr_t address_seen, rip_seen;

static void caught(int number, siginfo_t* info, void* context) {
  ucontext_t* state = context;
  number_seen = number;
  code_seen = info->si_code;
  address_seen = (uintptr_t)info->si_addr;
  rip_seen = (uintptr_t)state->uc_mcontext.gregs[REG_RIP];
  state->uc_mcontext.gregs[REG_RIP] += skip;
}

static void report(const char* what) {
  printf("%s: signal %d code %d, address is %s\n", what, number_seen, code_seen,
         address_seen == rip_seen ? "the instruction" : "another");
  number_seen = code_seen = 0;
}

/* Restores everything: each general and vector register is the same behind the fault. */
static void registers(void) {
  uint64_t in[4] = {0x1111, 0x2222, 0x3333, 0x4444}, out[4] = {0};
  uint64_t vector[4] = {0xaaaa, 0xbbbb, 0xcccc, 0xdddd}, vector_out[4] = {0};
  skip = 2;
  __asm__ volatile("movdqu (%[vector]), %%xmm3\n\t"
                   "movdqu 16(%[vector]), %%xmm15\n\t"
                   "mov (%[in]), %%r12\n\t"
                   "mov 8(%[in]), %%r13\n\t"
                   "mov 16(%[in]), %%r14\n\t"
                   "mov 24(%[in]), %%r9\n\t"
                   "stc\n\t"
                   "ud2\n\t"
                   "setc %%al\n\t"
                   "mov %%r12, (%[out])\n\t"
                   "mov %%r13, 8(%[out])\n\t"
                   "mov %%r14, 16(%[out])\n\t"
                   "mov %%r9, 24(%[out])\n\t"
                   "movb %%al, (%[vector])\n\t"
                   "movdqu %%xmm3, (%[vector_out])\n\t"
                   "movdqu %%xmm15, 16(%[vector_out])"
                   :
                   : [in] "r"(in), [out] "r"(out), [vector] "r"(vector), [vector_out] "r"(vector_out)
                   : "rax", "r9", "r12", "r13", "r14", "xmm3", "xmm15", "memory", "cc");
  printf("%lx %lx %lx %lx\n", out[0], out[1], out[2], out[3]);
  printf("%lx %lx %lx %lx\n", vector_out[0], vector_out[1], vector_out[2], vector_out[3]);
  printf("carry %d\n", (int)(vector[0] & 0xff));
}

static void on_stack(int number) {
  (void)number;
  stack_t current;
  volatile int here = 0;
  sigaltstack(NULL, &current);
  TRUE((uintptr_t)&here >= (uintptr_t)current.ss_sp &&
       (uintptr_t)&here < (uintptr_t)current.ss_sp + current.ss_size);
  TRUE((current.ss_flags & SS_ONSTACK) != 0);
}

static void uses_vectors(int number, siginfo_t* info, void* context) {
  __asm__ volatile("pxor %%xmm3, %%xmm3\n\tpxor %%xmm15, %%xmm15" ::: "xmm3", "xmm15");
  caught(number, info, context);
}

static sigjmp_buf back;
static void overflowed(int number) {
  siglongjmp(back, number);
}

static int deeper(int depth) {
  volatile char block[4096];
  block[0] = (char)depth;
  return depth < 0 ? 0 : deeper(depth + 1) + block[0];
}

int main(void) {
  struct sigaction action = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO};
  sigemptyset(&action.sa_mask);
  int numbers[] = {SIGSEGV, SIGILL, SIGFPE, SIGTRAP, SIGBUS};
  for (int i = 0; i < 5; i++)
    sigaction(numbers[i], &action, NULL);

  skip = 2;
  __asm__ volatile("ud2");
  report("invalid opcode");
  __asm__ volatile("xor %%edx, %%edx\n\tmov $1, %%eax\n\txor %%ecx, %%ecx\n\tidiv %%ecx" ::
                       : "rax", "rcx", "rdx", "cc");
  report("division by zero");
  skip = 1;
  __asm__ volatile("hlt");
  report("privileged instruction");
  skip = 0;
  __asm__ volatile("int3");
  report("breakpoint");
  skip = 3;
  __asm__ volatile("movabs $0x8000000000000000, %%rax\n\tmov (%%rax), %%rcx" ::: "rax", "rcx");
  printf("not canonical: signal %d code %d address %lx\n", number_seen, code_seen,
         (unsigned long)address_seen);
  __asm__ volatile("movabs $0xffffffff80000000, %%rax\n\tmov (%%rax), %%rcx" ::: "rax", "rcx");
  printf("the kernel's half: signal %d address %lx\n", number_seen, (unsigned long)address_seen);

  action.sa_sigaction = uses_vectors;
  sigaction(SIGILL, &action, NULL);
  registers();

  static char stack[65536];
  stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack}, old;
  SHOW(sigaltstack(&alternative, NULL));
  SHOW(sigaltstack(NULL, &old));
  TRUE(old.ss_sp == (void*)stack && old.ss_size == sizeof stack && old.ss_flags == 0);
  alternative.ss_size = 100;
  SHOW(sigaltstack(&alternative, NULL));
  struct sigaction other = {.sa_handler = on_stack, .sa_flags = SA_ONSTACK};
  sigaction(SIGUSR1, &other, NULL);
  raise(SIGUSR1);
  sigaltstack(NULL, &old);
  printf("flags %d\n", old.ss_flags);

  /* A stack that has overflowed has no room for a frame: only the other one has. */
  struct sigaction overflow = {.sa_handler = overflowed, .sa_flags = SA_ONSTACK | SA_NODEFER};
  sigaction(SIGSEGV, &overflow, NULL);
  int number = sigsetjmp(back, 1);
  if (number == 0) printf("%d\n", deeper(0));
  printf("stack overflow: signal %d\n", number);
}
