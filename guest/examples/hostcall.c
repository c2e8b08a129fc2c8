/* Calls the host back, and survives its refusals. */
#include <snapvm.h>

static int write_text(const char* text) {
  return snapvm_write(text, strlen(text));
}

static const char* status_text(int status) {
  switch (status) {
  case SNAPVM_FAILED:
    return "failed";
  case SNAPVM_NOT_ALLOWED:
    return "not allowed";
  case SNAPVM_TOO_LARGE:
    return "too large";
  default:
    return "ok";
  }
}

/* The host's answer, or why there is none. */
static int ask(const char* name, const uint8_t* input, size_t length) {
  const uint8_t* answer;
  size_t answer_length;
  const int status = snapvm_host_call(name, input, length, &answer, &answer_length);
  return status == SNAPVM_OK ? snapvm_write(answer, answer_length) : write_text(status_text(status));
}

static int lookup(const uint8_t* input, size_t length) {
  return ask("lookup", input, length);
}

static int ghost(const uint8_t* input, size_t length) {
  return ask("ghost", input, length);
}

/* The input is a number of calls, up to 99999. Each passes its turn to "lookup"; the answers are joined, and
 * what was written before stays whole although messages use the same buffer. 1: not a number, 2: no room for
 * the answer. */
static int many(const uint8_t* input, size_t length) {
  unsigned count = 0;
  if (length == 0 || length > 5) return 1;
  for (size_t i = 0; i < length; i++) {
    if (input[i] < '0' || input[i] > '9') return 1;
    count = count * 10 + (input[i] - '0');
  }
  for (unsigned turn = 1; turn <= count; turn++) {
    char text[16];
    const int digits = snapvm_format(text, sizeof text, "%u", turn);
    if (ask("lookup", (const uint8_t*)text, (size_t)digits) != 0 || write_text(";") != 0) return 2;
    snapvm_logf(SNAPVM_LOG_DEBUG, "turn %u of %u", turn, count);
  }
  return 0;
}

/* Says the input to the log at the level "info". */
static int say(const uint8_t* input, size_t length) {
  snapvm_logf(SNAPVM_LOG_INFO, "%.*s", (int)(length > 1000 ? 1000 : length), (const char*)input);
  return write_text("said");
}

int main(void) {
  static const snapvm_handler table[] = {{"lookup", lookup}, {"many", many}, {"ghost", ghost}, {"say", say}};
  snapvm_serve(table, sizeof table / sizeof *table);
}
