/*
 * JavaScript functions: QuickJS-NG, started once. The runtime's snapshot serves one function, "define", which
 * evaluates a module and then serves what the module exports; the snapshot of that moment is the user's
 * function.
 */
#include "../sdk/abi.h"
#include "allocator.h"
#include "runtime.h"
#include <snapvm.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { PAGE = 4096, STACK_MARGIN = 48 * 1024, EXPORTS = 256 };

JSContext* js;

static JSValue keep_module, take_exports; /* of the prelude */
static JSValue handlers[EXPORTS];
static const uint8_t* stack_start;

static void die(const char* message) {
  snapvm_abort(1, message);
}

/* Of the processor's stack. The engine has a second one, for what it takes addresses of: a quarter of this,
 * which ends first nearly always. */
static size_t stack_size(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 256ul << 10;
  return limit.rlim_cur > 2ul * STACK_MARGIN ? limit.rlim_cur - STACK_MARGIN : limit.rlim_cur / 2;
}

/* Zeroes what ended calls have left in the pages of a stack from `page` down: a page that is as it was before
 * costs nothing. Whoever left it wrote without large gaps. */
static void forget_pages(uint8_t* page, const uint8_t* lowest) {
  enum { GAP = 64 };
  for (int clean = 0; clean < GAP && page > lowest; page -= PAGE) {
    uint64_t used = 0;
    for (const uint64_t* word = (const uint64_t*)page; word < (const uint64_t*)(page + PAGE); word++)
      used |= *word;
    clean = used ? 0 : clean + 1;
    if (used) memset(page, 0, PAGE);
  }
}

__attribute__((noinline)) static void forget_stacks(void) {
  enum { NEAR = 2 }; /* pages that this function uses, too */
  uint8_t* page = (uint8_t*)((uintptr_t)__builtin_frame_address(0) & -(uintptr_t)PAGE);
  forget_pages(page - (size_t)NEAR * PAGE, stack_start - stack_size() + PAGE);
  const uint8_t* lowest;
  uint8_t* used = engine_stack(&lowest);
  memset((uint8_t*)((uintptr_t)used & -(uintptr_t)PAGE), 0, (uintptr_t)used % PAGE);
  forget_pages((uint8_t*)((uintptr_t)used & -(uintptr_t)PAGE) - PAGE, lowest);
}

/* To be called right before the snapshot. */
static void seal(void) {
  natives_seal();
  allocator_watch(JS_GetRuntime(js));
  allocator_seal();
  forget_stacks();
}

/* ---- calls ---- */

static enum outcome answer(JSValueConst value) {
  size_t length;
  enum outcome outcome = values_encode(value, &length);
  if (outcome == OUTCOME_THROWN) return failure_report();
  if (outcome == OUTCOME_TOO_LARGE) {
    char text[32];
    snapvm_format(text, sizeof text, "%zu", length);
    return failure_say(outcome, text);
  }
  snapvm_output_set_length(length);
  return OUTCOME_OK;
}

static enum outcome finish(JSValue value) {
  JSValue result;
  enum outcome outcome = JS_IsException(value) ? OUTCOME_THROWN : jobs_settle(value, &result);
  if (outcome != OUTCOME_MEMORY) jobs_report_rejections();
  if (outcome == OUTCOME_OK) return answer(result);
  return outcome == OUTCOME_THROWN ? failure_report() : failure_say(outcome, "");
}

static int call(const uint8_t* input, size_t length) {
  const struct input* message = (const struct input*)(input - offsetof(struct input, payload));
  JSValue argument = values_decode(input, length);
  if (JS_IsException(argument)) return failure_say(OUTCOME_INPUT, "");
  int count = length > 0 && input[0] != 0; /* undefined is no argument, as with a plain call */
  return (int)finish(JS_Call(js, handlers[message->function_index], JS_UNDEFINED, count, &argument));
}

/* ---- define ---- */

/* Serves what the module exports; does not return if that is something. */
static enum outcome serve_exports(void) {
  JSValue list = JS_Call(js, take_exports, JS_UNDEFINED, 0, NULL);
  if (JS_IsException(list)) return failure_report();
  if (JS_IsString(list)) {
    const char* problem = JS_ToCString(js, list);
    return failure_say(OUTCOME_EXPORTS, problem ? problem : "");
  }
  static snapvm_handler table[EXPORTS];
  size_t count = 0;
  for (uint32_t index = 0; count < EXPORTS; index += 2) {
    JSValue name = JS_GetPropertyUint32(js, list, index);
    if (JS_IsUndefined(name)) break;
    table[count].name = JS_ToCString(js, name);
    table[count].function = call;
    handlers[count++] = JS_GetPropertyUint32(js, list, index + 1);
    JS_FreeValue(js, name);
  }
  JS_FreeValue(js, list);
  natives_allow_host();
  seal();
  snapvm_serve(table, count);
}

/* The input: 'c' or 'j' for the rules of its values, a name, a NUL, a script, a NUL. The script is an async
 * function that evaluates the module and gives its namespace to its argument. It is compiled where it lies,
 * which costs no memory. */
static int define(const uint8_t* input, size_t length) {
  if (length > 0 && input[0] == 'j') values_by_json();
  if (length > 0) input++, length--;
  if (length < 2 || input[length - 1] != 0) return failure_say(OUTCOME_INPUT, "");
  const char* name = (const char*)input;
  size_t skip = strlen(name) + 1;
  if (skip >= length) return failure_say(OUTCOME_INPUT, "");
  JSValue script =
      JS_Eval(js, name + skip, length - skip - 1, name, JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_COMPILE_ONLY);
  if (JS_IsException(script)) {
    enum outcome outcome = failure_report();
    return outcome == OUTCOME_THROWN ? OUTCOME_SYNTAX : (int)outcome;
  }
  JSValue module = JS_EvalFunction(js, script);
  JSValue value = JS_IsException(module) ? module : JS_Call(js, module, JS_UNDEFINED, 1, &keep_module);
  JS_FreeValue(js, module);
  JSValue result = JS_UNDEFINED;
  enum outcome outcome = JS_IsException(value) ? OUTCOME_THROWN : jobs_settle(value, &result);
  if (outcome != OUTCOME_MEMORY) jobs_report_rejections();
  JS_FreeValue(js, result);
  if (outcome == OUTCOME_THROWN) return failure_report();
  return outcome == OUTCOME_OK ? (int)serve_exports() : (int)failure_say(outcome, "");
}

/* ---- start ---- */

static void run_prelude(void) {
  size_t length;
  const char* prelude = (const char*)snapvm_init_data(&length);
  if (length == 0 || prelude[length - 1] != 0) die("the prelude is missing, or does not end with a NUL");
  JSValue function = JS_Eval(js, prelude, length - 1, "prelude", JS_EVAL_TYPE_GLOBAL);
  JSValue natives = natives_create();
  JSValue parts = JS_IsException(function) ? function : JS_Call(js, function, JS_UNDEFINED, 1, &natives);
  if (JS_IsException(parts)) {
    const char* text = JS_ToCString(js, JS_GetException(js));
    die(text ? text : "the prelude failed");
  }
  JS_FreeValue(js, function);
  JS_FreeValue(js, natives);
  plain_start();
  values_start(parts);
  jobs_start(parts);
  failure_start(parts);
  keep_module = JS_GetPropertyStr(js, parts, "keepModule");
  take_exports = JS_GetPropertyStr(js, parts, "takeExports");
  JS_FreeValue(js, parts);
}

int main(void) {
  stack_start = __builtin_frame_address(0);
  size_t memory = allocator_start();
  if (memory == 0) die("not enough memory for JavaScript; raise heapBytes");
  js = engine_start(stack_size() / 4);
  if (!js) die("no memory for the engine");
  /* The C library reads the time zone once, which a call should not have to. */
  time_t zero = 0;
  struct tm ignored;
  localtime_r(&zero, &ignored);
  run_prelude();
  JS_RunGC(JS_GetRuntime(js));
  seal();
  static const snapvm_handler table[] = {{"define", define}};
  snapvm_serve(table, 1);
}
