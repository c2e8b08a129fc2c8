/*
 * What this engine does otherwise than the language says, and can be put right from outside: it is built as
 * it comes. Prelude/repairs.js has what need not be fast.
 */
#include "runtime.h"
#include <string.h>

/* ---- Map and Set: a key that is a float with a whole value is not found where the same integer is ---- */

static const struct {
  const char *collection, *method;
  int arguments;
} KEYED[] = {
    {"Map", "get", 1}, {"Map", "set", 2}, {"Map", "has", 1},    {"Map", "delete", 1},
    {"Set", "add", 1}, {"Set", "has", 1}, {"Set", "delete", 1},
};
enum { KEYED_METHODS = sizeof KEYED / sizeof KEYED[0] };
static JSValue keyed_originals[KEYED_METHODS];

static JSValue call_keyed(JSContext* context, JSValueConst this_value, int count, JSValueConst* arguments,
                          int method) {
  /* JS_NewFloat64 makes an integer of what is one. */
  JSValueConst values[2] = {count > 0 ? arguments[0] : JS_UNDEFINED, count > 1 ? arguments[1] : JS_UNDEFINED};
  if (JS_TAG_IS_FLOAT64(JS_VALUE_GET_TAG(values[0])))
    values[0] = JS_NewFloat64(context, JS_VALUE_GET_FLOAT64(values[0]));
  return JS_Call(context, keyed_originals[method], this_value, KEYED[method].arguments, values);
}

/* ---- JSON.parse: it takes "1." and any escape ---- */

static JSValue original_parse;

/* Where in a text that the engine took for JSON something is that JSON does not have; NULL if nothing is. */
static const char* json_problem(const char* text, size_t length) {
  int in_string = 0;
  for (const char *at = text, *end = text + length; at < end; at++) {
    if (!in_string) {
      in_string = *at == '"';
      if (*at == '.' && (at + 1 == end || at[1] < '0' || at[1] > '9')) return at;
    } else if (*at == '"') {
      in_string = 0;
    } else if (*at == '\\' && ++at < end && (*at == 0 || !strchr("\"\\/bfnrtu", *at))) {
      return at;
    }
  }
  return NULL;
}

static JSValue parse_json(JSContext* context, JSValueConst this_value, int count, JSValueConst* arguments) {
  size_t length;
  JSValueConst given = count > 0 ? arguments[0] : JS_UNDEFINED;
  const char* text = JS_ToCStringLen(context, &length, given);
  if (!text) return JS_EXCEPTION;
  const char* problem = json_problem(text, length);
  JSValue value;
  if (problem) {
    value = JS_ThrowSyntaxError(context, "unexpected '%c' in JSON", *problem);
  } else if (count > 1 && JS_IsFunction(context, arguments[1])) {
    value = JS_Call(context, original_parse, this_value, count, arguments);
  } else {
    value = JS_ParseJSON(context, text, length, "<input>");
  }
  JS_FreeCString(context, text);
  return value;
}

static void replace(JSValueConst object, const char* name, JSValue function) {
  JS_DefinePropertyValueStr(js, object, name, function, JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
}

void repairs_install(void) {
  JSValue global = JS_GetGlobalObject(js);
  for (int method = 0; method < KEYED_METHODS; method++) {
    JSValue collection = JS_GetPropertyStr(js, global, KEYED[method].collection);
    JSValue prototype = JS_GetPropertyStr(js, collection, "prototype");
    const char* name = KEYED[method].method;
    keyed_originals[method] = JS_GetPropertyStr(js, prototype, name);
    replace(
        prototype, name,
        JS_NewCFunctionMagic(js, call_keyed, name, KEYED[method].arguments, JS_CFUNC_generic_magic, method));
    JS_FreeValue(js, prototype);
    JS_FreeValue(js, collection);
  }
  JSValue json = JS_GetPropertyStr(js, global, "JSON");
  original_parse = JS_GetPropertyStr(js, json, "parse");
  replace(json, "parse", JS_NewCFunction(js, parse_json, "parse", 2));
  JS_FreeValue(js, json);
  JS_FreeValue(js, global);
}
