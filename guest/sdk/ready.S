# The one exit that needs to know where the stack is, and the mark of a guest of the SDK.
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

# Owner "snapvm", type 1: the guest ABI's version, and 1 if the guest starts as a Linux program.
    .section .note.snapvm, "a", @note
    .balign 4
#ifdef SNAPVM_LINUX
    .long 7, 8, 1
#else
    .long 7, 4, 1
#endif
    .asciz "snapvm"
    .balign 4
    .long 1
#ifdef SNAPVM_LINUX
    .long 1
#endif

    .section .note.GNU-stack, "", @progbits
