/* What was thrown, for the host: which kind it is, and what is worth telling. */
#include "allocator.h"
#include "runtime.h"
#include <snapvm.h>
#include <string.h>

static JSValue describe;     /* of the prelude */
static JSValue engine_error; /* the prototype of the errors that only the engine throws */
static JSValue range_error;  /* RangeError.prototype */

void failure_start(JSValueConst prelude) {
  describe = JS_GetPropertyStr(js, prelude, "describe");
  engine_error = JS_GetPropertyStr(js, prelude, "engineError");
  range_error = JS_GetPropertyStr(js, prelude, "rangeError");
}

enum outcome failure_say(enum outcome outcome, const char* sentence) {
  snapvm_output_set_length(0);
  snapvm_write(sentence, strlen(sentence));
  return outcome;
}

static int is_made_from(JSValueConst thrown, JSValueConst expected) {
  if (!JS_IsError(thrown)) return 0;
  JSValue prototype = JS_GetPrototype(js, thrown);
  int same = JS_VALUE_GET_TAG(prototype) == JS_TAG_OBJECT &&
             JS_VALUE_GET_PTR(prototype) == JS_VALUE_GET_PTR(expected);
  JS_FreeValue(js, prototype);
  return same;
}

static int has_message(JSValueConst error, const char* expected) {
  JSValue value = JS_GetPropertyStr(js, error, "message");
  const char* message = JS_IsException(value) ? NULL : JS_ToCString(js, value);
  int same = message && strcmp(message, expected) == 0;
  JS_FreeCString(js, message);
  JS_FreeValue(js, value);
  return same;
}

static enum outcome kind_of(JSValueConst thrown) {
  /* With no memory for an error the engine throws null. */
  if (JS_IsNull(thrown)) return allocator_failed() ? OUTCOME_MEMORY : OUTCOME_THROWN;
  if (is_made_from(thrown, engine_error) && has_message(thrown, "out of memory")) return OUTCOME_MEMORY;
  if (is_made_from(thrown, range_error) && has_message(thrown, "Maximum call stack size exceeded"))
    return OUTCOME_RECURSION;
  return OUTCOME_THROWN;
}

/* All that is told, or with a small output buffer as little as there is. */
static int describe_to_output(JSValueConst thrown, JSValueConst all) {
  JSValueConst arguments[2] = {thrown, all};
  size_t capacity, length;
  snapvm_output(&capacity);
  JSValue parts = JS_Call(js, describe, JS_UNDEFINED, 2, arguments);
  int failed = JS_IsException(parts) || values_put_parts(parts, &length);
  JS_FreeValue(js, parts);
  if (failed) return -1;
  if (length > capacity) return JS_ToBool(js, all) ? describe_to_output(thrown, JS_FALSE) : -1;
  snapvm_output_set_length(length);
  return 0;
}

enum outcome failure_report(void) {
  JSValue thrown = JS_GetException(js);
  enum outcome outcome = kind_of(thrown);
  if (outcome == OUTCOME_MEMORY) return failure_say(outcome, "");
  return describe_to_output(thrown, JS_TRUE) ? failure_say(allocator_failed() ? OUTCOME_MEMORY : outcome, "")
                                             : outcome;
}
