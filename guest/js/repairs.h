/* What the engine's C calls in place of functions of its own: scripts/engine-repairs.mjs. Part of
 * engine-impl.h. */
#ifndef REPAIRS_H
#define REPAIRS_H

/** Where a function has the variable that a name in its body means; negative when it has none. */
u32 repairs_find_var(u32 function, u32 name);

/** The same for a place that a name of it leads to. */
u32 repairs_variable(u32 function, u32 place);

/** The same for a `var` or a function of that name, which a body declares. */
u32 repairs_declare_var(u32 function, u32 name);

/** Whether writing an element that is there already can be seen by nobody. */
int repairs_is_plain(u64 object);

/** Whether JSON is within the object at `argument` already. An exception when it is too deep in. */
u64 repairs_is_open(u32 context, u64 open, u32 count, u32 argument);

/** Where values of the engine begin that are counted: in the word before what they point to. */
#define COUNTED 0xfffffff700000000

/** What it nearly always has to do costs less than the call. */
static inline void engine_JS_FreeValue(u32 context, u64 value) {
  if (value < COUNTED) return;
  s32* references = (s32*)POINTER((u32)value) - 1;
  if (*references > 1)
    --*references;
  else
    engine_JS_FreeValue0(context, value);
}

static inline void engine_set_value(u32 context, u32 place, u64 value) {
  u64 before = i64_load_default32(place);
  i64_store_default32(place, value);
  engine_JS_FreeValue(context, before);
}

#endif
