# Becomes ready anew each time it is entered. Of its pages A, B and C (each with zeros at first) the n-th time it writes
# n into A; the first time 1 into B, the second time 0 into B again; never into C, but it writes what is there.
    .text
    .globl _start
_start:
    mov 24(%rdi), %rbx              # the output buffer, from the PEB
    lea a(%rip), %rsi
    incq (%rsi)
    mov (%rsi), %rax
    lea b(%rip), %rsi
    and $1, %rax
    mov %rax, (%rsi)
    lea c(%rip), %rsi
    movq $0, (%rsi)
    movl $1, (%rbx)                 # abi
    movl $1, 4(%rbx)                # kind: ready
    movq $3, 16(%rbx)
    movl $0x006968, 64(%rbx)        # "hi"
    lea _start(%rip), %rax
    out %al, $108
    .bss
    .balign 4096
a:  .skip 4096
b:  .skip 4096
c:  .skip 4096
    .section .note.GNU-stack, "", @progbits
