/* Signals: what a handler is told, what it may change, and that the program goes on with all its registers.
 */
#include "linux.h"
#include "registers.h"

#define PART(name) static void name(const struct start* start __attribute__((unused)))

/* As arch/x86/include/uapi/asm/sigcontext.h and ucontext.h have them. */
struct machine_context {
  uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
  uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, flags;
  uint16_t cs, gs, fs, ss;
  uint64_t error, trap, old_mask, cr2;
  uint64_t vectors;
  uint64_t reserved[8];
};
struct user_context {
  uint64_t flags, link;
  uint64_t stack;
  uint32_t stack_flags, pad;
  uint64_t stack_bytes;
  struct machine_context machine;
  uint64_t mask;
};
struct signal_info {
  int32_t number, error, code, pad;
  uint64_t address;
};

enum { SA_SIGINFO = 4, SA_RESTORER = 0x04000000, SA_ONSTACK = 0x08000000 };
struct action {
  void (*handler)(int, struct signal_info*, struct user_context*);
  uint64_t flags;
  void (*restorer)(void);
  uint64_t mask;
};
typedef void (*handler)(int, struct signal_info*, struct user_context*);

void restorer(void);
void attempt_end(void);
volatile struct seen seen;

static void on_signal(int number, handler handle, uint64_t flags) {
  const struct action action = {handle, flags | SA_SIGINFO | SA_RESTORER, restorer, 0};
  if (sys(SYS_SIGACTION, number, &action, NULL, 8) != 0) leave(114);
}

static void note(int number, const struct signal_info* info, const struct user_context* context) {
  seen.signal = number;
  seen.code = info->code;
  seen.address = info->address;
  seen.trap = context->machine.trap;
  seen.error = context->machine.error;
  seen.cr2 = context->machine.cr2;
  seen.rip = context->machine.rip;
  seen.count++;
}

static void give_up_attempt(int number, struct signal_info* info, struct user_context* context) {
  note(number, info, context);
  context->machine.rip = (uintptr_t)attempt_end;
}

void watch_faults(void) {
  static const int signals[] = {SIGSEGV, SIGILL, SIGFPE, SIGTRAP};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    on_signal(signals[i], give_up_attempt, 0);
}

/* Overwrites what a program must find again, and goes on behind an instruction of two bytes. */
static void step_over(int number, struct signal_info* info, struct user_context* context) {
  note(number, info, context);
  __asm__ volatile("xorps %%xmm0, %%xmm0; xorps %%xmm7, %%xmm7; xorps %%xmm15, %%xmm15; fninit; fldz"
                   :
                   :
                   : "xmm0", "xmm7", "xmm15", "memory");
  context->machine.rip += 2;
}

/* The instructions are two bytes long each, behind labels that tell where. */
#define TRIED(name, text)                                                                                    \
  __asm__ volatile(".globl " #name "_at\n" #name "_at: " text : : : "rax", "rcx", "rdx", "memory")
extern const uint8_t divide_at[], undefined_at[], privileged_at[], port_at[];

static void tell(const char* what, const uint8_t* at) {
  say("%s: signal %d code %d trap %u error %x, rip %s, address %s\n", what, seen.signal, seen.code,
      (unsigned)seen.trap, (unsigned)seen.error, seen.rip == (uintptr_t)at ? "right" : "wrong",
      seen.address == 0          ? "0"
      : seen.address == seen.rip ? "rip"
                                 : "other");
}

PART(exceptions_part) {
  static const int signals[] = {SIGSEGV, SIGILL, SIGFPE};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    on_signal(signals[i], step_over, 0);
  __asm__ volatile("xorl %%ecx, %%ecx; movl $1, %%eax; cltd\n.globl divide_at\ndivide_at: idivl %%ecx"
                   :
                   :
                   : "rax", "rcx", "rdx", "cc");
  tell("divide", divide_at);
  TRIED(undefined, "ud2");
  tell("undefined", undefined_at);
  TRIED(privileged, ".byte 0x0f, 0x06"); /* clts */
  tell("privileged", privileged_at);
  TRIED(port, "outb %%al, $0x80");
  tell("port", port_at);
}

static void after_breakpoint(int number, struct signal_info* info, struct user_context* context) {
  note(number, info, context);
}

PART(breakpoint_part) {
  on_signal(SIGTRAP, after_breakpoint, 0);
  __asm__ volatile("int3");
  say("signal %d trap %u, %u time\n", seen.signal, (unsigned)seen.trap, seen.count);
}

PART(registers_part) {
  on_signal(SIGILL, step_over, 0);
  const char* changed = changed_register(leave_by_syscall, 1);
  say("by a system call: %s\n", changed ? changed : "kept");
  changed = changed_register(leave_by_trap, 0);
  say("by a signal: %s, %u handled\n", changed ? changed : "kept", seen.count);
}

/* A handler's changes to the context are taken over. */
static void change_rax(int number, struct signal_info* info, struct user_context* context) {
  note(number, info, context);
  context->machine.rax = 0x1234567890;
  context->machine.rip += 2;
}

PART(change_part) {
  on_signal(SIGILL, change_rax, 0);
  uint64_t rax = 0;
  __asm__ volatile("ud2" : "+a"(rax));
  say("rax %lx\n", (unsigned long)rax);
}

static void leave_overflow(int number, struct signal_info* info, struct user_context* context) {
  note(number, info, context);
  const uint64_t here = (uintptr_t)__builtin_frame_address(0);
  say("signal %d code %d, on the other stack: %d\n", number, info->code,
      here - context->stack < context->stack_bytes);
  leave(5);
}

static int overflow(volatile int depth) {
  volatile uint8_t frame[1024];
  frame[0] = (uint8_t)depth;
  return depth < 0 ? 0 : overflow(depth + 1) + frame[0];
}

PART(overflow_part) {
  struct {
    uint64_t stack;
    int flags;
    uint64_t bytes;
  } other = {(uintptr_t)map(16 * PAGE, PROT_READ | PROT_WRITE), 0, 16 * PAGE};
  sys(SYS_SIGALTSTACK, &other, NULL);
  on_signal(SIGSEGV, leave_overflow, SA_ONSTACK);
  say("%d\n", overflow(1));
}

PART(mask_part) {
  enum { BLOCK = 0, UNBLOCK = 1 };
  const uint64_t set = 1 << (SIGUSR1 - 1);
  on_signal(SIGUSR1, after_breakpoint, 0);
  sys(SYS_SIGPROCMASK, BLOCK, &set, NULL, 8);
  sys(SYS_KILL, sys(SYS_GETPID), SIGUSR1);
  say("blocked: %u\n", seen.count);
  sys(SYS_SIGPROCMASK, UNBLOCK, &set, NULL, 8);
  say("delivered: %u\n", seen.count);
  sys(SYS_KILL, sys(SYS_GETPID), SIGUSR1);
  say("at once: %u\n", seen.count);
}

/* Ends by a signal nobody handles, its number the second argument. */
PART(kill_part) {
  say("before\n");
  sys(SYS_KILL, sys(SYS_GETPID), start->argc > 2 ? decimal(start->argv[2]) : 0);
  say("still here\n");
}

PART(fault_part) {
  say("before\n");
  attempt(WRITE_BYTE, NULL);
}

/* A frame nobody made. */
PART(sigreturn_part) {
  __asm__ volatile("movq %0, %%rsp; movl $15, %%eax; syscall" : : "r"(0x1000ul) : "memory");
}

const struct entry signal_parts[] = {
    {"exceptions", exceptions_part},
    {"breakpoint", breakpoint_part},
    {"registers", registers_part},
    {"change", change_part},
    {"overflow", overflow_part},
    {"mask", mask_part},
    {"kill", kill_part},
    {"fault", fault_part},
    {"sigreturn", sigreturn_part},
    {NULL, NULL},
};
