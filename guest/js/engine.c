/* The engine's functions (quickjs.h) over what was WebAssembly, and what it wants of a system. */
#include "allocator.h"
#include "engine-impl.h"
#include "quickjs.h"
#include <snapvm.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { ARGUMENTS = 4, MESSAGE = 512, STACK_MARGIN = 48 * 1024 };

extern u8 engine_data[]; /* what it has in its memory from the start: rules.mk */
u32 engine_stack_pointer;
static u8* lowest_of_stack;

/* What a function gives beside its value: read at once. */
static u32 results[2];
static double number_result;

static u32 address(const void* pointer) {
  return (u32)(uintptr_t)pointer;
}

u32 engine_name(void (*function)(void)) {
  static u32 own;
  if (own == OWN_FUNCTIONS) snapvm_abort(1, "too many functions for the engine");
  u32 name = engine_table_used + own++;
  engine_table[name] = function;
  return name;
}

/* ---- start ---- */

static void free_bytes(u32 runtime, u32 opaque, u32 bytes) {
  (void)opaque;
  engine_js_free_rt(runtime, bytes);
}

static u32 free_bytes_name;

JSContext* engine_start(size_t stack_bytes) {
  static u32
      functions[5]; /* only the runtime itself is allocated by them: calloc, malloc, free, realloc, usable */
  if (address(engine_data) != ENGINE_DATA) snapvm_abort(1, "the engine's data is not where it should be");
  u8* stack = allocator_take(stack_bytes);
  if (!stack) return NULL;
  lowest_of_stack = stack;
  engine_stack_pointer = address(stack + stack_bytes) & ~15u;
  engine_0x5Finitialize();
  free_bytes_name = ENGINE_NAME(free_bytes);
  functions[0] = ENGINE_NAME(allocator_new_runtime);
  functions[4] = ENGINE_NAME(allocator_usable);
  u32 runtime = engine_JS_NewRuntime2(address(functions), 0);
  if (!runtime) return NULL;
  engine_JS_UpdateStackTop(runtime);
  engine_JS_SetMaxStackSize(runtime, (u32)(stack_bytes - STACK_MARGIN));
  JS_SetGCThreshold(POINTER(runtime), SIZE_MAX);
  return POINTER(engine_JS_NewContext(runtime));
}

uint8_t* engine_stack(const uint8_t** lowest) {
  *lowest = lowest_of_stack;
  return POINTER(engine_stack_pointer);
}

JSRuntime* JS_GetRuntime(JSContext* context) {
  return POINTER(engine_JS_GetRuntime(address(context)));
}

void JS_RunGC(JSRuntime* runtime) {
  engine_JS_RunGC(address(runtime));
}

void JS_SetGCThreshold(JSRuntime* runtime, size_t bytes) {
  engine_JS_SetGCThreshold(address(runtime), bytes > UINT32_MAX ? UINT32_MAX : (u32)bytes);
}

void JS_SetInterruptHandler(JSRuntime* runtime, uint32_t (*handler)(uint32_t, uint32_t)) {
  engine_JS_SetInterruptHandler(address(runtime), ENGINE_NAME(handler), 0);
}

void JS_SetHostPromiseRejectionTracker(JSRuntime* runtime, js_rejection_tracker* tracker) {
  engine_JS_SetHostPromiseRejectionTracker(address(runtime), ENGINE_NAME(tracker), 0);
}

/* ---- values ---- */

JSValue JS_DupValue(JSContext* context, JSValueConst value) {
  return engine_JS_DupValue(address(context), value);
}

void JS_FreeValue(JSContext* context, JSValue value) {
  engine_JS_FreeValue(address(context), value);
}

JSValue JS_NewNumber(JSContext* context, double value) {
  return engine_JS_NewNumber(address(context), value);
}

JSValue JS_NewStringLen(JSContext* context, const char* text, size_t length) {
  return engine_JS_NewStringLen(address(context), address(text), (u32)length);
}

JSValue JS_NewString(JSContext* context, const char* text) {
  return JS_NewStringLen(context, text, strlen(text));
}

JSValue JS_NewObject(JSContext* context) {
  return engine_JS_NewObject(address(context));
}

JSValue JS_NewArray(JSContext* context) {
  return engine_JS_NewArray(address(context));
}

JSValue JS_NewCFunction(JSContext* context, js_native* function, const char* name, int length) {
  return engine_JS_NewCFunction2(address(context), ENGINE_NAME(function), address(name), (u32)length, 0, 0);
}

static void* copy_of(JSContext* context, const void* bytes, size_t length) {
  void* copy = js_malloc(context, length + 1);
  if (copy) memcpy(copy, bytes, length);
  return copy;
}

JSValue JS_NewArrayBufferCopy(JSContext* context, const uint8_t* bytes, size_t length) {
  void* copy = copy_of(context, bytes, length);
  if (!copy) return JS_EXCEPTION;
  return engine_JS_NewArrayBuffer(address(context), address(copy), (u32)length, 0, free_bytes_name, 0, 0);
}

JSValue JS_NewUint8ArrayCopy(JSContext* context, const uint8_t* bytes, size_t length) {
  void* copy = copy_of(context, bytes, length);
  if (!copy) return JS_EXCEPTION;
  return engine_JS_NewUint8Array(address(context), address(copy), (u32)length, free_bytes_name, 0, 0);
}

JSValue JS_GetGlobalObject(JSContext* context) {
  return engine_JS_GetGlobalObject(address(context));
}

JSValue JS_ParseJSON(JSContext* context, const char* text, size_t length, const char* name) {
  char* copy = copy_of(context, text, length);
  if (!copy) return JS_EXCEPTION;
  copy[length] = 0;
  JSValue value = engine_JS_ParseJSON(address(context), address(copy), (u32)length, address(name));
  js_free(context, copy);
  return value;
}

JSValue JS_JSONStringify(JSContext* context, JSValueConst value, JSValueConst replacer, JSValueConst space) {
  return engine_JS_JSONStringify(address(context), value, replacer, space);
}

JSValue JS_GetPropertyStr(JSContext* context, JSValueConst object, const char* name) {
  return engine_JS_GetPropertyStr(address(context), object, address(name));
}

JSValue JS_GetPropertyUint32(JSContext* context, JSValueConst object, uint32_t index) {
  return engine_JS_GetPropertyUint32(address(context), object, index);
}

int JS_SetPropertyUint32(JSContext* context, JSValueConst object, uint32_t index, JSValue value) {
  return (int)engine_JS_SetPropertyUint32(address(context), object, index, value);
}

int JS_DefinePropertyValueStr(JSContext* context, JSValueConst object, const char* name, JSValue value,
                              int flags) {
  return (int)engine_JS_DefinePropertyValueStr(address(context), object, address(name), value, (u32)flags);
}

JSValue JS_GetPrototype(JSContext* context, JSValueConst object) {
  return engine_JS_GetPrototype(address(context), object);
}

int JS_GetOwnPropertyNames(JSContext* context, JSPropertyEnum** names, uint32_t* count, JSValueConst object,
                           int flags) {
  int failed = (int)engine_JS_GetOwnPropertyNames(address(context), address(results), address(results + 1),
                                                  object, (u32)flags);
  *names = POINTER(results[0]);
  *count = results[1];
  return failed;
}

void JS_FreePropertyEnum(JSContext* context, JSPropertyEnum* names, uint32_t count) {
  engine_JS_FreePropertyEnum(address(context), address(names), count);
}

int JS_GetOwnValue(JSContext* context, JSValue* value, JSValueConst object, JSAtom name) {
  static struct {
    u32 flags;
    JSValue value, getter, setter;
  } found;
  int has = (int)engine_JS_GetOwnProperty(address(context), address(&found), object, name);
  if (has <= 0) return has;
  *value = found.value;
  if (!(found.flags & JS_PROP_GETSET)) return has;
  JS_FreeValue(context, found.getter);
  JS_FreeValue(context, found.setter);
  *value = JS_EXCEPTION;
  return has;
}

int JS_HasProperty(JSContext* context, JSValueConst object, JSAtom name) {
  return (int)engine_JS_HasProperty(address(context), object, name);
}

JSAtom JS_NewAtom(JSContext* context, const char* name) {
  return engine_JS_NewAtomLen(address(context), address(name), (u32)strlen(name));
}

uint32_t JS_GetClassID(JSValueConst value) {
  return engine_JS_GetClassID(value);
}

int JS_IsError(JSValueConst value) {
  return (int)engine_JS_IsError(value);
}

int JS_IsFunction(JSContext* context, JSValueConst value) {
  return (int)engine_JS_IsFunction(address(context), value);
}

int JS_GetTypedArrayType(JSValueConst value) {
  return (int)engine_JS_GetTypedArrayType(value);
}

int JS_ToBool(JSContext* context, JSValueConst value) {
  return (int)engine_JS_ToBool(address(context), value);
}

int JS_ToInt32(JSContext* context, int32_t* result, JSValueConst value) {
  int failed = (int)engine_JS_ToInt32(address(context), address(results), value);
  *result = (int32_t)results[0];
  return failed;
}

int JS_ToFloat64(JSContext* context, double* result, JSValueConst value) {
  int failed = (int)engine_JS_ToFloat64(address(context), address(&number_result), value);
  *result = number_result;
  return failed;
}

const char* JS_ToCStringLen(JSContext* context, size_t* length, JSValueConst value) {
  const char* text = POINTER(engine_JS_ToCStringLen2(address(context), address(results), value, 0));
  *length = results[0];
  return text;
}

const char* JS_ToCString(JSContext* context, JSValueConst value) {
  size_t length;
  return JS_ToCStringLen(context, &length, value);
}

void JS_FreeCString(JSContext* context, const char* text) {
  if (text) engine_JS_FreeCString(address(context), address(text));
}

uint8_t* JS_GetArrayBuffer(JSContext* context, size_t* length, JSValueConst value) {
  uint8_t* bytes = POINTER(engine_JS_GetArrayBuffer(address(context), address(results), value));
  *length = results[0];
  return bytes;
}

JSValue JS_GetTypedArrayBuffer(JSContext* context, JSValueConst array, size_t* offset, size_t* length) {
  JSValue buffer =
      engine_JS_GetTypedArrayBuffer(address(context), array, address(results), address(results + 1), 0);
  *offset = results[0];
  *length = results[1];
  return buffer;
}

/* ---- running ---- */

JSValue JS_Eval(JSContext* context, const char* script, size_t length, const char* name, int flags) {
  char* copy = copy_of(context, script, length);
  if (!copy) return JS_EXCEPTION;
  copy[length] = 0;
  static char short_name[256];
  strncpy(short_name, name, sizeof short_name - 1);
  JSValue value =
      engine_JS_Eval(address(context), address(copy), (u32)length, address(short_name), (u32)flags);
  js_free(context, copy);
  return value;
}

JSValue JS_EvalFunction(JSContext* context, JSValue function) {
  return engine_JS_EvalFunction(address(context), function);
}

JSValue JS_Call(JSContext* context, JSValueConst function, JSValueConst this_value, int count,
                const JSValueConst* arguments) {
  u32 top = engine_stack_pointer;
  engine_stack_pointer -= ARGUMENTS * sizeof *arguments;
  u32 copies = engine_stack_pointer;
  memcpy(POINTER(copies), arguments, (size_t)count * sizeof *arguments);
  JSValue value = engine_JS_Call(address(context), function, this_value, (u32)count, copies);
  engine_stack_pointer = top;
  return value;
}

int JS_ExecutePendingJob(JSRuntime* runtime) {
  return (int)engine_JS_ExecutePendingJob(address(runtime), address(results));
}

JSValue JS_Throw(JSContext* context, JSValue value) {
  return engine_JS_Throw(address(context), value);
}

JSValue JS_GetException(JSContext* context) {
  return engine_JS_GetException(address(context));
}

JSValue JS_NewError(JSContext* context) {
  return engine_JS_NewError(address(context));
}

JSValue JS_ThrowOutOfMemory(JSContext* context) {
  return engine_JS_ThrowOutOfMemory(address(context));
}

static char message[MESSAGE];

static u32 arguments_of(const char* format, va_list values) {
  static u32 list[1];
  vsnprintf(message, sizeof message, format, values);
  list[0] = address(message);
  return address(list);
}

JSValue JS_ThrowTypeError(JSContext* context, const char* format, ...) {
  va_list values;
  va_start(values, format);
  u32 list = arguments_of(format, values);
  va_end(values);
  return engine_JS_ThrowTypeError(address(context), address("%s"), list);
}

JSValue JS_ThrowRangeError(JSContext* context, const char* format, ...) {
  va_list values;
  va_start(values, format);
  u32 list = arguments_of(format, values);
  va_end(values);
  return engine_JS_ThrowRangeError(address(context), address("%s"), list);
}

void* js_malloc(JSContext* context, size_t size) {
  return POINTER(engine_js_malloc(address(context), (u32)size));
}

void js_free(JSContext* context, void* memory) {
  engine_js_free(address(context), address(memory));
}

/* ---- its system ---- */

u32 engine_clock_time_get(u32 clock, u64 precision, u32 result) {
  (void)precision;
  struct timespec time;
  clock_gettime(clock == 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC, &time);
  u64 ns = (u64)time.tv_sec * 1000000000 + (u64)time.tv_nsec;
  memcpy(POINTER(result), &ns, sizeof ns);
  return 0;
}

u32 engine_random_get(u32 bytes, u32 length) {
  snapvm_random(POINTER(bytes), length);
  return 0;
}

u32 engine_host_get_timezone_offset(u32 low, u32 high) {
  (void)low, (void)high;
  return 0;
}

/* It writes only what it has to say before it gives up. */
u32 engine_fd_write(u32 file, u32 parts, u32 count, u32 result) {
  (void)file, (void)result;
  size_t length = 0;
  for (u32 part = 0; part < count; part++) {
    u32 from[2]; /* address, length */
    memcpy(from, POINTER(parts + part * sizeof from), sizeof from);
    size_t left = sizeof message - 1 - length;
    size_t bytes = from[1] < left ? from[1] : left;
    memcpy(message + length, POINTER(from[0]), bytes);
    length += bytes;
  }
  message[length] = 0;
  snapvm_abort(1, message);
}
