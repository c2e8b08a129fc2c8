/*
 * One function per way to crash: built as crash.elf. None of them comes back, unless a comment says so; if
 * one does, its code is NOT_CAUGHT. "ok" answers "ok": call it after each of the others.
 */
#include <snapvm.h>

enum { NOT_CAUGHT = 99 };
enum { KERNEL_CODE = 0x10 };
#define KERNEL_HIGH_BASE 0xffffffff80000000u
#define USER_STUB (KERNEL_HIGH_BASE + 0x2000)
#define NON_CANONICAL 0x8000000000000000u
#define PEB 0x580000000000u

#define CRASH(name)                                                                                          \
  static int name(const uint8_t* input __attribute__((unused)), size_t length __attribute__((unused)))
/* A crash that is one piece of assembly. */
#define CRASH_BY(name, ...)                                                                                  \
  CRASH(name) {                                                                                              \
    __asm__ volatile(__VA_ARGS__);                                                                           \
    return NOT_CAUGHT;                                                                                       \
  }

/* Neither the compiler nor an analyser may know that these accesses are wrong. */
static volatile uint8_t* hidden(uint64_t address) {
  __asm__("" : "+r"(address));
  return (volatile uint8_t*)address;
}

static int read_at(uint64_t address) {
  return *hidden(address), NOT_CAUGHT;
}
static int write_at(uint64_t address) {
  return *hidden(address) = 1, NOT_CAUGHT;
}
static int jump_to(uint64_t address) {
  __asm__ volatile("call *%0" : : "r"(address) : "memory");
  return NOT_CAUGHT;
}
static const uint8_t return_instruction = 0xc3;

/* ---- memory ---- */
CRASH(null_read) {
  return read_at(0);
}
CRASH(null_write) {
  return write_at(0);
}
CRASH(write_code) {
  return write_at((uintptr_t)write_code);
}
CRASH(write_rodata) {
  return write_at((uintptr_t)&return_instruction);
}
CRASH(write_peb) {
  return write_at(PEB);
}
CRASH(write_input) {
  return write_at((uintptr_t)input);
}
CRASH(read_monitor) {
  return read_at(KERNEL_HIGH_BASE);
}
CRASH(write_stub) {
  return write_at(USER_STUB);
}
CRASH(non_canonical) {
  return read_at(NON_CANONICAL);
}

CRASH(stack_overflow) {
  volatile uint8_t frame[1024];
  frame[0] = 1;
  if (length == SIZE_MAX) return NOT_CAUGHT; /* never, but the compiler cannot know */
  return stack_overflow(input, length + frame[0]) + frame[0];
}

/* ---- execution ---- */
CRASH(execute_heap) {
  uint8_t* code = malloc(16);
  if (!code) return 1;
  *(volatile uint8_t*)code = return_instruction;
  return jump_to((uintptr_t)code);
}
CRASH(execute_stack) {
  volatile uint8_t code = return_instruction;
  return jump_to((uintptr_t)&code);
}
CRASH(execute_output) {
  if (snapvm_write(&return_instruction, 1) != 0) return 1;
  return jump_to((uintptr_t)snapvm_output(NULL));
}
CRASH(execute_monitor) {
  return jump_to(KERNEL_HIGH_BASE);
}
CRASH(noncanonical_jump) {
  return jump_to(NON_CANONICAL);
}
/* With an offset of 32 bits: AMD's processors know no other here. */
CRASH_BY(far_jump, "pushq %%rax; ljmp *(%%rsp)" : : "a"((uint64_t)KERNEL_CODE << 32 | 0x401000) : "memory")
CRASH_BY(iretq, "pushq $0; pushq %%rsp; pushq $2; pushq %0; pushq $0; iretq" : : "i"(KERNEL_CODE) : "memory")

/* ---- traps and exceptions ---- */
CRASH_BY(divide, "xorl %%ecx, %%ecx; movl $1, %%eax; cltd; idivl %%ecx" : : : "eax", "ecx", "edx")
CRASH_BY(undefined, "ud2")
CRASH_BY(int3, "int3")
CRASH_BY(icebp, ".byte 0xf1")
CRASH_BY(int80, "int $0x80")
CRASH_BY(bound, ".byte 0x62, 0x00, 0x00, 0x00, 0x00, 0x00") /* in 64-bit mode a broken EVEX prefix */
CRASH_BY(single_step, "pushfq; orl $0x100, (%%rsp); popfq; nop" : : : "memory", "cc")
CRASH(alignment) {
  volatile uint64_t pair[2];
  __asm__ volatile("pushfq; orl $0x40000, (%%rsp); popfq; movl 1(%0), %%eax"
                   :
                   : "r"(pair)
                   : "memory", "cc", "eax");
  return NOT_CAUGHT;
}

/* ---- privileged instructions ---- */
CRASH_BY(privileged, "hlt")
CRASH_BY(cli, "cli")
CRASH_BY(lldt, "lldt %w0" : : "r"(0))
CRASH_BY(rdmsr, "rdmsr" : : "c"(0xc0000080) : "eax", "edx")
CRASH_BY(wrmsr, "wrmsr" : : "c"(0xc0000080), "a"(0), "d"(0))
CRASH_BY(mov_cr0, "movq %0, %%cr0" : : "r"(0ul))
CRASH_BY(mov_dr7, "movq %0, %%dr7" : : "r"(0ul))
CRASH_BY(xsetbv, "xsetbv" : : "c"(0), "a"(1), "d"(0))
CRASH_BY(swapgs, "swapgs")
CRASH_BY(invlpg, "invlpg (%0)" : : "r"(0x400000ul) : "memory")
CRASH_BY(rdpmc, "rdpmc" : : "c"(0) : "eax", "edx")
/* KVM answers one of these two, or both, with "not permitted": then it comes back. */
CRASH_BY(vmcall, "vmcall" : : "a"(0))
CRASH_BY(vmmcall, "vmmcall" : : "a"(0))

/* ---- ports and system calls ---- */
CRASH_BY(port, "outb %b0, $0x80" : : "a"(0))
CRASH_BY(in_port, "inb $108, %%al" : : : "al")
CRASH_BY(fault_port, "outb %b0, $0x8e" : : "a"(0)) /* what the monitor says of a page fault */
CRASH_BY(syscall, "syscall" : : "a"(39) : "rcx", "r11", "memory")
CRASH_BY(sysenter, "sysenter")
/* What `syscall` runs, entered by a jump: with a return address in rcx that no processor accepts. */
CRASH_BY(syscall_noncanonical, "movq %0, %%rcx; movq %1, %%rdx; movl $39, %%eax; jmp *%%rdx"
         :
         : "i"(NON_CANONICAL), "i"(USER_STUB)
         : "rax", "rcx", "rdx", "memory")

/* ---- limits: these end in an orderly way, or not at all ---- */
CRASH(heap_exhausted) {
  while (malloc(1000)) {
  }
  snapvm_abort(12, "the heap is exhausted");
}
CRASH(double_free) {
  void* block = malloc(32);
  free(block);
  free(block); /* aborts with SNAPVM_ABORT_HEAP */
  return NOT_CAUGHT;
}
/* Code 7: the SDK refuses to write past the buffer. */
CRASH(big_output) {
  size_t capacity;
  snapvm_output(&capacity);
  if (snapvm_output_set_length(capacity + 1) == 0) return NOT_CAUGHT;
  if (snapvm_output_set_length(capacity) != 0) return NOT_CAUGHT;
  return snapvm_write("x", 1) == 0 ? NOT_CAUGHT : 7;
}
/* Past the end of the buffer for real: faults. */
CRASH(output_overrun) {
  size_t capacity;
  uint8_t* output = snapvm_output(&capacity);
  return write_at((uintptr_t)output + capacity);
}
CRASH(abort_code) {
  snapvm_abort(42, "giving up: the answer is all there is");
}
CRASH(loop) {
  for (;;)
    __asm__ volatile("");
  return NOT_CAUGHT;
}
CRASH(loop_pages) {
  size_t size = (size_t)1 << 40;
  volatile uint8_t* block;
  while (!(block = malloc(size)))
    size -= size / 16 + 1;
  for (uint8_t value = 1;; value++) {
    for (size_t at = 0; at < size; at += 4096)
      block[at] = value;
  }
  return NOT_CAUGHT;
}

CRASH(ok) {
  return snapvm_write("ok", 2);
}

#define ENTRY(name)                                                                                          \
  {                                                                                                          \
#name, name                                                                                              \
  }
int main(void) {
  static const snapvm_handler table[] = {
      ENTRY(ok),
      ENTRY(null_read),
      ENTRY(null_write),
      ENTRY(write_code),
      ENTRY(write_rodata),
      ENTRY(write_peb),
      ENTRY(write_input),
      ENTRY(read_monitor),
      ENTRY(write_stub),
      ENTRY(non_canonical),
      ENTRY(stack_overflow),
      ENTRY(execute_heap),
      ENTRY(execute_stack),
      ENTRY(execute_output),
      ENTRY(execute_monitor),
      ENTRY(noncanonical_jump),
      ENTRY(far_jump),
      ENTRY(iretq),
      ENTRY(divide),
      ENTRY(undefined),
      ENTRY(int3),
      ENTRY(icebp),
      ENTRY(int80),
      ENTRY(bound),
      ENTRY(single_step),
      ENTRY(alignment),
      ENTRY(privileged),
      ENTRY(cli),
      ENTRY(lldt),
      ENTRY(rdmsr),
      ENTRY(wrmsr),
      ENTRY(mov_cr0),
      ENTRY(mov_dr7),
      ENTRY(xsetbv),
      ENTRY(swapgs),
      ENTRY(invlpg),
      ENTRY(rdpmc),
      ENTRY(vmcall),
      ENTRY(vmmcall),
      ENTRY(port),
      ENTRY(in_port),
      ENTRY(fault_port),
      ENTRY(syscall),
      ENTRY(sysenter),
      ENTRY(syscall_noncanonical),
      ENTRY(heap_exhausted),
      ENTRY(double_free),
      ENTRY(big_output),
      ENTRY(output_overrun),
      ENTRY(abort_code),
      ENTRY(loop),
      ENTRY(loop_pages),
  };
  snapvm_serve(table, sizeof table / sizeof *table);
}
