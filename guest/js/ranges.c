/*
 * Ranges of characters in regular expressions that do not look at case. The engine works out for each of them
 * anew which characters have another case at all, some ten microseconds a time, and a class can have
 * hundreds. Here that is kept, and a range without such characters left as it is.
 */
#include "engine-impl.h"

enum { WITHOUT_UNICODE = 1, WITH_UNICODE = 4 }; /* which characters the engine means */

/* Points at which characters begin to be in a set, and cease to be. */
struct ranges {
  s32 length, size;
  u32 points;
  u32 opaque, reallocate;
};

static int is_made(struct ranges* set, const struct ranges* like, int kind) {
  if (set->points) return 1;
  *set = (struct ranges){.opaque = like->opaque, .reallocate = like->reallocate};
  if (engine_unicode_case1((u32)(uintptr_t)set, (u32)kind) == 0) return 1;
  set->points = 0; /* no memory: what there is of it goes with the call */
  return 0;
}

/* How many points are at the character or before it: odd when it is in the set. */
static s32 points_until(const u32* points, s32 length, u32 character) {
  s32 low = 0, high = length;
  while (low < high) {
    s32 middle = (low + high) / 2;
    if (points[middle] <= character)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static int meets(const struct ranges* set, u32 from, u32 end) {
  const u32* points = POINTER(set->points);
  s32 before = points_until(points, set->length, from);
  return before % 2 == 1 || (before < set->length && points[before] < end);
}

u32 engine_cr_regexp_canonicalize(u32 given, u32 unicode) {
  static struct ranges cased[2];
  const struct ranges* range = POINTER(given);
  struct ranges* set = &cased[unicode != 0];
  if (!is_made(set, range, unicode ? WITH_UNICODE : WITHOUT_UNICODE)) return (u32)-1;
  const u32* points = POINTER(range->points);
  for (s32 at = 0; at + 1 < range->length; at += 2)
    if (meets(set, points[at], points[at + 1])) return engine_cr_regexp_canonicalize0(given, unicode);
  return 0;
}
