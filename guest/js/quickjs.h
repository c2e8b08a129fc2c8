/*
 * The engine's functions, as C callers know them. Its values have 64 bits, its pointers 32: what is given to
 * it must lie below 4 GiB, which everything does that is static or was allocated, and nothing on the stack.
 */
#ifndef QUICKJS_H
#define QUICKJS_H

#include <stddef.h>
#include <stdint.h>

typedef uint64_t JSValue;
typedef JSValue JSValueConst; /* the caller keeps it */
typedef struct JSContext JSContext;
typedef struct JSRuntime JSRuntime;

enum {
  JS_TAG_FIRST = -9,
  JS_TAG_BIG_INT = -9,
  JS_TAG_SYMBOL = -8,
  JS_TAG_STRING = -7,
  JS_TAG_STRING_ROPE = -6,
  JS_TAG_OBJECT = -1,
  JS_TAG_INT = 0,
  JS_TAG_BOOL = 1,
  JS_TAG_NULL = 2,
  JS_TAG_UNDEFINED = 3,
  JS_TAG_EXCEPTION = 6,
  JS_TAG_SHORT_BIG_INT = 7,
};

enum {
  JS_PROP_CONFIGURABLE = 1 << 0,
  JS_PROP_WRITABLE = 1 << 1,
  JS_EVAL_TYPE_GLOBAL = 0,
  JS_EVAL_FLAG_COMPILE_ONLY = 1 << 5,
  JS_PROP_GETSET = 1 << 4,
  JS_GPN_STRING_MASK = 1 << 0,
  JS_GPN_ENUM_ONLY = 1 << 4,
  JS_TYPED_ARRAY_UINT8 = 2,
};

#define JS_MKVAL(tag, value) ((uint64_t)(uint32_t)(tag) << 32 | (uint32_t)(value))
#define JS_NULL JS_MKVAL(JS_TAG_NULL, 0)
#define JS_UNDEFINED JS_MKVAL(JS_TAG_UNDEFINED, 0)
#define JS_FALSE JS_MKVAL(JS_TAG_BOOL, 0)
#define JS_TRUE JS_MKVAL(JS_TAG_BOOL, 1)
#define JS_EXCEPTION JS_MKVAL(JS_TAG_EXCEPTION, 0)

static inline int JS_VALUE_GET_TAG(JSValueConst value) {
  return (int)(value >> 32);
}
static inline void* JS_VALUE_GET_PTR(JSValueConst value) {
  return (void*)(uintptr_t)(uint32_t)value;
}
static inline int JS_IsException(JSValueConst value) {
  return JS_VALUE_GET_TAG(value) == JS_TAG_EXCEPTION;
}
static inline int JS_IsUndefined(JSValueConst value) {
  return JS_VALUE_GET_TAG(value) == JS_TAG_UNDEFINED;
}
static inline int JS_IsNull(JSValueConst value) {
  return JS_VALUE_GET_TAG(value) == JS_TAG_NULL;
}
static inline int JS_IsObject(JSValueConst value) {
  return JS_VALUE_GET_TAG(value) == JS_TAG_OBJECT;
}
static inline int JS_IsSymbol(JSValueConst value) {
  return JS_VALUE_GET_TAG(value) == JS_TAG_SYMBOL;
}
static inline int JS_IsString(JSValueConst value) {
  int tag = JS_VALUE_GET_TAG(value);
  return tag == JS_TAG_STRING || tag == JS_TAG_STRING_ROPE;
}
static inline int JS_IsBigInt(JSValueConst value) {
  int tag = JS_VALUE_GET_TAG(value);
  return tag == JS_TAG_BIG_INT || tag == JS_TAG_SHORT_BIG_INT;
}
static inline JSValue JS_NewInt32(int32_t value) {
  return JS_MKVAL(JS_TAG_INT, value);
}

/* ---- functions of C that the engine calls ---- */

/** The engine's name for a function, whose pointers it gives as addresses. Never for a call, it would take
 *  places without end. */
uint32_t engine_name(void (*function)(void));

#define ENGINE_NAME(function) engine_name((void (*)(void))(function))

/** A function that JavaScript can call. */
typedef JSValue js_native(uint32_t context, JSValueConst this_value, uint32_t count, uint32_t arguments);

#define NATIVE(name)                                                                                         \
  js_native name;                                                                                            \
  static JSValue name##_with(JSValueConst this_value, int count, JSValueConst* arguments);                   \
  JSValue name(uint32_t context, JSValueConst this_value, uint32_t count, uint32_t arguments) {              \
    (void)context;                                                                                           \
    return name##_with(this_value, (int)count, (JSValueConst*)(uintptr_t)arguments);                         \
  }                                                                                                          \
  static JSValue name##_with(JSValueConst this_value, int count, JSValueConst* arguments)

JSValue JS_NewCFunction(JSContext* context, js_native* function, const char* name, int length);

/* ---- start ---- */

/** Starts the engine. NULL when there is no memory for it. */
JSContext* engine_start(size_t stack_bytes);
/** Up to where the engine's own stack is in use, and the lowest it may get. */
uint8_t* engine_stack(const uint8_t** lowest);

JSRuntime* JS_GetRuntime(JSContext* context);
void JS_RunGC(JSRuntime* runtime);
void JS_SetGCThreshold(JSRuntime* runtime, size_t bytes);
void JS_SetInterruptHandler(JSRuntime* runtime, uint32_t (*handler)(uint32_t runtime, uint32_t opaque));
typedef void js_rejection_tracker(uint32_t context, JSValueConst promise, JSValueConst reason,
                                  uint32_t handled, uint32_t opaque);
void JS_SetHostPromiseRejectionTracker(JSRuntime* runtime, js_rejection_tracker* tracker);

/* ---- values ---- */

JSValue JS_DupValue(JSContext* context, JSValueConst value);
void JS_FreeValue(JSContext* context, JSValue value);

JSValue JS_NewNumber(JSContext* context, double value);
JSValue JS_NewString(JSContext* context, const char* text);
JSValue JS_NewStringLen(JSContext* context, const char* text, size_t length);
JSValue JS_NewObject(JSContext* context);
JSValue JS_NewArray(JSContext* context);
/** Of a copy of the bytes, which may lie anywhere. */
JSValue JS_NewArrayBufferCopy(JSContext* context, const uint8_t* bytes, size_t length);
JSValue JS_NewUint8ArrayCopy(JSContext* context, const uint8_t* bytes, size_t length);
JSValue JS_GetGlobalObject(JSContext* context);
/** The text may lie anywhere and must end with a NUL. */
JSValue JS_ParseJSON(JSContext* context, const char* text, size_t length, const char* name);
JSValue JS_JSONStringify(JSContext* context, JSValueConst value, JSValueConst replacer, JSValueConst space);

JSValue JS_GetPropertyStr(JSContext* context, JSValueConst object, const char* name);
JSValue JS_GetPropertyUint32(JSContext* context, JSValueConst object, uint32_t index);
int JS_SetPropertyUint32(JSContext* context, JSValueConst object, uint32_t index, JSValue value);
int JS_DefinePropertyValueStr(JSContext* context, JSValueConst object, const char* name, JSValue value,
                              int flags);
JSValue JS_GetPrototype(JSContext* context, JSValueConst object);

/** A name of a property: of a place in a list, the place and JS_ATOM_PLACE. */
typedef uint32_t JSAtom;
#define JS_ATOM_PLACE 0x80000000u

typedef struct JSPropertyEnum {
  uint8_t is_enumerable;
  JSAtom atom;
} JSPropertyEnum;

/** Its own names, those of `flags`; to be freed with JS_FreePropertyEnum. -1 with an exception. */
int JS_GetOwnPropertyNames(JSContext* context, JSPropertyEnum** names, uint32_t* count, JSValueConst object,
                           int flags);
void JS_FreePropertyEnum(JSContext* context, JSPropertyEnum* names, uint32_t count);
/** 1 if it has such a property, whose value is then `*value`; with a getter that is an exception, which is
 * not pending. */
int JS_GetOwnValue(JSContext* context, JSValue* value, JSValueConst object, JSAtom name);
int JS_HasProperty(JSContext* context, JSValueConst object, JSAtom name);
JSAtom JS_NewAtom(JSContext* context, const char* name);

int JS_IsError(JSValueConst value);
/** The same number for all objects of a class of the engine; 0 for what is no object. */
uint32_t JS_GetClassID(JSValueConst value);
int JS_IsFunction(JSContext* context, JSValueConst value);
/** Of what kind a typed array is, -1 for everything else. */
int JS_GetTypedArrayType(JSValueConst value);

int JS_ToBool(JSContext* context, JSValueConst value);
int JS_ToInt32(JSContext* context, int32_t* result, JSValueConst value);
int JS_ToFloat64(JSContext* context, double* result, JSValueConst value);
const char* JS_ToCStringLen(JSContext* context, size_t* length, JSValueConst value);
const char* JS_ToCString(JSContext* context, JSValueConst value);
void JS_FreeCString(JSContext* context, const char* text);
uint8_t* JS_GetArrayBuffer(JSContext* context, size_t* length, JSValueConst value);
JSValue JS_GetTypedArrayBuffer(JSContext* context, JSValueConst array, size_t* offset, size_t* length);

/* ---- running ---- */

/** The script may lie anywhere and must end with a NUL. */
JSValue JS_Eval(JSContext* context, const char* script, size_t length, const char* name, int flags);
JSValue JS_EvalFunction(JSContext* context, JSValue function);
/** At most four arguments. */
JSValue JS_Call(JSContext* context, JSValueConst function, JSValueConst this_value, int count,
                const JSValueConst* arguments);
/** 1 when a job ran, 0 when there was none, -1 with an exception. */
int JS_ExecutePendingJob(JSRuntime* runtime);

JSValue JS_Throw(JSContext* context, JSValue value);
JSValue JS_GetException(JSContext* context);
JSValue JS_NewError(JSContext* context);
JSValue JS_ThrowTypeError(JSContext* context, const char* format, ...) __attribute__((format(printf, 2, 3)));
JSValue JS_ThrowRangeError(JSContext* context, const char* format, ...) __attribute__((format(printf, 2, 3)));
JSValue JS_ThrowOutOfMemory(JSContext* context);

void* js_malloc(JSContext* context, size_t size);
void js_free(JSContext* context, void* memory);

#endif
