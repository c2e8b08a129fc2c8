#include "abi.h"

#ifndef SNAPVM_LINUX /* linux.c begins there */
struct state snapvm_state;

int main(void);
__attribute__((noreturn)) void snapvm_main(const struct peb* peb, uint64_t seed, uint64_t page_size,
                                           uint64_t log_level);

typedef void (*constructor)(void);
extern const constructor __init_array_start[], __init_array_end[];

void snapvm_main(const struct peb* peb, uint64_t seed, uint64_t page_size, uint64_t log_level) {
  (void)page_size;
  snapvm_state.peb = peb;
  snapvm_state.seed = seed;
  snapvm_state.log_level = log_level;
  for (const constructor* run = __init_array_start; run != __init_array_end; run++)
    (*run)();
  main();
  snapvm_abort(SNAPVM_ABORT_NOT_SERVING, "main() returned without calling snapvm_serve()");
}
#endif

/* Entered for every call, on the stack that snapvm_ready() left. */
static void dispatch(void) {
  const struct input* input = snapvm_state.peb->input;
  if (input->function_index >= snapvm_state.count) {
    snapvm_abort(SNAPVM_ABORT_HOST, "called a function that this guest does not export");
  }
  snapvm_on_thaw();
  int code = snapvm_state.table[input->function_index].function(input->payload, input->length);
  struct output* output = snapvm_state.peb->output;
  output->abi = ABI_VERSION;
  output->kind = KIND_RESULT;
  output->code = (uint32_t)code;
  output->name_length = 0;
  SNAPVM_LEAVE(PORT_DONE);
}

static const char* invalid(const snapvm_handler* table, size_t index) {
  const char* name = table[index].name;
  size_t length = name ? strnlen(name, NAME_LIMIT + 1) : 0;
  if (length == 0) return "snapvm_serve: a function has no name";
  if (length > NAME_LIMIT) return "snapvm_serve: a function's name is longer than 63 bytes";
  if (!table[index].function) return "snapvm_serve: a handler is null";
  for (size_t other = 0; other < index; other++) {
    if (!strcmp(name, table[other].name)) return "snapvm_serve: two functions have the same name";
  }
  return NULL;
}

void snapvm_serve(const snapvm_handler* table, size_t count) {
  if (!table || count == 0) snapvm_abort(SNAPVM_ABORT_TABLE, "snapvm_serve: the table is empty");
  snapvm_output_set_length(0);
  for (size_t index = 0; index < count; index++) {
    const char* problem = invalid(table, index);
    if (problem) snapvm_abort(SNAPVM_ABORT_TABLE, problem);
    if (snapvm_write(table[index].name, strlen(table[index].name) + 1) != 0) {
      snapvm_abort(SNAPVM_ABORT_TABLE, "snapvm_serve: the names do not fit the output buffer");
    }
  }
  snapvm_state.table = table;
  snapvm_state.count = count;
  snapvm_state.serving = 1;
  snapvm_random_restart();
  struct output* output = snapvm_state.peb->output;
  output->abi = ABI_VERSION;
  output->kind = KIND_READY;
  output->code = 0;
  output->name_length = 0;
  snapvm_ready(dispatch);
}
