/* Which values JSON says whole: lists and objects of texts, numbers and the like, each in one place only. The
 * others take the longer way (prelude/values.js). */
#include "runtime.h"
#include <math.h>
#include <string.h>

enum { DEPTH = 200, FIRST_PLACES = 128 };

static uint32_t object_class, array_class;
static void *object_prototype, *array_prototype;
static JSValue array_prototype_value;
static JSAtom to_json;

/* The objects that were met: a hash table, at most half full. */
struct met {
  uint32_t* places;
  uint32_t size, count;
  uint32_t first[FIRST_PLACES];
};

static void* prototype_of(JSValueConst value) {
  JSValue prototype = JS_GetPrototype(js, value);
  void* pointer = JS_IsObject(prototype) ? JS_VALUE_GET_PTR(prototype) : NULL;
  JS_FreeValue(js, prototype);
  return pointer;
}

void plain_start(void) {
  JSValue object = JS_NewObject(js), array = JS_NewArray(js);
  object_class = JS_GetClassID(object);
  array_class = JS_GetClassID(array);
  object_prototype = prototype_of(object);
  array_prototype_value = JS_GetPrototype(js, array);
  array_prototype = JS_VALUE_GET_PTR(array_prototype_value);
  to_json = JS_NewAtom(js, "toJSON");
  JS_FreeValue(js, object);
  JS_FreeValue(js, array);
}

/* Its place, or the free one that it would have. */
static uint32_t* place_of(const struct met* met, uint32_t object) {
  uint32_t at = (object >> 3) * 2654435761u;
  for (;; at++) {
    uint32_t* place = &met->places[at & (met->size - 1)];
    if (*place == 0 || *place == object) return place;
  }
}

static int grow(struct met* met) {
  struct met larger = {.size = 4 * met->size, .count = met->count};
  larger.places = js_malloc(js, larger.size * sizeof *larger.places);
  if (!larger.places) return -1;
  memset(larger.places, 0, larger.size * sizeof *larger.places);
  for (uint32_t at = 0; at < met->size; at++)
    if (met->places[at]) *place_of(&larger, met->places[at]) = met->places[at];
  if (met->places != met->first) js_free(js, met->places);
  met->places = larger.places;
  met->size = larger.size;
  return 0;
}

/* 1 for an object that was not met before. */
static int meet(struct met* met, JSValueConst value) {
  if (2 * met->count >= met->size && grow(met)) return -1;
  uint32_t object = (uint32_t)(uintptr_t)JS_VALUE_GET_PTR(value);
  uint32_t* place = place_of(met, object);
  if (*place) return 0;
  *place = object;
  met->count++;
  return 1;
}

static int is_plain(struct met* met, JSValueConst value, int depth);

/* Those of an object that a loop sees. Of a list they are its places, and each of them is there. */
static int are_plain(struct met* met, JSValueConst object, int is_list, int depth) {
  JSPropertyEnum* names;
  uint32_t count;
  if (JS_GetOwnPropertyNames(js, &names, &count, object, JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY)) return -1;
  int plain = 1;
  if (is_list) {
    double length;
    JSValue number = JS_GetPropertyStr(js, object, "length");
    plain = JS_ToFloat64(js, &length, number) ? -1 : length == count;
    JS_FreeValue(js, number);
  }
  for (uint32_t at = 0; plain == 1 && at < count; at++) {
    JSValue member;
    if (is_list && names[at].atom != (JS_ATOM_PLACE | at)) {
      plain = 0;
    } else {
      plain = JS_GetOwnValue(js, &member, object, names[at].atom);
      if (plain == 1) {
        plain = is_plain(met, member, depth + 1);
        JS_FreeValue(js, member);
      }
    }
  }
  JS_FreePropertyEnum(js, names, count);
  return plain;
}

static int is_plain_object(struct met* met, JSValueConst value, int depth) {
  uint32_t class = JS_GetClassID(value);
  int is_list = class == array_class;
  if (depth == DEPTH || (!is_list && class != object_class)) return 0;
  void* prototype = prototype_of(value);
  if (prototype != (is_list ? array_prototype : object_prototype) && (is_list || prototype)) return 0;
  int is_new = meet(met, value);
  return is_new == 1 ? are_plain(met, value, is_list, depth) : is_new;
}

static int is_plain(struct met* met, JSValueConst value, int depth) {
  double number;
  switch (JS_VALUE_GET_TAG(value)) {
  case JS_TAG_STRING:
  case JS_TAG_STRING_ROPE:
  case JS_TAG_INT:
  case JS_TAG_BOOL:
  case JS_TAG_NULL:
    return 1;
  case JS_TAG_OBJECT:
    return is_plain_object(met, value, depth);
  case JS_TAG_UNDEFINED:
  case JS_TAG_SYMBOL:
  case JS_TAG_BIG_INT:
  case JS_TAG_SHORT_BIG_INT:
  case JS_TAG_EXCEPTION: /* of JS_GetOwnValue */
    return 0;
  }
  if (JS_ToFloat64(js, &number, value)) return -1;
  return isfinite(number) && !(number == 0 && signbit(number));
}

int plain_is(JSValueConst value) {
  if (!JS_IsObject(value)) return is_plain(NULL, value, 0);
  int has = JS_HasProperty(js, array_prototype_value, to_json); /* or that of all objects */
  if (has) return has < 0 ? -1 : 0;
  struct met met = {.size = FIRST_PLACES};
  met.places = met.first;
  int plain = is_plain(&met, value, 0);
  if (met.places != met.first) js_free(js, met.places);
  return plain;
}
