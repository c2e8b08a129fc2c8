/*
 * A guest that lies to the host: raw headers, lengths and exits that no SDK would make. Each function forges
 * one thing; init data's first byte makes Initialise itself lie (see main). "ok" answers "ok".
 */
#include <snapvm.h>

enum { READY = 1, RESULT = 2, HOST_CALL = 3, LOG = 4 };
enum { NOT_CAUGHT = 99 };

struct header {
  uint32_t abi, kind, code, name_length;
  uint64_t length;
  uint64_t reserved[5];
};

#define OUT(port) __asm__ volatile("outb %%al, %0" : : "i"(port), "a"(0) : "memory")
#define FORGE(name)                                                                                          \
  static int name(const uint8_t* input __attribute__((unused)), size_t length __attribute__((unused)))

static struct header* header(void) {
  return (struct header*)(void*)(snapvm_output(NULL) - sizeof(struct header));
}

static size_t capacity(void) {
  size_t bytes;
  snapvm_output(&bytes);
  return bytes;
}

static void forge(uint32_t abi, uint32_t kind, uint32_t code, uint32_t name_length, uint64_t length) {
  struct header* forged = header();
  forged->abi = abi;
  forged->kind = kind;
  forged->code = code;
  forged->name_length = name_length;
  forged->length = length;
}

/* Leaves by `done` with a forged header. */
static int done(uint32_t abi, uint32_t kind, uint32_t code, uint32_t name_length, uint64_t length) {
  forge(abi, kind, code, name_length, length);
  OUT(108);
  return NOT_CAUGHT;
}

#define FORGE_DONE(name, ...)                                                                                \
  FORGE(name) { return done(__VA_ARGS__); }

/* abi, kind, code, name_length, length */
FORGE_DONE(abi_wrong, 2, RESULT, 0, 0, 0)
FORGE_DONE(kind_zero, 1, 0, 0, 0, 0)
FORGE_DONE(kind_unknown, 1, 77, 0, 0, 0)
FORGE_DONE(kind_ready_in_call, 1, READY, 0, 0, 0)
FORGE_DONE(kind_hostcall_on_done, 1, HOST_CALL, 0, 0, 0)
FORGE_DONE(kind_log_on_done, 1, LOG, 0, 0, 0)
FORGE_DONE(length_huge, 1, RESULT, 0, 0, UINT64_MAX)
FORGE_DONE(length_just_over, 1, RESULT, 0, 0, capacity() + 1)
/* Exactly full is no lie: a valid answer of zeros. */
FORGE_DONE(length_full, 1, RESULT, 0, 0, capacity())
FORGE_DONE(name_length_huge, 1, RESULT, 0, UINT32_MAX, 0)
/* name_length + length is 16 when it wraps, and header + both wrap too. */
FORGE_DONE(name_and_length_overflow, 1, RESULT, 0, 32, UINT64_MAX - 15)
FORGE_DONE(name_in_result, 1, RESULT, 0, 4, 4)
/* Valid: any code may be returned. */
FORGE_DONE(code_any, 1, RESULT, UINT32_MAX, 0, 0)
FORGE_DONE(no_header, 0, 0, 0, 0, 0)
FORGE(reserved_filled) {
  memset(header()->reserved, 0xff, sizeof header()->reserved);
  return done(1, RESULT, 0, 0, 0);
}

FORGE(log_huge) {
  forge(1, LOG, 3, 0, UINT64_MAX);
  OUT(99);
  return NOT_CAUGHT;
}
FORGE(log_level_any) {
  forge(1, LOG, UINT32_MAX, 0, 4);
  OUT(99);
  return done(1, RESULT, 0, 0, 0);
}
FORGE(kind_result_on_log) {
  forge(1, RESULT, 0, 0, 4);
  OUT(99);
  return NOT_CAUGHT;
}
FORGE(log_flood) {
  for (;;) {
    forge(1, LOG, 1, 0, 1000);
    OUT(99);
  }
  return NOT_CAUGHT;
}
FORGE(print_flood) {
  for (;;)
    OUT(103);
  return NOT_CAUGHT;
}
FORGE(host_call_flood) {
  for (;;) {
    memcpy(snapvm_output(NULL), "lookup", 6);
    forge(1, HOST_CALL, 0, 6, 0);
    OUT(101);
  }
  return NOT_CAUGHT;
}
FORGE(host_call_huge_name) {
  forge(1, HOST_CALL, 0, UINT32_MAX, 0);
  OUT(101);
  return NOT_CAUGHT;
}
FORGE(host_call_long_name) {
  memset(snapvm_output(NULL), 'a', 4096);
  forge(1, HOST_CALL, 0, 4096, 0);
  OUT(101);
  return done(1, RESULT, 0, 0, 0);
}
/* Not UTF-8, and a NUL in it. */
FORGE(host_call_bad_name) {
  memcpy(snapvm_output(NULL), "\xff\xfe\0\x80", 4);
  forge(1, HOST_CALL, 0, 4, 0);
  OUT(101);
  return done(1, RESULT, 0, 0, 0);
}
FORGE(abort_huge) {
  forge(1, 5, 1, 0, UINT64_MAX);
  OUT(102);
  return NOT_CAUGHT;
}

/* ---- the port itself ---- */
FORGE(done_wide) {
  forge(1, RESULT, 0, 0, 0);
  __asm__ volatile("outl %%eax, $108" : : "a"(0) : "memory");
  return NOT_CAUGHT;
}
FORGE(done_word) {
  forge(1, RESULT, 0, 0, 0);
  __asm__ volatile("outw %%ax, $108" : : "a"(0) : "memory");
  return NOT_CAUGHT;
}
/* The port in dx, not an immediate: the same port, so the host may take it or refuse it, but must not be
 * confused. */
FORGE(done_by_dx) {
  forge(1, RESULT, 0, 0, 0);
  __asm__ volatile("outb %%al, %%dx" : : "a"(0), "d"(108) : "memory");
  return NOT_CAUGHT;
}
FORGE(outs) {
  forge(1, RESULT, 0, 0, 0);
  const void* from = header();
  size_t count = 16;
  __asm__ volatile("rep outsb" : "+S"(from), "+c"(count) : "d"(108) : "memory");
  return NOT_CAUGHT;
}
FORGE(in_allowed_port) {
  __asm__ volatile("inb $108, %%al" : : : "al", "memory");
  return NOT_CAUGHT;
}
/* Says that the monitor's fault port was written, from ring 3. */
FORGE(fault_port) {
  __asm__ volatile("outb %%al, $0x8e" : : "a"(0) : "memory");
  return NOT_CAUGHT;
}
FORGE(syscall_port) {
  OUT(110);
  return NOT_CAUGHT;
}

FORGE(ok) {
  return snapvm_write("ok", 2);
}

#define ENTRY(name)                                                                                          \
  {                                                                                                          \
#name, name                                                                                              \
  }
static const snapvm_handler table[] = {
    ENTRY(ok),
    ENTRY(abi_wrong),
    ENTRY(kind_zero),
    ENTRY(kind_unknown),
    ENTRY(kind_ready_in_call),
    ENTRY(kind_hostcall_on_done),
    ENTRY(kind_log_on_done),
    ENTRY(length_huge),
    ENTRY(length_just_over),
    ENTRY(length_full),
    ENTRY(name_length_huge),
    ENTRY(name_and_length_overflow),
    ENTRY(name_in_result),
    ENTRY(code_any),
    ENTRY(no_header),
    ENTRY(reserved_filled),
    ENTRY(log_huge),
    ENTRY(log_level_any),
    ENTRY(kind_result_on_log),
    ENTRY(log_flood),
    ENTRY(print_flood),
    ENTRY(host_call_flood),
    ENTRY(host_call_huge_name),
    ENTRY(host_call_long_name),
    ENTRY(host_call_bad_name),
    ENTRY(abort_huge),
    ENTRY(done_wide),
    ENTRY(done_word),
    ENTRY(done_by_dx),
    ENTRY(outs),
    ENTRY(in_allowed_port),
    ENTRY(fault_port),
    ENTRY(syscall_port),
};

/* Leaves as ready, with `dispatch` in rax. */
static void ready(uint64_t dispatch) {
  __asm__ volatile("outb %%al, $108" : : "a"(dispatch) : "memory");
}

static void ready_with(uint64_t dispatch, uint64_t length) {
  memcpy(snapvm_output(NULL), "ok", 3);
  forge(1, READY, 0, 0, length);
  ready(dispatch);
}

int main(void) {
  size_t length;
  const uint8_t* how = snapvm_init_data(&length);
  static uint8_t not_executable[16];
  switch (length ? *how : 0) {
  case 'r': /* no names */
    ready_with((uintptr_t)main, 0);
    break;
  case 'n': /* a list longer than the buffer */
    ready_with((uintptr_t)main, UINT64_MAX);
    break;
  case 'm': /* as many names as fit, each empty */
    memset(snapvm_output(NULL), 0, capacity());
    forge(1, READY, 0, 0, capacity());
    ready((uintptr_t)main);
    break;
  case 'u': /* the last name has no end */
    ready_with((uintptr_t)main, 2);
    break;
  case 'q': /* the same name twice */
    memcpy(snapvm_output(NULL), "ok\0ok", 6);
    forge(1, READY, 0, 0, 6);
    ready((uintptr_t)main);
    break;
  case 'd': /* dispatch is non-canonical */
    ready_with(0x8000000000000000u, 3);
    break;
  case 'x': /* dispatch is not executable */
    ready_with((uintptr_t)not_executable, 3);
    break;
  case 'k': /* dispatch is in the monitor */
    ready_with(0xffffffff80000000u, 3);
    break;
  case 'h': /* a host call */
    memcpy(snapvm_output(NULL), "lookup", 6);
    forge(1, HOST_CALL, 0, 6, 0);
    OUT(101);
    break;
  case 'e': /* main returns */
    return 0;
  case 'a':
    snapvm_abort(9, "no wish to start");
  case 'l': /* never ready */
    for (;;)
      __asm__ volatile("");
  case 'f':
    __builtin_trap();
  case 'z': /* a result, where nothing was called */
    done(1, RESULT, 0, 0, 0);
    break;
  case 's': /* ready, with a stack pointer that is nowhere */
    memcpy(snapvm_output(NULL), "ok", 3);
    forge(1, READY, 0, 0, 3);
    __asm__ volatile("xorl %%esp, %%esp; outb %%al, $108" : : "a"(main) : "memory");
    break;
  default:
    break;
  }
  snapvm_serve(table, sizeof table / sizeof *table);
}
