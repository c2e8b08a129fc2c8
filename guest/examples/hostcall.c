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

/* The input is the name of a host function, a space, and what to call it with. */
static int relay(const uint8_t* input, size_t length) {
  char name[64];
  size_t end = 0;
  while (end < length && end < sizeof name - 1 && input[end] != ' ') {
    name[end] = (char)input[end];
    end++;
  }
  name[end] = 0;
  const size_t start = end < length ? end + 1 : length;
  return ask(name, input + start, length - start);
}

/* The input is a number of calls: "lookup" gets the number of each. Answers how many came back with that
 * number. */
static int times(const uint8_t* input, size_t length) {
  unsigned count = 0;
  unsigned good = 0;
  char text[16];
  for (size_t i = 0; i < length && i < 6; i++)
    count = count * 10 + (input[i] - '0');
  for (unsigned turn = 1; turn <= count; turn++) {
    const uint8_t* answer;
    size_t answer_length;
    const size_t digits = (size_t)snapvm_format(text, sizeof text, "%u", turn);
    const int status = snapvm_host_call("lookup", text, digits, &answer, &answer_length);
    if (status == SNAPVM_OK && answer_length == digits && memcmp(answer, text, digits) == 0) good++;
  }
  snapvm_format(text, sizeof text, "%u", good);
  return write_text(text);
}

static void compute(void) {
  for (volatile unsigned i = 0; i < 5000000; i++) {
  }
}

/* Calls "lookup" as long as its answers fit, and computes for some milliseconds before each. */
static int toil(const uint8_t* input, size_t length) {
  do
    compute();
  while (ask("lookup", input, length) == 0);
  return 2;
}

/* Calls "lookup", and does not end. */
static int hang(const uint8_t* input, size_t length) {
  if (ask("lookup", input, length) != 0) return 2;
  for (;;)
    compute();
}

/* Calls "lookup", and crashes. */
static int trap(const uint8_t* input, size_t length) {
  ask("lookup", input, length);
  __builtin_trap();
}

int main(void) {
  static const snapvm_handler table[] = {{"lookup", lookup}, {"many", many},   {"ghost", ghost},
                                         {"say", say},       {"relay", relay}, {"times", times},
                                         {"toil", toil},     {"hang", hang},   {"trap", trap}};
  snapvm_serve(table, sizeof table / sizeof *table);
}
