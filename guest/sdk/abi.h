/* What the SDK and the host agree on; src/base/abi.ts and native/abi.h hold the same. Not for guest authors.
 */
#ifndef SNAPVM_ABI_H
#define SNAPVM_ABI_H

#include "snapvm.h"

#define ABI_VERSION 1
#define HEADER_BYTES 64
#define ENTROPY_BYTES 32
#define NAME_LIMIT 63
#define TEXT_LIMIT 1024

enum port { PORT_LOG = 99, PORT_HOST_CALL = 101, PORT_ABORT = 102, PORT_PRINT = 103, PORT_DONE = 108 };
enum kind { KIND_READY = 1, KIND_RESULT = 2, KIND_HOST_CALL = 3, KIND_LOG = 4, KIND_ABORT = 5 };

struct input {
  uint32_t abi, kind, function_index, status;
  uint64_t length;
  uint8_t entropy[ENTROPY_BYTES];
  uint64_t reserved;
  uint8_t payload[];
};
_Static_assert(sizeof(struct input) == HEADER_BYTES, "input header");

struct output {
  uint32_t abi, kind, code, name_length;
  uint64_t length;
  uint64_t reserved[5];
  uint8_t payload[];
};
_Static_assert(sizeof(struct output) == HEADER_BYTES, "output header");

struct peb {
  uint64_t input_size;
  const struct input* input;
  uint64_t output_size;
  struct output* output;
  uint64_t init_size;
  const uint8_t* init;
  uint64_t heap_size;
  uint8_t* heap;
};
_Static_assert(sizeof(struct peb) == 64, "PEB");

/* Written during Initialise and only read by calls, so that a call dirties no page for it. What a call must
 * remember (the output's length) lives in the output header, in a page that is dirty anyway. */
struct state {
  const struct peb* peb;
  uint64_t seed;
  uint64_t log_level;
  const snapvm_handler* table;
  size_t count;
  int serving;
};
extern struct state snapvm_state;

/* From start.S: leaves for the host with `dispatch` in rax and rsp as a function finds it on entry. */
__attribute__((noreturn)) void snapvm_ready(void (*dispatch)(void));

void snapvm_random_restart(void);

/* The port must be an immediate: that is all the host decodes. */
#define SNAPVM_OUT(port, value)                                                                              \
  __asm__ volatile("outb %0, %1" : : "a"((uint8_t)(value)), "i"(port) : "memory")

/* An exit that the host never resumes. */
#define SNAPVM_LEAVE(port)                                                                                   \
  do {                                                                                                       \
    SNAPVM_OUT(port, 0);                                                                                     \
    __builtin_trap();                                                                                        \
  } while (1)

#endif
