/* Where the groups of a match begin and end: what the flag "d" of regular expressions is made from. */
#include "libregexp.h"
#include "runtime.h"

static JSValue pair(int begin, int end) {
  JSValue array = JS_NewArray(js);
  JS_SetPropertyUint32(js, array, 0, JS_NewInt32(js, begin));
  JS_SetPropertyUint32(js, array, 1, JS_NewInt32(js, end));
  return array;
}

static JSValue execute(const uint8_t* program, const uint8_t* units, size_t length, uint32_t start) {
  int groups = lre_get_capture_count(program);
  uint8_t** found = js_mallocz(js, sizeof *found * 2 * (size_t)groups);
  if (!found) return JS_EXCEPTION;
  JSValue result = JS_NULL;
  if (lre_exec(found, program, units, (int)start, (int)length, 1, js) == 1) {
    result = JS_NewArray(js);
    for (int group = 0; group < groups; group++) {
      uint8_t** place_of = found + (size_t)2 * (size_t)group;
      const uint8_t *begin = place_of[0], *end = place_of[1];
      JSValue place = begin && end ? pair((int)(begin - units) / 2, (int)(end - units) / 2) : JS_UNDEFINED;
      JS_SetPropertyUint32(js, result, (uint32_t)group, place);
    }
  }
  js_free(js, found);
  return result;
}

/* (source, flags as of libregexp, the text's code units, where to start): an array of pairs, or null */
JSValue match_indices(JSContext* context, JSValueConst this_value, int count, JSValueConst* arguments) {
  (void)this_value;
  int32_t flags;
  uint32_t start;
  size_t length, size;
  if (count < 4 || JS_ToInt32(context, &flags, arguments[1]) || JS_ToUint32(context, &start, arguments[3]))
    return JS_ThrowTypeError(context, "four arguments");
  const uint8_t* units = bytes_of(arguments[2], &size);
  if (!units || start > size / 2) return units ? JS_NULL : JS_EXCEPTION;
  const char* source = JS_ToCStringLen2(context, &length, arguments[0], !(flags & LRE_FLAG_UTF16));
  if (!source) return JS_EXCEPTION;
  char message[64];
  int program_length;
  uint8_t* program = lre_compile(&program_length, message, sizeof message, source, length, flags, context);
  JS_FreeCString(context, source);
  if (!program) return JS_ThrowSyntaxError(context, "%s", message);
  JSValue result = execute(program, units, size / 2, start);
  js_free(context, program);
  return result;
}
