/*
 * Output, and the messages that share its buffer. A log or a host call goes where the pending answer already
 * lies, so the bytes it covers are set aside and put back after the exit; a call without either pays nothing.
 */
#include "abi.h"

static struct output* output(void) {
  return snapvm_state.peb->output;
}
static size_t capacity(void) {
  return snapvm_state.peb->output_size - HEADER_BYTES;
}
static size_t smaller(size_t a, size_t b) {
  return a < b ? a : b;
}

int snapvm_write(const void* data, size_t length) {
  struct output* out = output();
  if (length > capacity() - out->length) return -1;
  if (length) memmove(out->payload + out->length, data, length); /* nothing may come without an address */
  out->length += length;
  return 0;
}

uint8_t* snapvm_output(size_t* size) {
  if (size) *size = capacity();
  return output()->payload;
}

int snapvm_output_set_length(size_t length) {
  if (length > capacity()) return -1;
  output()->length = length;
  return 0;
}

static void header(enum kind kind, uint32_t code, size_t name_length, size_t length) {
  struct output* out = output();
  out->abi = ABI_VERSION;
  out->kind = kind;
  out->code = code;
  out->name_length = (uint32_t)name_length;
  out->length = length;
}

/* The answer as it was before the message: only its length is kept in the header until the call ends. */
static void put_back(size_t pending, const void* saved, size_t covered) {
  if (covered) memcpy(output()->payload, saved, covered);
  header(0, 0, 0, pending);
}

__attribute__((noinline)) static void log_text(int level, const char* text) {
  uint8_t saved[TEXT_LIMIT];
  size_t pending = output()->length;
  size_t length = strnlen(text, TEXT_LIMIT);
  size_t covered = smaller(pending, length);
  memcpy(saved, output()->payload, covered);
  memmove(output()->payload, text, length);
  header(KIND_LOG, (uint32_t)level, 0, length);
  SNAPVM_OUT(PORT_LOG, 0);
  put_back(pending, saved, covered);
}

static int logs(int level) {
  return level >= SNAPVM_LOG_ERROR && (uint64_t)level <= snapvm_state.log_level;
}

void snapvm_log(int level, const char* text) {
  if (logs(level)) log_text(level, text);
}

void snapvm_logf(int level, const char* format, ...) {
  if (!logs(level)) return;
  char text[TEXT_LIMIT];
  va_list arguments;
  va_start(arguments, format);
  snapvm_vformat(text, sizeof text, format, arguments);
  va_end(arguments);
  log_text(level, text);
}

void snapvm_print(const char* text) {
  for (; *text; text++)
    SNAPVM_OUT(PORT_PRINT, *text);
}

void snapvm_abort(uint32_t code, const char* message) {
  size_t length = strnlen(message, TEXT_LIMIT);
  memmove(output()->payload, message, length);
  header(KIND_ABORT, code, 0, length);
  SNAPVM_LEAVE(PORT_ABORT);
}

#ifndef SNAPVM_LINUX
void abort(void) {
  snapvm_abort(SNAPVM_ABORT_ABORT, "abort() was called");
}
#endif

int snapvm_host_call(const char* name, const void* data, size_t length, const uint8_t** answer,
                     size_t* answer_length) {
  if (answer) *answer = snapvm_state.peb->input->payload;
  if (answer_length) *answer_length = 0;
  size_t name_length = strnlen(name, NAME_LIMIT + 1);
  if (!snapvm_state.serving || name_length == 0 || name_length > NAME_LIMIT) return SNAPVM_NOT_ALLOWED;
  if (length > capacity() - name_length) return SNAPVM_TOO_LARGE;
  struct output* out = output();
  size_t pending = out->length;
  size_t covered = smaller(pending, name_length + length);
  void* saved = NULL;
  if (covered) {
    saved = malloc(covered);
    if (!saved) return SNAPVM_TOO_LARGE;
    memcpy(saved, out->payload, covered);
  }
  /* The data, and even the name, may themselves lie in the output. */
  char safe_name[NAME_LIMIT];
  memcpy(safe_name, name, name_length);
  if (length) memmove(out->payload + name_length, data, length);
  memcpy(out->payload, safe_name, name_length);
  header(KIND_HOST_CALL, 0, name_length, length);
  SNAPVM_OUT(PORT_HOST_CALL, 0);
  put_back(pending, saved, covered);
  free(saved);
  if (answer_length) *answer_length = snapvm_state.peb->input->length;
  return (int)snapvm_state.peb->input->status;
}

const uint8_t* snapvm_entropy(void) {
  return snapvm_state.peb->input->entropy;
}

const uint8_t* snapvm_init_data(size_t* length) {
  if (length) *length = snapvm_state.peb->init_size;
  return snapvm_state.peb->init;
}
