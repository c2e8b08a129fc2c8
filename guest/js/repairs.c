/*
 * What the engine does otherwise than the language says, made right. What is called engine_ here is called by
 * the engine in place of its own function, which has a 0 behind its name: scripts/engine-repairs.mjs. Offsets
 * are those of the engine's structures, in its one version.
 */
#include "engine-impl.h"
#include "quickjs.h"

enum {
  OBJECT_FLAGS = 8, /* 8 bits */
  OBJECT_FAST = 1 << 4,
  OBJECT_CLASS = 10, /* 16 bits */
  OBJECT_OPAQUE = 24,
  ARRAY_VALUES = 28,
  ARRAY_COUNT = 32,
  CLASS_ARRAY = 2,
};

static u32 word(u32 address) {
  return i32_load_default32(address);
}

static u32 address_of(u64 object) {
  return (u32)object;
}

/* ---- what names in a function mean ---- */

/* The engine has a parameter twice when there are expressions in the list of parameters: once for those, once
 * for the body. Both are to be one, unless the body declares a variable of that name. */

enum {
  FUNCTION_FLAGS = 36,
  HAS_PARAMETER_EXPRESSIONS = 1 << 6,
  FUNCTION_VARIABLES = 48,
  FUNCTION_PARAMETERS = 64,
  FUNCTION_SCOPES = 140,
  SCOPE_BYTES = 20,
  SCOPE_FIRST = 4,
  PARAMETERS_SCOPE = 1,
  PARAMETER = 1 << 29, /* a place is one of a parameter */
  CAPTURED = 1 << 2,
};

struct variable {
  u32 name;
  s32 scope, next;
  u8 flags;
  u8 declared; /* ours: nothing of the engine's is there */
  u16 reference;
  s32 function;
};

static struct variable* variable_of(u32 function, u32 place) {
  u32 list = word(function + (place & PARAMETER ? FUNCTION_PARAMETERS : FUNCTION_VARIABLES));
  return (struct variable*)POINTER(list) + (place & ~(u32)PARAMETER);
}

u32 repairs_declare_var(u32 function, u32 name) {
  u32 place = engine_find_var(function, name);
  if ((s32)place >= 0) variable_of(function, place)->declared = 1;
  return place;
}

/* A function in the list of parameters is made before what is in the body, so what it uses is marked by now.
 */
static u32 shared(u32 function, u32 place) {
  const struct variable* in_body = variable_of(function, place);
  if (in_body->declared || !(word(function + FUNCTION_FLAGS) & HAS_PARAMETER_EXPRESSIONS)) return place;
  u32 scope = word(function + FUNCTION_SCOPES) + PARAMETERS_SCOPE * SCOPE_BYTES;
  for (s32 at = (s32)word(scope + SCOPE_FIRST); at >= 0;) {
    const struct variable* variable = variable_of(function, (u32)at);
    if (variable->name == in_body->name) return variable->flags & CAPTURED ? (u32)at : place;
    at = variable->next;
  }
  return place;
}

u32 repairs_find_var(u32 function, u32 name) {
  u32 place = engine_find_var(function, name);
  return (s32)place < 0 ? place : shared(function, place);
}

/* One that was taken out of a parameter is found as a variable of the body, whose scope is the first. */
u32 repairs_variable(u32 function, u32 place) {
  return variable_of(function, place)->scope == 0 ? shared(function, place) : place;
}

/* ---- objects and arrays ---- */

/* A string has properties, too. */
u32 engine_JS_CopyDataProperties(u32 context, u64 target, u64 source, u64 excluded, u32 set) {
  if (!JS_IsString(source)) return engine_JS_CopyDataProperties0(context, target, source, excluded, set);
  u64 object = engine_JS_ToObject(context, source);
  if (JS_IsException(object)) return (u32)-1;
  u32 result = engine_JS_CopyDataProperties0(context, target, object, excluded, set);
  engine_JS_FreeValue(context, object);
  return result;
}

/* A proxy is asked for this first, and for nothing else when it says so. */
u64 engine_js_object_isSealed(u32 context, u64 self, u32 count, u32 arguments, u32 frozen) {
  u64 value = i64_load_default32(arguments);
  if (JS_IsObject(value)) {
    s32 extensible = (s32)engine_JS_IsExtensible(context, value);
    if (extensible) return extensible < 0 ? JS_EXCEPTION : JS_FALSE;
  }
  return engine_js_object_isSealed0(context, self, count, arguments, frozen);
}

int repairs_is_plain(u64 object) {
  u32 array = address_of(object);
  return i32_load16_u_default32(array + OBJECT_CLASS) == CLASS_ARRAY &&
         i32_load8_u_default32(array + OBJECT_FLAGS) & OBJECT_FAST;
}

struct joined {
  u32 object;
  const struct joined* outer;
};

/* Within itself an array is nothing. */
u64 engine_js_array_join(u32 context, u64 self, u32 count, u32 arguments, u32 locale) {
  static const struct joined* joined;
  if (!JS_IsObject(self)) return engine_js_array_join0(context, self, count, arguments, locale);
  const struct joined this = {address_of(self), joined};
  for (const struct joined* outer = joined; outer; outer = outer->outer)
    if (outer->object == this.object) return engine_JS_NewStringLen(context, ENGINE_DATA, 0);
  joined = &this;
  u64 text = engine_js_array_join0(context, self, count, arguments, locale);
  joined = this.outer;
  return text;
}

/* ---- JSON ---- */

/* It is looked for among all that are open: some 0.1 s at this depth, where Node gave up long before. */
enum { MOST_OPEN = 10000 };

u64 repairs_is_open(u32 context, u64 open, u32 count, u32 argument) {
  (void)count;
  u32 length = word(address_of(open) + ARRAY_COUNT);
  if (length >= MOST_OPEN) {
    engine_JS_ThrowStackOverflow(context);
    return JS_EXCEPTION;
  }
  u64 value = i64_load_default32(argument);
  const u64* values = POINTER(word(address_of(open) + ARRAY_VALUES));
  for (u32 at = 0; at < length; at++)
    if (values[at] == value) return JS_TRUE;
  return JS_FALSE;
}

/* ---- asynchronous generators ---- */

enum { GENERATOR_STATE = 4, STATE_COMPLETED = 5, GENERATOR_QUEUE = 72, QUEUE_NEXT = 4 };

/* One that is at its end answers all that wait for it, not the first of them only. */
void engine_js_async_generator_resume_next(u32 context, u32 generator) {
  do
    engine_js_async_generator_resume_next0(context, generator);
  while (word(generator + GENERATOR_STATE) == STATE_COMPLETED &&
         word(generator + GENERATOR_QUEUE + QUEUE_NEXT) != generator + GENERATOR_QUEUE);
}

/* `kind` is 2 or 3 after return(), when whoever came behind it is next. */
u64 engine_js_async_generator_resolve_function(u32 context, u64 self, u32 count, u32 arguments, u32 kind,
                                               u32 data) {
  u64 value = engine_js_async_generator_resolve_function0(context, self, count, arguments, kind, data);
  if (kind >= 2) {
    u32 object = address_of(i64_load_default32(data));
    engine_js_async_generator_resume_next(context, word(object + OBJECT_OPAQUE));
  }
  return value;
}
