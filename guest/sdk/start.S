# Where a guest without a C library begins.
    .section .text.start, "ax", @progbits

# rdi = PEB, rsi = seed, rdx = page size, rcx = log level; rsp as right after a call instruction.
    .globl _start
    .type _start, @function
_start:
    xorl %ebp, %ebp                 # the outermost frame
    jmp snapvm_main                 # a tail call: rsp is what snapvm_main expects
    .size _start, . - _start

    .section .note.GNU-stack, "", @progbits
