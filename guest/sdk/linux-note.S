# Marks the ELF as an SDK guest that starts as a Linux program: owner "snapvm", type 1, the guest ABI's version, 1.
# And what start.S has, in a program whose _start is the C library's.
    .text
# rdi = dispatch. Calls enter there with the rsp of this `out`, which is that of a function's first instruction.
    .globl snapvm_ready
    .hidden snapvm_ready
    .type snapvm_ready, @function
snapvm_ready:
    movq %rdi, %rax
    outb %al, $108
    ud2
    .size snapvm_ready, . - snapvm_ready

    .section .note.snapvm, "a", @note
    .balign 4
    .long 7, 8, 1
    .asciz "snapvm"
    .balign 4
    .long 1, 1

    .section .note.GNU-stack, "", @progbits
