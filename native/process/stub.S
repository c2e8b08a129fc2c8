/* The program that a guest process begins as: an ELF file of one page, kept here as data and run from a memory file.
 * It makes the system calls of a list, and enters the guest. The thread that traces it decides everything else. */
#include "../guest/monitor/layout.h"
#include "process/layout.h"

        .section .rodata
        .balign 16
        .globl snapvm_stub
        .hidden snapvm_stub
snapvm_stub:
        .byte 0x7f, 'E', 'L', 'F', 2, 1, 1, 0
        .zero 8
        .short 2, 62                            /* ET_EXEC, x86-64 */
        .long 1
        .quad STUB_BASE + (start - snapvm_stub)
        .quad 64, 0
        .long 0
        .short 64, 56, 2, 0, 0, 0
        .long 1, 5                              /* PT_LOAD, readable and executable */
        .quad 0, STUB_BASE, STUB_BASE, end - snapvm_stub, end - snapvm_stub, 0x1000
        .long 0x6474e551, 6                     /* PT_GNU_STACK: without it old kernels make all memory executable */
        .quad 0, 0, 0, 0, 0, 16

        /* Makes the system calls of a list. rbx: the list, rbp: its length, r12: one of STUB_PKRU_*. Stops after the
         * last call, or after the first that fails, with its result in rax. */
start:  cmp $STUB_PKRU_NONE, %r12
        je loop
        xor %ecx, %ecx
        rdpkru
        mov %eax, %r13d
        xor %eax, %eax
        wrpkru
loop:
        mov (%rbx), %rax
        mov 8(%rbx), %rdi
        mov 16(%rbx), %rsi
        mov 24(%rbx), %rdx
        mov 32(%rbx), %r10
        mov 40(%rbx), %r8
        mov 48(%rbx), %r9
call:   syscall
called: cmp $-4095, %rax
        jae done
        add $COMMAND_BYTES, %rbx
        dec %rbp
        jnz loop
done:   cmp $STUB_PKRU_KEPT, %r12
        jne stop
        mov %rax, %r14
        mov %r13d, %eax
        xor %ecx, %ecx
        xor %edx, %edx
        wrpkru
        mov %r14, %rax
stop:   int3

        /* Tries whether ring 3 can set a segment's base: ends at `stop` too, or with SIGILL. */
bases:  rdfsbase %rax
        wrfsbase %rax
        xor %eax, %eax
        jmp stop

        /* Enters a guest from its snapshot. rax is as the monitor's stub wants it. The lower half of rdx has the
         * guest's flags, since ptrace cannot set all flags that ring 3 can change (ID and NT); its upper half is edx
         * for the monitor's stub. Changes no other register but vector registers. Where the processor has PKRU, by
         * which the guest before may have shut all memory, the entry is enter_pkru, which opens it. */
enter_pkru:
        movq %rax, %xmm0
        movq %rcx, %xmm1
        movq %rdx, %xmm2
        xor %eax, %eax
        xor %ecx, %ecx
        xor %edx, %edx
        wrpkru
        movq %xmm0, %rax
        movq %xmm1, %rcx
        movq %xmm2, %rdx
enter:  movq %rsp, %xmm0
        movabs $(STUB_FRAME + 0x800), %rsp
        movq %rdx, %xmm1
        mov %edx, %edx
        push %rdx
        popfq
        movq %xmm0, %rsp
        psrlq $32, %xmm1
        movq %xmm1, %rdx
        .byte 0xe9                              /* jmp to the monitor's stub, which is no symbol of this file */
        .long STUB_MONITOR + MONITOR_ENTRY_STUB - MONITOR_USER - STUB_BASE - (1f - snapvm_stub)
1:
end:

        .balign 4
        .globl snapvm_stub_bytes, snapvm_stub_start, snapvm_stub_call, snapvm_stub_called
        .globl snapvm_stub_stop, snapvm_stub_enter, snapvm_stub_enter_pkru, snapvm_stub_bases
        .hidden snapvm_stub_bytes, snapvm_stub_start, snapvm_stub_call, snapvm_stub_called
        .hidden snapvm_stub_stop, snapvm_stub_enter, snapvm_stub_enter_pkru, snapvm_stub_bases
snapvm_stub_bytes:      .long end - snapvm_stub
snapvm_stub_start:      .long start - snapvm_stub
snapvm_stub_call:       .long call - snapvm_stub
snapvm_stub_called:     .long called - snapvm_stub
snapvm_stub_stop:       .long stop - snapvm_stub
snapvm_stub_enter:      .long enter - snapvm_stub
snapvm_stub_enter_pkru: .long enter_pkru - snapvm_stub
snapvm_stub_bases:      .long bases - snapvm_stub

        .section .note.GNU-stack, "", @progbits
