# Fills every register a guest can compute with, leaves, and stores what came back: see registers.h.
#include "registers.h"

    .text
    .macro leaving name, way:vararg
    .globl \name
    .type \name, @function
\name:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushfq
    movq %rsp, saved_stack(%rip)

    cmpl $0, registers_xsave(%rip)
    je 1f
    movl registers_features(%rip), %eax
    movl registers_features+4(%rip), %edx
    xrstor64 registers_before(%rip)
    jmp 2f
1:  fxrstor64 registers_before(%rip)
2:  pushq $(ARITHMETIC_FLAGS | 0x202)
    popfq
    .irp r, rax, rbx, rcx, rdx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
    movq value_\r(%rip), %\r
    .endr

    \way

    .irp r, rax, rbx, rcx, rdx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
    movq %\r, found_\r(%rip)
    .endr
    movq %rsp, found_rsp(%rip)
    movq saved_stack(%rip), %rsp
    pushfq
    popq flags_after(%rip)
    cld
    cmpl $0, registers_xsave(%rip)
    je 3f
    movl registers_features(%rip), %eax
    movl registers_features+4(%rip), %edx
    xsave64 registers_after(%rip)
    jmp 4f
3:  fxsave64 registers_after(%rip)
4:  fninit
    popfq
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret
    .size \name, . - \name
    .endm

    leaving leave_by_host_call, outb %al, $101
    leaving leave_by_log, outb %al, $99
    leaving leave_by_print, outb %al, $103
    leaving leave_by_syscall, syscall
    leaving leave_by_trap, ud2

# rax is getppid's number, so that all ways can share the values.
    .data
    .balign 8
    .globl registers_values
registers_values:
value_rax: .quad 110
value_rbx: .quad 0x1111111111110001
value_rcx: .quad 0x1111111111110002
value_rdx: .quad 0x1111111111110003
value_rbp: .quad 0x8000000000000004
value_rsi: .quad 0x1111111111110005
value_rdi: .quad 0xffffffffffffff06
value_r8: .quad 0x1111111111110007
value_r9: .quad 0x7fffffffffffff08
value_r10: .quad 0x1111111111110009
value_r11: .quad 0x111111111111000a
value_r12: .quad 0x111111111111000b
value_r13: .quad 0x111111111111000c
value_r14: .quad 0x111111111111000d
value_r15: .quad 0x111111111111000e
saved_stack: .quad 0
    .globl registers_found
registers_found:
found_rax: .quad 0
found_rbx: .quad 0
found_rcx: .quad 0
found_rdx: .quad 0
found_rbp: .quad 0
found_rsi: .quad 0
found_rdi: .quad 0
found_r8: .quad 0
found_r9: .quad 0
found_r10: .quad 0
found_r11: .quad 0
found_r12: .quad 0
found_r13: .quad 0
found_r14: .quad 0
found_r15: .quad 0
found_rsp: .quad 0
    .globl registers_flags
registers_flags:
flags_after: .quad 0
    .globl registers_stack
    .set registers_stack, saved_stack

    .section .note.GNU-stack, "", @progbits
