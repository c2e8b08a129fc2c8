# Where a guest begins, and the one exit that needs to know where the stack is.
    .section .text.start, "ax", @progbits

# rdi = PEB, rsi = seed, rdx = page size, rcx = log level; rsp as right after a call instruction.
    .globl _start
    .type _start, @function
_start:
    xorl %ebp, %ebp                 # the outermost frame
    jmp snapvm_main                 # a tail call: rsp is what snapvm_main expects
    .size _start, . - _start

# rdi = dispatch. Calls enter there with the rsp of this `out`, which is that of a function's first instruction.
    .globl snapvm_ready
    .hidden snapvm_ready
    .type snapvm_ready, @function
snapvm_ready:
    movq %rdi, %rax
    outb %al, $108
    ud2
    .size snapvm_ready, . - snapvm_ready

# Marks the ELF as an SDK guest: owner "snapvm", type 1, the guest ABI's version.
    .section .note.snapvm, "a", @note
    .balign 4
    .long 7, 4, 1
    .asciz "snapvm"
    .balign 4
    .long 1

    .section .note.GNU-stack, "", @progbits
