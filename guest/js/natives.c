/* The functions of the host and of C that the prelude turns into what programs know. */
#include "runtime.h"
#include <snapvm.h>
#include <string.h>
#include <time.h>

enum { LOG_LINE = 1024 };

static int host_allowed;

void natives_allow_host(void) {
  host_allowed = 1;
}

/* ---- the log ---- */

/* As much of the text as one line of the log takes, cut between characters. */
static size_t piece(const char* text, size_t length) {
  if (length <= LOG_LINE) return length;
  size_t cut = LOG_LINE;
  while (cut > 1 && ((uint8_t)text[cut] & 0xC0) == 0x80)
    cut--;
  return cut;
}

static void log_line(int level, const char* text, size_t length) {
  do {
    char line[LOG_LINE + 1];
    size_t cut = piece(text, length);
    memcpy(line, text, cut);
    line[cut] = 0;
    for (char* zero = line; (zero = memchr(zero, 0, (size_t)(line + cut - zero)));)
      *zero = ' ';
    snapvm_log(level, line);
    text += cut, length -= cut;
  } while (length);
}

/* (level, text) */
static NATIVE(native_log) {
  (void)this_value;
  int32_t level;
  size_t length;
  if (count < 2 || JS_ToInt32(js, &level, arguments[0])) return JS_EXCEPTION;
  const char* text = text_of(arguments[1], &length);
  if (!text) return JS_EXCEPTION;
  const char *from = text, *end = text + length;
  for (const char* line; (line = memchr(from, '\n', (size_t)(end - from))); from = line + 1)
    log_line(level, from, (size_t)(line - from));
  log_line(level, from, (size_t)(end - from));
  JS_FreeCString(js, text);
  return JS_UNDEFINED;
}

/* ---- randomness ---- */

/* Drawn some at a time, since the SDK makes a whole block for each request. */
static uint8_t drawn[512];
static size_t drawn_left;

void natives_seal(void) {
  memset(drawn, 0, sizeof drawn);
  drawn_left = 0;
}

static NATIVE(native_random) {
  (void)this_value, (void)count, (void)arguments;
  uint64_t bits;
  if (drawn_left < sizeof bits) {
    snapvm_random(drawn, sizeof drawn);
    drawn_left = sizeof drawn;
  }
  drawn_left -= sizeof bits;
  memcpy(&bits, drawn + drawn_left, sizeof bits);
  return JS_NewNumber(js, (double)(bits >> 11) * 0x1p-53);
}

/* (view) */
static NATIVE(native_fill_random) {
  (void)this_value;
  size_t length;
  uint8_t* bytes = bytes_of(count > 0 ? arguments[0] : JS_UNDEFINED, &length);
  if (!bytes) return JS_EXCEPTION;
  snapvm_random(bytes, length);
  return JS_UNDEFINED;
}

/* ---- time ---- */

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static NATIVE(native_now) {
  (void)this_value, (void)count, (void)arguments;
  return JS_NewNumber(js, now());
}

/* (milliseconds as of now()) */
static NATIVE(native_sleep_until) {
  (void)this_value;
  double until;
  if (count < 1 || JS_ToFloat64(js, &until, arguments[0])) return JS_EXCEPTION;
  for (double left; (left = until - now()) > 0;) {
    double seconds = left / 1e3 < 3600 ? left / 1e3 : 3600;
    struct timespec time = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    if (nanosleep(&time, NULL) != 0) break;
  }
  return JS_UNDEFINED;
}

/* ---- the host's functions ---- */

static JSValue refused(const char* name, int status) {
  switch (status) {
  case SNAPVM_NOT_ALLOWED:
    return JS_ThrowTypeError(
        js, "the function may not call host.%s; its policy's hostFunctions do not name it", name);
  case SNAPVM_TOO_LARGE:
    return JS_ThrowRangeError(js, "host.%s: what is sent or answered does not fit the message buffers", name);
  }
  JSValue error = JS_NewError(js);
  static char message[128];
  snapvm_format(message, sizeof message, "host.%s failed", name);
  JS_DefinePropertyValueStr(js, error, "message", JS_NewString(js, message),
                            JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
  return JS_Throw(js, error);
}

static JSValue call_host(const char* name, JSValueConst values) {
  if (!host_allowed)
    return JS_ThrowTypeError(js, "host.%s: host functions can be called once the module is evaluated", name);
  size_t length;
  switch (values_encode(values, &length)) {
  case OUTCOME_OK:
    break;
  case OUTCOME_TOO_LARGE:
    return refused(name, SNAPVM_TOO_LARGE);
  default:
    return JS_EXCEPTION;
  }
  const uint8_t* answer;
  size_t answer_length;
  int status = snapvm_host_call(name, snapvm_output(NULL), length, &answer, &answer_length);
  return status == SNAPVM_OK ? values_decode(answer, answer_length) : refused(name, status);
}

/* (name, array of values) */
static NATIVE(native_host_call) {
  (void)this_value;
  if (count < 2) return JS_ThrowTypeError(js, "two arguments");
  const char* name = JS_ToCString(js, arguments[0]);
  if (!name) return JS_EXCEPTION;
  JSValue answer = call_host(name, arguments[1]);
  JS_FreeCString(js, name);
  return answer;
}

/* (object) */
static NATIVE(native_class_of) {
  (void)this_value;
  return JS_NewInt32((int32_t)JS_GetClassID(count > 0 ? arguments[0] : JS_UNDEFINED));
}

JSValue natives_create(void) {
  static const struct {
    const char* name;
    int length;
    js_native* function;
  } functions[] = {
      {"log", 2, native_log},
      {"random", 0, native_random},
      {"fillRandom", 1, native_fill_random},
      {"now", 0, native_now},
      {"sleepUntil", 1, native_sleep_until},
      {"hostCall", 2, native_host_call},
      {"encodeUtf8", 1, text_encode},
      {"decodeUtf8", 3, text_decode},
      {"classOf", 1, native_class_of},
  };
  JSValue natives = JS_NewObject(js);
  for (size_t index = 0; index < sizeof functions / sizeof functions[0]; index++) {
    JSValue function =
        JS_NewCFunction(js, functions[index].function, functions[index].name, functions[index].length);
    JS_DefinePropertyValueStr(js, natives, functions[index].name, function, 0);
  }
  return natives;
}
