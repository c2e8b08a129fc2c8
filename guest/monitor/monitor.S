/* The smallest ring 0 there is: three pages that turn every processor exception of ring 3 into one port write.
 * Nothing here returns to ring 3; the host reads the exception frame and restores the sandbox.
 * Assembled into a flat image for SNAPVM_KERNEL_HIGH_BASE; offsets are layout.h's. */
#include "layout.h"

        .text
        .globl monitor
monitor:
        /* GDT. Accessed bits are preset: the page is read-only even to the processor. */
        .quad 0
        .quad 0
        .quad 0x00af9b000000ffff            /* SEL_KERNEL_CODE: 64-bit, ring 0 */
        .quad 0x00cf93000000ffff            /* SEL_KERNEL_DATA */
        .quad 0
        .quad 0x00cff3000000ffff            /* SEL_USER_DATA: ring 3 */
        .quad 0x00affb000000ffff            /* SEL_USER_CODE: 64-bit, ring 3 */

        /* TSS. The host loads TR itself, so the GDT needs no descriptor for it. Ports whose bit is 0 exit to the
         * host, all others are #GP; ports past the bitmap lie outside the TSS limit, which is #GP too. */
        .org MONITOR_TSS
        .long 0
        .quad SNAPVM_KERNEL_HIGH_BASE + MONITOR_STACK_TOP       /* RSP0 */
        .quad 0, 0, 0
        .quad SNAPVM_KERNEL_HIGH_BASE + MONITOR_STACK_TOP       /* IST1, used by every gate */
        .org MONITOR_TSS + 102
        .word TSS_BYTES                     /* I/O bitmap base */
        .fill 96 / 8, 1, 0xff
        .byte 0xff & ~(1 << (PORT_LOG - 96) | 1 << (PORT_HOST_CALL - 96) | 1 << (PORT_ABORT - 96) | 1 << (PORT_PRINT - 96))
        .byte 0xff & ~(1 << (PORT_DONE - 104) | 1 << (PORT_SYSCALL - 104))
        .byte 0xff

        /* IDT: interrupt gates through IST1. Only #BP may be raised by an instruction of ring 3 (`int3`). */
        .org MONITOR_IDT
        .set vector, 0
        .rept MONITOR_VECTORS
        .word MONITOR_FAULT_STUBS + vector * MONITOR_FAULT_STUB_BYTES
        .word SEL_KERNEL_CODE
        .byte 1
        .if vector == 3
        .byte 0xee
        .else
        .byte 0x8e
        .endif
        .word (SNAPVM_KERNEL_HIGH_BASE >> 16) & 0xffff
        .long SNAPVM_KERNEL_HIGH_BASE >> 32
        .long 0
        .set vector, vector + 1
        .endr

        .org MONITOR_FAULT_STUBS
        .set vector, 0
        .rept MONITOR_VECTORS
        .org MONITOR_FAULT_STUBS + vector * MONITOR_FAULT_STUB_BYTES
        out %al, $(PORT_FAULT + vector)
        hlt
        .set vector, vector + 1
        .endr

        /* LSTAR. On hardware this runs at CPL 0 on the guest's own stack and flags (SFMASK clears the dangerous
         * ones), so it touches no memory. The host never resumes it. */
        .org MONITOR_SYSCALL_STUB
        out %al, $PORT_SYSCALL
        ud2

        /* Every entry from a snapshot starts at one of the next two. EDX:EAX says which components of vector state
         * there are: the host knows, so that the image is the same on all processors. No instruction changes a flag,
         * or a register that a frozen program needs.
         *
         * Here, where ring 3 can change PKRU: the guest before may have shut all user pages with it, so that has to
         * go before anything is read. The vector registers, which are about to be put back, hold the others
         * meanwhile. */
        .org MONITOR_ENTRY_PKRU
        movq %rax, %xmm0
        movq %rcx, %xmm1
        movq %rdx, %xmm2
        mov $0, %eax
        mov $0, %ecx
        mov $0, %edx
        wrpkru
        movq %xmm0, %rax
        movq %xmm1, %rcx
        movq %xmm2, %rdx
        jmp entry_stub

        /* Here elsewhere. The FPU gets the state of the XSAVE area (one whose XSTATE_BV is 0 initialises every
         * component of the mask), which costs an ioctl less than doing it from the host. fninit first: XRSTOR leaves
         * the x87 error pointers alone on processors without XSAVEERPTR. */
        .org MONITOR_ENTRY_STUB
entry_stub:
        fninit
        xrstor monitor + MONITOR_XSAVE_AREA(%rip)
        /* DS and ES: not every KVM loads the four data selectors from the host's registers, so a guest could leave two
         * bits in each. FS and GS, and their bases, only where ring 3 can set a base (then bit 32 of RAX is set: XRSTOR
         * looks at EAX): neither does every kernel know what ring 3 did there, and loading null may clear a base.
         * `bswap` brings that bit down without a change of flags. */
        mov %rcx, %rdx
        mov %rax, %rcx
        bswap %rcx
        mov %ecx, %ecx
        mov $0, %eax
        mov %eax, %ds
        mov %eax, %es
        jrcxz 1f
        mov %eax, %fs
        mov monitor + MONITOR_ENTRY_BLOCK + 16(%rip), %rcx
        wrfsbase %rcx
        mov %eax, %gs
        mov monitor + MONITOR_ENTRY_BLOCK + 24(%rip), %rcx
        wrgsbase %rcx
1:      mov %rdx, %rcx
        mov monitor + MONITOR_ENTRY_BLOCK + 8(%rip), %rdx
        mov monitor + MONITOR_ENTRY_BLOCK + 32(%rip), %rax
        jmp *monitor + MONITOR_ENTRY_BLOCK(%rip)

        /* {u64 rip, u64 rdx, u64 FS base, u64 GS base, u64 rax}: filled in per snapshot. */
        .org MONITOR_ENTRY_BLOCK
        .quad 0, 0, 0, 0, 0

        /* The FPU's initial state; that of a program frozen in a system call stands here instead. */

        .org MONITOR_XSAVE_AREA
        .word 0x037f                        /* FCW */
        .org MONITOR_XSAVE_AREA + 24
        .long 0x1f80                        /* MXCSR */

        .org MONITOR_BYTES
