/*
 * snapvm.h: write a function that runs in a snapvm micro-VM.
 *
 *   #include <snapvm.h>
 *   static int hello(const uint8_t* input, size_t length) { return snapvm_write(input, length); }
 *   int main(void) {
 *     static const snapvm_handler table[] = {{"hello", hello}};
 *     snapvm_serve(table, 1);
 *   }
 *
 * Build it (gcc or clang, C11 or later; `guest` stands for dist/guest of the package):
 *
 *   cc -O2 -static -nostdlib -ffreestanding -fno-stack-protector -I guest/include \
 *     hello.c guest/lib/libsnapvm.a -o hello.elf
 *
 * `-static-pie -fPIE` in place of `-static` works too. For ring 0 (privilege: 'supervisor'; no SSE there):
 *
 *   cc -O2 -static-pie -fPIE -nostdlib -ffreestanding -fno-stack-protector -mno-red-zone \
 *     -mgeneral-regs-only -I guest/include hello.c guest/lib/libsnapvm-supervisor.a -o hello.supervisor.elf
 *
 * With a C library (malloc, stdio, C++; system calls are answered by the engine, see docs/guests.md):
 *
 *   cc -O2 -static -I guest/include \
 *     hello.c guest/lib/libsnapvm-linux.a -o hello.linux.elf
 *
 * How a guest lives: main() runs once, when the snapshot is built ("Initialise"), and ends in snapvm_serve().
 * Everything main() left in memory is there at the start of *every* call; nothing a call writes is ever seen
 * by another one. So do slow set-up in main(), and never clean up in a handler.
 */
#ifndef SNAPVM_H
#define SNAPVM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define SNAPVM_NOEXCEPT noexcept
extern "C" {
#if defined(__clang__) && !__STDC_HOSTED__
int main(void); /* clang would mangle a freestanding main */
#endif
#else
#define SNAPVM_NOEXCEPT
#endif

/** One exported function. `input` (in the input buffer, read-only, `length` bytes, not NUL-terminated) is
 * valid until the first host call. Returns 0 for success; any other value reaches the caller as the call's
 * code. */
typedef int (*snapvm_function)(const uint8_t* input, size_t length);

typedef struct {
  const char* name; /**< 1 to 63 bytes, unique in the table */
  snapvm_function function;
} snapvm_handler;

/** Ends Initialise: exports the `count` functions of `table` (which must stay valid, main()'s stack will do)
 * and waits for calls. Does not return. Aborts with SNAPVM_ABORT_TABLE when the table or a name is invalid.
 * A handler may call it too when the host specialises a ready guest; in an ordinary call that is an error.
 */
__attribute__((noreturn)) void snapvm_serve(const snapvm_handler* table, size_t count);

/* ---- Output: what the call answers, empty at its start ---- */

/** Appends `length` bytes. 0, or -1 when they do not fit: then nothing was written. */
int snapvm_write(const void* data, size_t length);

/** The output's first byte, to build an answer in place; `*capacity` (may be NULL) is how many bytes fit.
 *  Valid for the whole call. Say how much was written with snapvm_output_set_length(). */
uint8_t* snapvm_output(size_t* capacity);

/** The answer is now the first `length` bytes of snapvm_output(); snapvm_write() appends behind them.
 *  0, or -1 when `length` is over the capacity: then nothing changed. */
int snapvm_output_set_length(size_t length);

/* ---- The host ---- */

enum {
  SNAPVM_OK = 0,
  SNAPVM_FAILED = 1,      /**< the host function threw */
  SNAPVM_NOT_ALLOWED = 2, /**< no such host function for this guest, or called during Initialise */
  SNAPVM_TOO_LARGE = 3,   /**< the message fits no buffer, or the heap cannot save the pending output */
};

/** Calls the host function `name` with `length` bytes and waits. Returns one of the values above; `*answer`
 * and
 *  `*answer_length` (each may be NULL) get the answer, or the host's message when it is not SNAPVM_OK.
 *  The answer OVERWRITES the call's input, and is valid until the next host call or the end of the call.
 *  Output written so far is kept (a heap block holds the part that the message covers). */
int snapvm_host_call(const char* name, const void* data, size_t length, const uint8_t** answer,
                     size_t* answer_length);

enum {
  SNAPVM_LOG_ERROR = 1,
  SNAPVM_LOG_WARN = 2,
  SNAPVM_LOG_INFO = 3,
  SNAPVM_LOG_DEBUG = 4,
  SNAPVM_LOG_TRACE = 5
};

/** Logs `text`, cut at 1,024 bytes. A level above the engine's log level costs a comparison, any other an
 * exit. */
void snapvm_log(int level, const char* text);

/** The same with a format, see snapvm_format(). */
__attribute__((format(printf, 2, 3))) void snapvm_logf(int level, const char* format, ...);

/** Writes `text` to the debug port: one exit a byte, so for debugging only. */
void snapvm_print(const char* text);

/** Ends the call (or Initialise) at once. The host sees `code` and `message` (cut at 1,024 bytes); codes from
 *  0x80000000 are the SDK's own. */
__attribute__((noreturn)) void snapvm_abort(uint32_t code, const char* message);

#define SNAPVM_ABORT_NOT_SERVING 0x80000001u /**< main() returned */
#define SNAPVM_ABORT_TABLE 0x80000002u       /**< snapvm_serve() got an invalid table */
#define SNAPVM_ABORT_HEAP 0x80000003u        /**< double free, or a block's header was overwritten */
#define SNAPVM_ABORT_ABORT 0x80000004u       /**< abort() */
#define SNAPVM_ABORT_HOST 0x80000005u        /**< the host called a function that was never exported */

/** 32 bytes from the host's random source, fresh for each call, valid until its end. All zero in Initialise.
 */
const uint8_t* snapvm_entropy(void);

/** Fills `out` from a ChaCha20 stream keyed by the call's entropy. In Initialise the stream comes from the
 * fixed seed instead, the same for every build: never make secrets there. */
void snapvm_random(void* out, size_t length);

/** Define it, if something has to be done before the handler in every call, such as seeding a generator of
 * random numbers that main() has made. It is part of the call, and its time too. It must not call the host:
 * the answer would take the place of the input. */
void snapvm_on_thaw(void);

/** The bytes given to this guest when it was defined; valid for ever. `*length` (may be NULL) may be 0. */
const uint8_t* snapvm_init_data(size_t* length);

/** snprintf with %s %c %d %i %u %x %p %%, the lengths l, ll and z, width, 0 and - flags, and %.Ns. Returns
 * the length the whole text would have; `out` is NUL-terminated when `size` is not 0. */
__attribute__((format(printf, 3, 4))) int snapvm_format(char* out, size_t size, const char* format, ...);
int snapvm_vformat(char* out, size_t size, const char* format, va_list arguments);

/* ---- The C library, as far as it goes. With a hosted <string.h> in C++, include that one first. ---- */

#if __STDC_HOSTED__
#include <stdlib.h>
#include <string.h>
#endif
#ifndef _STRING_H
void* memcpy(void* __restrict to, const void* __restrict from, size_t length) SNAPVM_NOEXCEPT;
void* memmove(void* to, const void* from, size_t length) SNAPVM_NOEXCEPT;
void* memset(void* to, int value, size_t length) SNAPVM_NOEXCEPT;
int memcmp(const void* a, const void* b, size_t length) SNAPVM_NOEXCEPT;
void* memchr(const void* memory, int value, size_t length) SNAPVM_NOEXCEPT;
size_t strlen(const char* text) SNAPVM_NOEXCEPT;
size_t strnlen(const char* text, size_t limit) SNAPVM_NOEXCEPT;
int strcmp(const char* a, const char* b) SNAPVM_NOEXCEPT;
int strncmp(const char* a, const char* b, size_t limit) SNAPVM_NOEXCEPT;
char* strchr(const char* text, int value) SNAPVM_NOEXCEPT;
char* strrchr(const char* text, int value) SNAPVM_NOEXCEPT;
char* strstr(const char* text, const char* part) SNAPVM_NOEXCEPT;
char* strcpy(char* __restrict to, const char* __restrict from) SNAPVM_NOEXCEPT;
char* strncpy(char* __restrict to, const char* __restrict from, size_t limit) SNAPVM_NOEXCEPT;
char* strcat(char* __restrict to, const char* __restrict from) SNAPVM_NOEXCEPT;
char* strdup(const char* text) SNAPVM_NOEXCEPT;
#endif

/* Blocks are aligned to 16 bytes and come from the heap region; NULL when it is exhausted. */
#ifndef _STDLIB_H
void* malloc(size_t size) SNAPVM_NOEXCEPT;
void* calloc(size_t count, size_t size) SNAPVM_NOEXCEPT;
void* realloc(void* block, size_t size) SNAPVM_NOEXCEPT;
void free(void* block) SNAPVM_NOEXCEPT;
__attribute__((noreturn)) void abort(void) SNAPVM_NOEXCEPT;
#endif

#ifdef __cplusplus
}
#endif
#endif
