/*
 * leak.elf: what does a call leave behind for the next one? Shared by leak.c and leak.S, and what a test must
 * know.
 *
 * The input is empty, or {u32 flags, u32 stack bytes}: flag 1 leaves the FS and GS bases alone (a host
 * without CR4.FSGSBASE), `stack bytes` is the size of the guest's stack when it is not the default of
 * 0x40000.
 *
 * "plant*"  fill every register that ring 3 can write with SECRET, and leave:
 *    plant                 with a valid, empty result
 *    plant_in, plant_fault by a fault (#GP from `in`, #UD)
 *    plant_loop            never: spins
 *    plant_fault_loop      never: writes one heap page after the other, for ever
 *    plant_syscall         by the monitor's system-call stub, rcx non-canonical
 *    plant_x87_exception   with a valid, empty result and an unmasked x87 exception pending
 *    plant_memory          with a valid result of eight bytes: every writable byte but those is SECRET
 * "look"    answers every register as it was at the call's first instruction: the struct below.
 * "scan"    answers {u64 count, u64 first address}: where SECRET lies, aligned, in any memory a guest can
 * read and write, and in the input buffer past the message. For a clean guest: 0, 0.
 *
 * What "look" answers, little-endian:
 *     0 u32 version = 2
 *     4 u32 bytes of the XSAVE image
 *     8 u64 its features: XCR0 without AMX tile data; 0: the image is FXSAVE's
 *    16 u64[16] rax rcx rdx rbx rsp rbp rsi rdi r8 ... r15
 *   144 u64 rflags
 *   152 u16[6] cs ds es fs gs ss
 *   164 u32 MXCSR
 *   168 u64 FS base
 *   176 u64 GS base
 *   184 u32 PKRU
 *   188 u32 which of them are valid: 1 bases, 2 PKRU, 4 XSAVE, 8 XINUSE
 *   192 u64 XINUSE, as xgetbv(1) gives it
 *   256 the XSAVE image (standard format), or the 512 bytes of FXSAVE
 * In the image, bytes 512 to 575 are the XSAVE header, and its XSTATE_BV (u64 at 256 + 512) says which
 * components are not in their initial state. Processors differ in when they notice that: compare contents,
 * not this word.
 */
#ifndef LEAK_H
#define LEAK_H

#define LOOK_VERSION 2
#define LOOK_BYTES 4
#define LOOK_FEATURES 8
#define LOOK_GENERAL 16
#define LOOK_FLAGS 144
#define LOOK_SELECTORS 152
#define LOOK_MXCSR 164
#define LOOK_FS_BASE 168
#define LOOK_GS_BASE 176
#define LOOK_PKRU 184
#define LOOK_VALID 188
#define LOOK_XINUSE 192
#define LOOK_IMAGE 256
#define LOOK_LIMIT 4096

#define VALID_BASES 1
#define VALID_PKRU 2
#define VALID_XSAVE 4
#define VALID_XINUSE 8

/* Canonical, so that it can be a segment base. Built from halves, and never stored by who looks for it. */
#define SECRET_HIGH 0x00005ec2
#define SECRET_LOW 0xe75ec2e7
/* What fits the registers that take no pattern. */
#define SECRET_MXCSR 0xe07f
#define SECRET_X87_CONTROL 0x0c7f
#define SECRET_PKRU 0xa5a5a5a4 /* key 0 stays usable */

/* What the processor has, worked out by leak_features(). */
#define HAS_AVX 1
#define HAS_AVX512 2
#define HAS_AVX512BW 4
#define HAS_PKRU 8
#define HAS_FSGSBASE 16
#define HAS_AMX 32
#define HAS_XSAVE 64
#define HAS_XINUSE 128

/* How plant leaves; the odd ones load null selectors with an RPL, the even ones the user data selector. */
#define END_DONE 0
#define END_IN 1
#define END_FAULT 2
#define END_LOOP 3
#define END_FAULT_LOOP 4
#define END_SYSCALL 5
#define END_X87 6

#ifndef __ASSEMBLER__
#include <stdint.h>
struct range {
  uint64_t first, end;
};
/* The dispatch address: stores what it finds into leak_look, then calls leak_call. */
void leak_dispatch(void);
__attribute__((noreturn)) void leak_ready(void (*dispatch)(void));
/* `memory` is where plant_fault_loop writes, `bytes` how much of it there is. */
__attribute__((noreturn)) void leak_plant(uint32_t end, uint32_t features, void* memory, uint64_t bytes);
__attribute__((noreturn)) void leak_fill(const struct range* ranges, uint64_t count, uint64_t stack,
                                         void* output);
__attribute__((noreturn)) void leak_done(void);
#endif
#endif
