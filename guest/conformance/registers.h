/*
 * What must survive an exit that goes on: general, flag and vector registers are filled, the processor leaves
 * in one of the ways below, and everything is looked at again. Shared by registers.S, registers.c and the
 * guests.
 */
#ifndef CONFORMANCE_REGISTERS_H
#define CONFORMANCE_REGISTERS_H

#define AREA_BYTES 4096
/* CF, PF, AF, ZF, SF, DF, OF. */
#define ARITHMETIC_FLAGS 0xcd5

#ifndef __ASSEMBLER__
#include <stdint.h>

/* Each leaves once with full registers. The first two need their message in the output buffer. */
void leave_by_host_call(void);
void leave_by_log(void);
void leave_by_print(void);
/* By a system call that changes nothing. */
void leave_by_syscall(void);
/* By an undefined instruction of two bytes, which a handler has to step over. */
void leave_by_trap(void);

/* Fills the registers, leaves, and names the first one that came back changed; NULL if none did. `by_syscall`
 * leaves out what `syscall` itself overwrites. */
const char* changed_register(void (*leave)(void), int by_syscall);
#endif
#endif
