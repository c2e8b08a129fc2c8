/*
 * linux.elf: what Linux programs may count on, one part for each first argument. A part prints what it found;
 * what is right stands beside the assertion, in test/conformance/linux.ts.
 */
#include "linux.h"
#include <stdarg.h>

int snapvm_vformat(char* out, size_t size, const char* format, va_list arguments);
_Noreturn void begin(const uint64_t* stack);

static void write_all(int descriptor, const char* text, size_t length) {
  while (length > 0) {
    const long written = sys(SYS_WRITE, descriptor, text, length);
    if (written <= 0) leave(111);
    text += written;
    length -= (size_t)written;
  }
}

void say(const char* format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  const int length = snapvm_vformat(text, sizeof text, format, arguments);
  va_end(arguments);
  write_all(1, text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

void leave(int code) {
  for (;;)
    sys(SYS_EXIT_GROUP, code);
}

uint64_t decimal(const char* text) {
  uint64_t value = 0;
  for (; *text >= '0' && *text <= '9'; text++)
    value = value * 10 + (uint64_t)(*text - '0');
  return value;
}

uint8_t* map(size_t bytes, int rights) {
  const long at = sys6(SYS_MMAP, 0, (long)bytes, rights, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at < 0) {
    say("mmap: %ld\n", at);
    leave(112);
  }
  return (uint8_t*)at;
}

static part find(const struct entry* parts, const char* name) {
  for (; parts->name; parts++) {
    if (strcmp(parts->name, name) == 0) return parts->run;
  }
  return NULL;
}

void begin(const uint64_t* stack) {
  struct start start = {.argc = (int)stack[0], .argv = (char**)(stack + 1)};
  start.env = start.argv + start.argc + 1;
  char** end = start.env;
  while (*end)
    end++;
  start.auxiliary = (const uint64_t*)(end + 1);
  const char* name = start.argc > 1 ? start.argv[1] : "";
  part run = find(memory_parts, name);
  if (!run) run = find(page_parts, name);
  if (!run) run = find(signal_parts, name);
  if (!run) run = find(process_parts, name);
  if (run) {
    run(&start);
    leave(0);
  }
  say("there is no part \"%s\"\n", name);
  leave(113);
}
