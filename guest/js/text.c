/* UTF-8 to strings and back, as the Encoding standard has it: what is no character becomes U+FFFD. */
#include "runtime.h"
#include <string.h>

static const char REPLACEMENT[] = "\xEF\xBF\xBD";
enum { REPLACEMENT_BYTES = 3 };

uint8_t* bytes_of(JSValueConst value, size_t* length) {
  size_t offset, size;
  JSValue buffer = JS_GetTypedArrayBuffer(js, value, &offset, length);
  if (JS_IsException(buffer)) {
    JS_FreeValue(js, JS_GetException(js));
    return JS_GetArrayBuffer(js, length, value);
  }
  uint8_t* bytes = JS_GetArrayBuffer(js, &size, buffer);
  JS_FreeValue(js, buffer); /* the array keeps it */
  return bytes ? bytes + offset : NULL;
}

/* A lone surrogate in the engine's UTF-8: ED A0..BF xx. Both it and what replaces it have three bytes. */
static void replace_surrogates(char* text, size_t length) {
  for (char* end = text + length; (text = memchr(text, 0xED, (size_t)(end - text)));) {
    if (end - text >= 3 && (uint8_t)text[1] >= 0xA0) memcpy(text, REPLACEMENT, REPLACEMENT_BYTES);
    text++;
  }
}

const char* text_of(JSValueConst string, size_t* length) {
  const char* text = JS_ToCStringLen(js, length, string);
  /* A string of ASCII only is not copied, but then there is nothing to replace. */
  if (text && memchr(text, 0xED, *length)) replace_surrogates((char*)text, *length);
  return text;
}

NATIVE(text_encode) {
  (void)this_value;
  size_t length;
  const char* text = text_of(count > 0 ? arguments[0] : JS_UNDEFINED, &length);
  if (!text) return JS_EXCEPTION;
  JSValue buffer = JS_NewArrayBufferCopy(js, (const uint8_t*)text, length);
  JS_FreeCString(js, text);
  return buffer;
}

/* How many bytes at `text` make up one character: `*bad` says whether they are none (then they are those that
 * one replacement stands for), `*cut` whether they would be with more bytes behind them. */
static size_t character(const uint8_t* text, size_t length, int* bad, int* cut) {
  uint8_t first = text[0], low = 0x80, high = 0xBF;
  size_t more;
  *bad = *cut = 0;
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) {
    more = 1;
  } else if (first >= 0xE0 && first <= 0xEF) {
    more = 2;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    more = 3;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  } else {
    *bad = 1;
    return 1;
  }
  for (size_t index = 1; index <= more; index++, low = 0x80, high = 0xBF) {
    if (index == length) *cut = 1;
    if (index < length && text[index] >= low && text[index] <= high) continue;
    *bad = 1;
    return index;
  }
  return more + 1;
}

static int is_ascii(const uint8_t* text, size_t length) {
  uint8_t all = 0;
  for (size_t index = 0; index < length; index++)
    all |= text[index];
  return all < 0x80;
}

/* Copies to `to`, or only counts. -1 when something is bad and `fatal`. */
static int64_t repair(uint8_t* to, const uint8_t* text, size_t length, int fatal) {
  size_t made = 0;
  for (size_t at = 0; at < length;) {
    int bad, cut;
    size_t bytes = character(text + at, length - at, &bad, &cut);
    if (bad && fatal) return -1;
    const void* from = bad ? (const void*)REPLACEMENT : text + at;
    size_t put = bad ? REPLACEMENT_BYTES : bytes;
    if (to) memcpy(to + made, from, put);
    made += put;
    at += bytes;
  }
  return (int64_t)made;
}

/* How many bytes at the end are the beginning of a character. */
static size_t unfinished(const uint8_t* text, size_t length) {
  for (size_t back = 1; back <= 3 && back <= length; back++) {
    const uint8_t* at = text + length - back;
    if (*at < 0x80) return 0;
    if (*at < 0xC0) continue;
    int bad, cut;
    size_t bytes = character(at, back, &bad, &cut);
    return cut && bytes == back ? back : 0;
  }
  return 0;
}

/* (bytes, fatal, more): a string; with `more`, an array of it and how many bytes at the end were left out. */
NATIVE(text_decode) {
  (void)this_value;
  if (count < 3) return JS_ThrowTypeError(js, "three arguments");
  size_t length;
  const uint8_t* text = bytes_of(arguments[0], &length);
  if (!text) return JS_EXCEPTION;
  int fatal = JS_ToBool(js, arguments[1]), more = JS_ToBool(js, arguments[2]);
  size_t left = more ? unfinished(text, length) : 0;
  length -= left;
  JSValue string;
  if (is_ascii(text, length)) {
    string = JS_NewStringLen(js, (const char*)text, length);
  } else {
    int64_t size = repair(NULL, text, length, fatal);
    if (size < 0) return JS_ThrowTypeError(js, "The encoded data was not valid for encoding utf-8");
    uint8_t* copy = js_malloc(js, (size_t)size + 1);
    if (!copy) return JS_EXCEPTION;
    repair(copy, text, length, 0);
    string = JS_NewStringLen(js, (const char*)copy, (size_t)size);
    js_free(js, copy);
  }
  if (!more || JS_IsException(string)) return string;
  JSValue pair = JS_NewArray(js);
  JS_SetPropertyUint32(js, pair, 0, string);
  JS_SetPropertyUint32(js, pair, 1, JS_NewInt32((int32_t)left));
  return pair;
}
