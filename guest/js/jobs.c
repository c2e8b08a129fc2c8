/* Promises and timers: what goes on after a function has returned. */
#include "allocator.h"
#include "runtime.h"

enum { REJECTIONS = 8 };

static JSValue promise, promise_resolve,
    promise_then; /* the engine's own, whatever a program makes of them */
static JSValue when_fulfilled, when_rejected;
static JSValue run_timer, report_rejection; /* of the prelude */

static enum { PENDING, FULFILLED, REJECTED } state;
static JSValue settled_to;

/* Promises that were rejected while nobody looked, and why. They are kept: another one would get the place of
 * one that is gone. */
static struct {
  JSValue promise, reason;
} rejections[REJECTIONS];
static int rejection_count;

static int in_jobs; /* jobs and timers run, not the call itself */

static JSValue settle(int count, JSValueConst* arguments, int settled) {
  if (state != PENDING) return JS_UNDEFINED;
  state = settled;
  settled_to = count > 0 ? JS_DupValue(js, arguments[0]) : JS_UNDEFINED;
  return JS_UNDEFINED;
}

static NATIVE(fulfill) {
  (void)this_value;
  return settle(count, arguments, FULFILLED);
}

static NATIVE(reject) {
  (void)this_value;
  return settle(count, arguments, REJECTED);
}

static void track(uint32_t context, JSValueConst rejected, JSValueConst reason, uint32_t handled,
                  uint32_t opaque) {
  (void)context, (void)opaque;
  if (!handled) {
    if (rejection_count == REJECTIONS) return;
    rejections[rejection_count].promise = JS_DupValue(js, rejected);
    rejections[rejection_count++].reason = JS_DupValue(js, reason);
    return;
  }
  for (int index = 0; index < rejection_count; index++) {
    if (rejections[index].promise != rejected) continue;
    JS_FreeValue(js, rejections[index].promise);
    JS_FreeValue(js, rejections[index].reason);
    rejections[index] = rejections[--rejection_count];
    return;
  }
}

/* Once memory has run out in a job the call is at its end, whatever the job does about it: the engine drops
 * jobs that it has no memory for, and then a promise is never settled. */
static uint32_t is_lost(uint32_t runtime, uint32_t opaque) {
  (void)runtime, (void)opaque;
  return in_jobs && allocator_exhausted();
}

void jobs_start(JSValueConst prelude) {
  JSValue global = JS_GetGlobalObject(js);
  promise = JS_GetPropertyStr(js, global, "Promise");
  promise_resolve = JS_GetPropertyStr(js, promise, "resolve");
  JSValue prototype = JS_GetPropertyStr(js, promise, "prototype");
  promise_then = JS_GetPropertyStr(js, prototype, "then");
  JS_FreeValue(js, prototype);
  JS_FreeValue(js, global);
  when_fulfilled = JS_NewCFunction(js, fulfill, "", 1);
  when_rejected = JS_NewCFunction(js, reject, "", 1);
  run_timer = JS_GetPropertyStr(js, prelude, "runTimer");
  report_rejection = JS_GetPropertyStr(js, prelude, "reportRejection");
  JS_SetHostPromiseRejectionTracker(JS_GetRuntime(js), track);
  JS_SetInterruptHandler(JS_GetRuntime(js), is_lost);
}

/* 0 when all jobs are done, -1 with an exception. */
static int run_jobs(void) {
  int done = -1;
  while (!allocator_exhausted() && (done = JS_ExecutePendingJob(JS_GetRuntime(js))) > 0)
    ;
  return done;
}

/* 1 when a timer's function was called, 0 when there is none, -1 with an exception. */
static int run_next_timer(void) {
  JSValue ran = JS_Call(js, run_timer, JS_UNDEFINED, 0, NULL);
  if (JS_IsException(ran)) return -1;
  return JS_ToBool(js, ran);
}

static int is_thenable(JSValueConst value) {
  if (!JS_IsObject(value)) return 0;
  JSValue then = JS_GetPropertyStr(js, value, "then");
  if (JS_IsException(then)) return -1;
  int callable = JS_IsFunction(js, then);
  JS_FreeValue(js, then);
  return callable;
}

/* Has settle() called when the promise is settled. Takes `value`. */
static int watch(JSValue value) {
  JSValue watched = JS_Call(js, promise_resolve, promise, 1, &value);
  JS_FreeValue(js, value);
  if (JS_IsException(watched)) return -1;
  JSValueConst handlers[] = {when_fulfilled, when_rejected};
  JSValue ignored = JS_Call(js, promise_then, watched, 2, handlers);
  JS_FreeValue(js, watched);
  if (JS_IsException(ignored)) return -1;
  JS_FreeValue(js, ignored);
  return 0;
}

static enum outcome settle_all(JSValue value, JSValue* result) {
  int thenable = is_thenable(value);
  if (thenable < 0) return OUTCOME_THROWN;
  in_jobs = 1;
  if (!thenable) {
    allocator_forgive(); /* the function went on without what it had no memory for */
    *result = value;
    return run_jobs() < 0 ? OUTCOME_THROWN : OUTCOME_OK; /* what was begun without waiting may log, say */
  }
  state = PENDING;
  if (watch(value) < 0) return OUTCOME_THROWN;
  for (;;) {
    if (run_jobs() < 0) return OUTCOME_THROWN;
    if (state != PENDING) break;
    int ran = run_next_timer();
    if (ran < 0) return OUTCOME_THROWN;
    if (ran == 0) return OUTCOME_UNSETTLED;
  }
  if (state == REJECTED) {
    JS_Throw(js, settled_to);
    return OUTCOME_THROWN;
  }
  *result = settled_to;
  return OUTCOME_OK;
}

enum outcome jobs_settle(JSValue value, JSValue* result) {
  enum outcome outcome = settle_all(value, result);
  in_jobs = 0;
  return allocator_exhausted() ? OUTCOME_MEMORY : outcome;
}

void jobs_report_rejections(void) {
  while (rejection_count > 0) {
    JSValue reason = rejections[--rejection_count].reason;
    JS_FreeValue(js, rejections[rejection_count].promise);
    JSValue ignored = JS_Call(js, report_rejection, JS_UNDEFINED, 1, &reason);
    JS_FreeValue(js, reason);
    JS_FreeValue(js, JS_IsException(ignored) ? JS_GetException(js) : ignored);
  }
}
