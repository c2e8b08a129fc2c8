# Where linux.elf begins, and its system calls.
    .text
    .globl _start
_start:
    movq %rsp, %rdi
    xorl %ebp, %ebp
    andq $-16, %rsp
    call begin
    ud2

# long sys6(number, a, b, c, d, e, f); the last is on the stack.
    .globl sys6
    .globl sys
sys6:
sys:
    movq %rdi, %rax
    movq %rsi, %rdi
    movq %rdx, %rsi
    movq %rcx, %rdx
    movq %r8, %r10
    movq %r9, %r8
    movq 8(%rsp), %r9
    syscall
    ret

# The way back from a signal handler.
    .globl restorer
restorer:
    movl $15, %eax
    syscall
    ud2

# attempt(access, address). A handler that finds it at fault goes on at attempt_end, as if the access had come back.
    .globl attempt, attempt_end
attempt:
    movq %rsp, attempt_stack(%rip)
    cmpl $1, %edi
    je 1f
    ja 2f
    movb (%rsi), %al
    ret
1:  movb $1, (%rsi)
    ret
2:  call *%rsi
    ret
attempt_end:
    movq attempt_stack(%rip), %rsp
    ret

    .bss
    .balign 8
attempt_stack: .skip 8
    .section .note.GNU-stack, "", @progbits
