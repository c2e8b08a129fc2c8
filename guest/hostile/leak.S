# leak.elf's registers: see leak.h. Nothing here uses memory after it has filled what memory needs.
#include "leak.h"

    .file "leak.S"                              # the symbol table would name a temporary file instead

    .text

    .globl leak_ready
leak_ready:
    movq %rdi, %rax
    .globl leak_done
leak_done:
    outb %al, $108
    ud2

# ---- look: before any C code runs, and before anything is changed ----
    .globl leak_dispatch
leak_dispatch:
    movq %rax, leak_look+LOOK_GENERAL+0*8(%rip)
    movq %rcx, leak_look+LOOK_GENERAL+1*8(%rip)
    movq %rdx, leak_look+LOOK_GENERAL+2*8(%rip)
    movq %rbx, leak_look+LOOK_GENERAL+3*8(%rip)
    movq %rsp, leak_look+LOOK_GENERAL+4*8(%rip)
    movq %rbp, leak_look+LOOK_GENERAL+5*8(%rip)
    movq %rsi, leak_look+LOOK_GENERAL+6*8(%rip)
    movq %rdi, leak_look+LOOK_GENERAL+7*8(%rip)
    movq %r8, leak_look+LOOK_GENERAL+8*8(%rip)
    movq %r9, leak_look+LOOK_GENERAL+9*8(%rip)
    movq %r10, leak_look+LOOK_GENERAL+10*8(%rip)
    movq %r11, leak_look+LOOK_GENERAL+11*8(%rip)
    movq %r12, leak_look+LOOK_GENERAL+12*8(%rip)
    movq %r13, leak_look+LOOK_GENERAL+13*8(%rip)
    movq %r14, leak_look+LOOK_GENERAL+14*8(%rip)
    movq %r15, leak_look+LOOK_GENERAL+15*8(%rip)
    pushfq
    popq leak_look+LOOK_FLAGS(%rip)
    movw %cs, leak_look+LOOK_SELECTORS+0(%rip)
    movw %ds, leak_look+LOOK_SELECTORS+2(%rip)
    movw %es, leak_look+LOOK_SELECTORS+4(%rip)
    movw %fs, leak_look+LOOK_SELECTORS+6(%rip)
    movw %gs, leak_look+LOOK_SELECTORS+8(%rip)
    movw %ss, leak_look+LOOK_SELECTORS+10(%rip)
    cld
    stmxcsr leak_look+LOOK_MXCSR(%rip)
    movl $LOOK_VERSION, leak_look(%rip)
    subq $8, %rsp                               # as a call instruction wants it
    movl leak_known(%rip), %r12d                # what main() found: cpuid here would only cost time
    xorl %r13d, %r13d

    testl $HAS_XSAVE, %r12d
    jz 1f
    testl $HAS_XINUSE, %r12d
    jz 6f
    movl $1, %ecx
    xgetbv
    movl %eax, leak_look+LOOK_XINUSE(%rip)
    movl %edx, leak_look+LOOK_XINUSE+4(%rip)
    orl $VALID_XINUSE, %r13d
6:  xorl %ecx, %ecx
    xgetbv
    andl $~(1 << 18), %eax                      # AMX tile data does not fit: without a configuration nobody reads it
    movl %eax, leak_look+LOOK_FEATURES(%rip)
    movl %edx, leak_look+LOOK_FEATURES+4(%rip)
    xsave64 leak_look+LOOK_IMAGE(%rip)
    orl $VALID_XSAVE, %r13d
    jmp 2f
1:  fxsave64 leak_look+LOOK_IMAGE(%rip)
2:  testl $HAS_PKRU, %r12d
    jz 3f
    xorl %ecx, %ecx
    rdpkru
    movl %eax, leak_look+LOOK_PKRU(%rip)
    orl $VALID_PKRU, %r13d
3:  testl $HAS_FSGSBASE, %r12d
    jz 4f
    movq leak_look+LOOK_GENERAL+7*8(%rip), %rax # PEB
    movq 8(%rax), %rax                          # input
    cmpq $0, 16(%rax)
    je 5f
    testl $1, 64(%rax)
    jnz 4f
5:  rdfsbase %rax
    movq %rax, leak_look+LOOK_FS_BASE(%rip)
    rdgsbase %rax
    movq %rax, leak_look+LOOK_GS_BASE(%rip)
    orl $VALID_BASES, %r13d
4:  movl %r13d, leak_look+LOOK_VALID(%rip)
    movq leak_look+LOOK_GENERAL+7*8(%rip), %rdi
    call leak_call
    ud2

# ---- plant ----
# edi = end, esi = features, rdx = memory, rcx = its bytes. r8 to r11 are kept until the end needs them.
    .globl leak_plant
leak_plant:
    movl %edi, %r8d
    movl %esi, %r9d
    movq %rdx, %r10
    leaq (%rdx, %rcx), %r11
    movl $SECRET_HIGH, %edi
    shlq $32, %rdi
    movl $SECRET_LOW, %eax
    orq %rax, %rdi                              # rdi = SECRET

    movq %rdi, %xmm0
    punpcklqdq %xmm0, %xmm0
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movaps %xmm0, %xmm\n
    .endr
    testl $HAS_AVX, %r9d
    jz 1f
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    vinsertf128 $1, %xmm\n, %ymm\n, %ymm\n
    .endr
    testl $HAS_AVX512, %r9d
    jz 1f
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    vpbroadcastq %rdi, %zmm\n
    .endr
    testl $HAS_AVX512BW, %r9d
    jnz 2f
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7
    kmovw %edi, %k\n
    .endr
    jmp 1f
2:  .irp n, 0, 1, 2, 3, 4, 5, 6, 7
    kmovq %rdi, %k\n
    .endr
1:  testl $HAS_AMX, %r9d
    jz 1f
    ldtilecfg leak_tiles(%rip)                  # not the tiles: Linux gives them only to who asks
1:  movl $SECRET_MXCSR, -8(%rsp)
    ldmxcsr -8(%rsp)

    fninit
    cmpl $END_X87, %r8d
    je 1f
    movl $SECRET_X87_CONTROL, -8(%rsp)
    fldcw -8(%rsp)
    fld1                                        # an instruction and a data address to find in the image
    fstpl -8(%rsp)
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7
    movq %rdi, %mm\n
    .endr
    jmp 2f
1:  movl $0x0340, -8(%rsp)                      # every exception unmasked
    fldcw -8(%rsp)
    fld1
    fldz
    fdivrp %st, %st(1)                          # 1 / 0: pending, until the next x87 instruction
2:  testl $HAS_PKRU, %r9d
    jz 1f
    movl $SECRET_PKRU, %eax
    xorl %ecx, %ecx
    xorl %edx, %edx
    wrpkru
1:  testl $1, %r8d                              # null selectors have bits to leak too
    jnz 2f
    movl %ss, %eax                              # the one selector that is sure to be loadable
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    jmp 3f
2:  movl $1, %eax
    movl %eax, %ds
    movl $2, %eax
    movl %eax, %es
    movl $3, %eax
    movl %eax, %fs
    movl %eax, %gs
3:
    testl $HAS_FSGSBASE, %r9d
    jz 1f
    wrfsbase %rdi
    wrgsbase %rdi
1:  movq %rdi, -16(%rsp)                        # the stack keeps it too
    pushq $0x244cd5                             # ID, AC, NT, OF, DF, SF, ZF, AF, PF, CF
    popfq
    .irp r, rax, rbx, rcx, rdx, rsi, rbp, rsp, r12, r13, r14, r15
    movq %rdi, %\r
    .endr
    # From here on flags must stay, which `lea` and `mov` do not change.
    leaq ends(%rip), %rcx
    movslq (%rcx, %r8, 4), %r8
    leaq (%rcx, %r8), %rcx
    movq %rdi, %r8
    movq %rdi, %r9
    jmp *%rcx

    .section .rodata
    .balign 4
ends:
    .long end_done - ends, end_in - ends, end_fault - ends, end_loop - ends
    .long end_fault_loop - ends, end_syscall - ends, end_done - ends
    .text

    .macro fill_rest
    movq %rdi, %r10
    movq %rdi, %r11
    movq %rdi, %rcx
    .endm

end_done:
    fill_rest
    outb %al, $108
    ud2
end_in:
    fill_rest
    inb $108, %al
end_fault:
    fill_rest
    ud2
end_loop:
    fill_rest
1:  jmp 1b
end_syscall:
    fill_rest
    movabsq $0xffffffff80002000, %rdx
    movabsq $0x8000000000000000, %rcx
    jmp *%rdx
# r10 = the first byte, r11 = the end.
end_fault_loop:
    movq %rdi, %rcx
1:  movq %r10, %rbx
2:  movq %rdi, (%rbx)
    leaq 4096(%rbx), %rbx
    cmpq %r11, %rbx
    jb 2b
    jmp 1b

# ---- plant_memory ----
# rdi = {first, end} pairs, rsi = how many, rdx = the stack's first byte, rcx = output. The stack goes last, whole:
# from there on there are only registers.
    .globl leak_fill
leak_fill:
    movq %rdi, %r8
    movq %rdx, %r10
    movq %rcx, %r11
    movl $SECRET_HIGH, %eax
    shlq $32, %rax
    movl $SECRET_LOW, %ecx
    orq %rcx, %rax
1:  testq %rsi, %rsi
    jz 2f
    movq (%r8), %rdi
    movq 8(%r8), %rcx
    subq %rdi, %rcx
    shrq $3, %rcx
    rep stosq
    addq $16, %r8
    decq %rsi
    jmp 1b
2:  movq %r10, %rdi
    movabsq $0x5fffffff0000, %rcx
    subq %rdi, %rcx
    shrq $3, %rcx
    rep stosq
    movl $1, (%r11)                             # abi, kind, code, name length, length
    movl $2, 4(%r11)
    movq $0, 8(%r11)
    movq $8, 16(%r11)
    outb %al, $108
    ud2

    .section .rodata
    .balign 64
leak_tiles:                                     # palette 1: eight tiles of 16 rows of 64 bytes
    .byte 1, 0
    .fill 14, 1, 0
    .fill 8, 2, 64
    .fill 8, 2, 0
    .fill 8, 1, 16
    .fill 8, 1, 0

    .section .note.GNU-stack, "", @progbits
