/*
 * "act" writes a register that ring 3 can write, and leaves in the next instruction. What comes next for the
 * host is to put it back, and nothing that a guest leaves in a register may make that fail.
 *
 * The input is {u64 act, u64 value, u64 end}: an index into `acts`, what to write, an END_…. An act that the
 * processor refuses ends as its fault. "ok" answers "ok".
 */
#include "../sdk/abi.h"

enum { END_DONE, END_FAULT, END_LOOP, END_SYSCALL, END_TOUCH, END_PRINT, END_HOST_CALL, ENDS };

void end_done(void), end_fault(void), end_loop(void), end_syscall(void), end_touch(void);
void end_print(void), end_host_call(void);
/* None but END_TOUCH touches memory or changes a flag; each is the same code in 32 bits. After the last two
 * the guest goes on with its registers, to a fault. */
__asm__(".text\n"
        "end_done: outb %al, $108\n ud2\n"
        "end_fault: ud2\n"
        "end_loop: jmp end_loop\n"
        "end_syscall: syscall\n ud2\n"
        "end_touch: movl touched(%rip), %eax\n jmp end_done\n"
        "end_print: outb %al, $103\n ud2\n"
        "end_host_call: outb %al, $101\n ud2\n");
uint32_t touched = 1;

/* rdi: the value, rsi: where to leave. */
typedef void act(uint64_t value, void (*end)(void));
#define ACT(name, ...)                                                                                       \
  __attribute__((naked, noinline)) static void name(uint64_t value __attribute__((unused)),                  \
                                                    void (*end)(void) __attribute__((unused))) {             \
    __asm__(__VA_ARGS__ "\n jmp *%rsi");                                                                     \
  }

ACT(pkru, "movl %edi, %eax\n xorl %ecx, %ecx\n xorl %edx, %edx\n wrpkru")
ACT(ds, "movl %edi, %ds")
ACT(es, "movl %edi, %es")
ACT(fs, "movl %edi, %fs")
ACT(gs, "movl %edi, %gs")
ACT(ss, "movl %edi, %ss")
ACT(fs_base, "wrfsbase %rdi")
ACT(gs_base, "wrgsbase %rdi")
ACT(flags, "pushq %rdi\n popfq")
ACT(mxcsr, "pushq %rdi\n ldmxcsr (%rsp)")
ACT(x87_control, "fninit\n pushq %rdi\n fldcw (%rsp)")
/* An exception that waits for the next x87 instruction: 1 / 0, unmasked. */
ACT(x87_pending, "fninit\n pushq $0x340\n fldcw (%rsp)\n fld1\n fldz\n fdivrp %st, %st(1)")
ACT(mmx, "movq %rdi, %mm0")
ACT(rsp, "movq %rdi, %rsp")
ACT(transaction, "xbegin 1f\n1:")
/* Code of 32 bits, where the system has a segment for it. */
ACT(code_32, "leaq 1f(%rip), %rax\n pushq $0x23\n pushq %rax\n lretq\n1: nop")

_Alignas(64) static const uint8_t tiles[64] = {1, [16] = 64, [48] = 16};
_Alignas(64) static uint8_t area[4096];
static void amx_tiles(uint64_t value, void (*end)(void)) {
  (void)value;
  __asm__ volatile("ldtilecfg %0\n jmp *%1" : : "m"(tiles), "S"(end));
  __builtin_unreachable();
}
/* The value is XSTATE_BV: all components it names are filled with ones. PKRU among them shuts all memory. */
static void xrstor(uint64_t value, void (*end)(void)) {
  enum { LEGACY = 512, HEADER = 64, MXCSR = 24, MXCSR_BITS = 28 };
  memset(area, 0, LEGACY + HEADER);
  memset(area + LEGACY + HEADER, 0xff, sizeof area - LEGACY - HEADER);
  const uint32_t mxcsr = 0x1f80;
  memcpy(area + MXCSR, &mxcsr, sizeof mxcsr);
  memcpy(area + LEGACY, &value, sizeof value);
  __asm__ volatile("xrstor %0\n jmp *%1" : : "m"(area), "S"(end), "a"(-1), "d"(-1));
  __builtin_unreachable();
}

static act* const acts[] = {pkru,    ds,      es,          fs,      gs,          ss,
                            fs_base, gs_base, flags,       mxcsr,   x87_control, x87_pending,
                            mmx,     rsp,     transaction, code_32, amx_tiles,   xrstor};
static void (*const ends[ENDS])(void) = {end_done,  end_fault, end_loop,     end_syscall,
                                         end_touch, end_print, end_host_call};

static int run(const uint8_t* input, size_t length) {
  uint64_t arguments[3];
  if (length != sizeof arguments) return 1;
  memcpy(arguments, input, sizeof arguments);
  if (arguments[0] >= sizeof acts / sizeof *acts || arguments[2] >= ENDS) return 1;
  /* What it says is written before the register is. */
  struct output* output = snapvm_state.peb->output;
  const int calls = arguments[2] == END_HOST_CALL;
  output->abi = ABI_VERSION;
  output->kind = calls ? KIND_HOST_CALL : KIND_RESULT;
  output->name_length = calls ? 1 : 0;
  output->length = 0;
  output->payload[0] = 'f';
  acts[arguments[0]](arguments[1], ends[arguments[2]]);
  return 1;
}

static int ok(const uint8_t* input, size_t length) {
  (void)input, (void)length;
  return snapvm_write("ok", 2);
}

int main(void) {
  static const snapvm_handler table[] = {{"act", run}, {"ok", ok}};
  snapvm_serve(table, sizeof table / sizeof *table);
}
