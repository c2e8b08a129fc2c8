/*
 * Values as bytes: a tag, then 0 nothing (undefined) · 1 JSON · 2 bytes (Uint8Array) · 3 {u32 length, JSON,
 * bytes…}, a table of what JSON has no text for, which the prelude writes and reads. JSON from the host ends
 * with a NUL, since the engine's parser wants one. src/guests/js/values.ts is the other side.
 */
#include "runtime.h"
#include <snapvm.h>
#include <string.h>

enum tag { TAG_UNDEFINED, TAG_JSON, TAG_BYTES, TAG_TABLE };

static JSValue
    tag_of; /* %TypedArray%.prototype's own: the name of a typed array's kind, undefined for all else */
static JSValue pack, pack_by_json, unpack; /* of the prelude */
static JSValue checker;
static int by_json, has_bytes;

void values_by_json(void) {
  by_json = 1;
}

/* 1 for a Uint8Array, 0 for what is no typed array, -1 and an exception for one of another kind. */
static int is_bytes(JSValueConst value) {
  int type = JS_GetTypedArrayType(value);
  if (type < 0) return 0;
  if (type == JS_TYPED_ARRAY_UINT8) return 1;
  JSValue tag = JS_Call(js, tag_of, value, 0, NULL);
  const char* name = JS_IsException(tag) ? NULL : JS_ToCString(js, tag);
  JS_FreeValue(js, tag);
  if (!name) return -1;
  JS_ThrowTypeError(js, "a %s cannot be part of an answer; a Uint8Array can", name);
  JS_FreeCString(js, name);
  return -1;
}

/* By the rules of JSON: sees every value that goes into it. What it would drop without a word is refused. */
static NATIVE(check) {
  (void)this_value;
  JSValueConst value = count > 1 ? arguments[1] : JS_UNDEFINED;
  if (JS_IsSymbol(value)) return JS_ThrowTypeError(js, "a symbol cannot be part of an answer");
  if (JS_IsBigInt(value)) return JS_ThrowTypeError(js, "a BigInt cannot be part of an answer");
  if (!JS_IsObject(value)) return JS_DupValue(js, value);
  if (JS_IsFunction(js, value)) return JS_ThrowTypeError(js, "a function cannot be part of an answer");
  switch (is_bytes(value)) {
  case 0:
    return JS_DupValue(js, value);
  case 1:
    has_bytes = 1;
    return JS_NULL;
  }
  return JS_EXCEPTION;
}

void values_start(JSValueConst prelude) {
  tag_of = JS_GetPropertyStr(js, prelude, "tagOf");
  pack = JS_GetPropertyStr(js, prelude, "pack");
  pack_by_json = JS_GetPropertyStr(js, prelude, "packByJson");
  unpack = JS_GetPropertyStr(js, prelude, "unpack");
  checker = JS_NewCFunction(js, check, "", 2);
}

static JSValue parse(const uint8_t* json, size_t length) {
  if (length == 0 || json[length - 1] != 0) return JS_ThrowTypeError(js, "JSON without an end");
  return JS_ParseJSON(js, (const char*)json, length - 1, "<input>");
}

static JSValue decode_table(const uint8_t* data, size_t length) {
  uint32_t json_length;
  if (length < sizeof json_length) return JS_ThrowTypeError(js, "a value without JSON");
  memcpy(&json_length, data, sizeof json_length);
  data += sizeof json_length, length -= sizeof json_length;
  if (json_length > length) return JS_ThrowTypeError(js, "a value with half of its JSON");
  JSValue arguments[2] = {parse(data, json_length), JS_UNDEFINED};
  if (JS_IsException(arguments[0])) return JS_EXCEPTION;
  arguments[1] = JS_NewUint8ArrayCopy(js, data + json_length, length - json_length);
  JSValue value =
      JS_IsException(arguments[1]) ? JS_EXCEPTION : JS_Call(js, unpack, JS_UNDEFINED, 2, arguments);
  JS_FreeValue(js, arguments[0]);
  JS_FreeValue(js, arguments[1]);
  return value;
}

JSValue values_decode(const uint8_t* data, size_t length) {
  if (length == 0) return JS_UNDEFINED;
  switch ((enum tag)data[0]) {
  case TAG_UNDEFINED:
    return JS_UNDEFINED;
  case TAG_JSON:
    return parse(data + 1, length - 1);
  case TAG_BYTES:
    return JS_NewUint8ArrayCopy(js, data + 1, length - 1);
  case TAG_TABLE:
    return decode_table(data + 1, length - 1);
  }
  return JS_ThrowTypeError(js, "a value of an unknown kind");
}

/* The output: its length is needed even when it does not fit. */
struct writer {
  uint8_t* to;
  size_t capacity, length;
};

static void put(struct writer* writer, const void* data, size_t length) {
  if (writer->length + length <= writer->capacity) memcpy(writer->to + writer->length, data, length);
  writer->length += length;
}

static void put_tag(struct writer* writer, enum tag tag) {
  uint8_t byte = (uint8_t)tag;
  put(writer, &byte, 1);
}

static int put_text(struct writer* writer, JSValueConst string) {
  size_t length;
  const char* text = JS_ToCStringLen(js, &length, string);
  if (!text) return -1;
  put(writer, text, length);
  JS_FreeCString(js, text);
  return 0;
}

/* A table, then bytes: [json, bytes, bytes, …] from the prelude. Takes it. */
static int put_parts(struct writer* writer, JSValue parts) {
  if (JS_IsException(parts)) return -1;
  JSValue json = JS_GetPropertyUint32(js, parts, 0);
  size_t length = 0;
  const char* text = JS_IsException(json) ? NULL : JS_ToCStringLen(js, &length, json);
  JS_FreeValue(js, json);
  int failed = text == NULL;
  if (!failed) {
    uint32_t json_length = (uint32_t)length;
    put_tag(writer, TAG_TABLE);
    put(writer, &json_length, sizeof json_length);
    put(writer, text, length);
    JS_FreeCString(js, text);
  }
  for (uint32_t index = 1; !failed; index++) {
    JSValue part = JS_GetPropertyUint32(js, parts, index);
    if (JS_IsUndefined(part)) break;
    const uint8_t* bytes = JS_IsException(part) ? NULL : bytes_of(part, &length);
    failed = bytes == NULL;
    if (!failed) put(writer, bytes, length);
    JS_FreeValue(js, part);
  }
  JS_FreeValue(js, parts);
  return failed ? -1 : 0;
}

static int put_bytes(struct writer* writer, JSValueConst value) {
  size_t length;
  const uint8_t* bytes = bytes_of(value, &length);
  if (!bytes) return -1;
  put_tag(writer, TAG_BYTES);
  put(writer, bytes, length);
  return 0;
}

/* Takes it. */
static int put_json(struct writer* writer, JSValue json) {
  if (JS_IsException(json)) return -1;
  put_tag(writer, JS_IsUndefined(json) ? TAG_UNDEFINED : TAG_JSON); /* what a toJSON() may give */
  int failed = JS_IsUndefined(json) ? 0 : put_text(writer, json);
  JS_FreeValue(js, json);
  return failed;
}

static int put_by_json(struct writer* writer, JSValueConst value) {
  int bytes = JS_IsObject(value) ? is_bytes(value) : 0;
  if (bytes) return bytes < 0 ? -1 : put_bytes(writer, value);
  has_bytes = 0;
  JSValue json = JS_JSONStringify(js, value, checker, JS_UNDEFINED);
  if (!has_bytes || JS_IsException(json)) return put_json(writer, json);
  JS_FreeValue(js, json);
  return put_parts(writer, JS_Call(js, pack_by_json, JS_UNDEFINED, 1, &value));
}

static int put_value(struct writer* writer, JSValueConst value) {
  if (JS_IsUndefined(value)) {
    put_tag(writer, TAG_UNDEFINED);
    return 0;
  }
  if (by_json) return put_by_json(writer, value);
  if (JS_IsObject(value) && JS_GetTypedArrayType(value) == JS_TYPED_ARRAY_UINT8)
    return put_bytes(writer, value);
  int plain = plain_is(value);
  if (plain < 0) return -1;
  if (plain) return put_json(writer, JS_JSONStringify(js, value, JS_UNDEFINED, JS_UNDEFINED));
  return put_parts(writer, JS_Call(js, pack, JS_UNDEFINED, 1, &value));
}

static struct writer writer_of_output(void) {
  struct writer writer = {NULL, 0, 0};
  writer.to = snapvm_output(&writer.capacity);
  return writer;
}

int values_put_parts(JSValueConst parts, size_t* length) {
  struct writer writer = writer_of_output();
  int failed = put_parts(&writer, JS_DupValue(js, parts));
  *length = writer.length;
  return failed;
}

enum outcome values_encode(JSValueConst value, size_t* length) {
  struct writer writer = writer_of_output();
  int failed = put_value(&writer, value);
  *length = writer.length;
  if (failed) return OUTCOME_THROWN;
  return writer.length > writer.capacity ? OUTCOME_TOO_LARGE : OUTCOME_OK;
}
