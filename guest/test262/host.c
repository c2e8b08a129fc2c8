/*
 * A host for the tests of test262: the JavaScript runtime, with what scripts and modules of users never see:
 * true scripts, true modules that are read from the host, other realms. What it does with a test is in
 * host.js, whose text stands behind the prelude in the initial data.
 */
#include "allocator.h"
#include "engine-impl.h"
#include "runtime.h"
#include <snapvm.h>
#include <string.h>
#include <sys/resource.h>

enum {
  STACK_MARGIN = 48 * 1024,
  EVAL_MODULE = 1, /* JS_EVAL_TYPE_MODULE */
  TAG_MODULE = -3, /* JS_TAG_MODULE */
  NAME_BYTES = 512,
};

JSContext* js;

static const char* host_script;
static size_t host_script_length;
static JSValue run_test;

static JSContext* context_at(uint32_t context) {
  return POINTER(context);
}

static uint32_t at(const void* pointer) {
  return (uint32_t)(uintptr_t)pointer;
}

static JSValue argument(uint32_t count, uint32_t arguments, uint32_t index) {
  return index < count ? ((JSValue*)POINTER(arguments))[index] : JS_UNDEFINED;
}

/* ---- scripts and modules ---- */

static JSValue compile(JSContext* context, JSValueConst text, const char* name, int flags) {
  size_t length;
  const char* source = JS_ToCStringLen(context, &length, text);
  if (!source) return JS_EXCEPTION;
  JSValue compiled = JS_Eval(context, source, length, name, flags);
  JS_FreeCString(context, source);
  return compiled;
}

static JSValue parsed; /* what execute() runs */

/* (text, name, as a module) */
static JSValue native_parse(uint32_t context, JSValueConst this_value, uint32_t count, uint32_t arguments) {
  (void)this_value;
  JSContext* realm = context_at(context);
  int is_module = JS_ToBool(realm, argument(count, arguments, 2));
  const char* name = JS_ToCString(realm, argument(count, arguments, 1));
  if (!name) return JS_EXCEPTION;
  int flags = (is_module ? EVAL_MODULE : JS_EVAL_TYPE_GLOBAL) | JS_EVAL_FLAG_COMPILE_ONLY;
  parsed = compile(realm, argument(count, arguments, 0), name, flags);
  JS_FreeCString(realm, name);
  return JS_IsException(parsed) ? JS_EXCEPTION : JS_UNDEFINED;
}

static JSValue native_execute(uint32_t context, JSValueConst this_value, uint32_t count, uint32_t arguments) {
  (void)this_value, (void)count, (void)arguments;
  return JS_EvalFunction(context_at(context), parsed);
}

static JSValue native_eval_script(uint32_t context, JSValueConst this_value, uint32_t count,
                                  uint32_t arguments) {
  (void)this_value;
  return compile(context_at(context), argument(count, arguments, 0), "script", JS_EVAL_TYPE_GLOBAL);
}

/* ---- modules that are imported ---- */

static const char* const FORMS[] = {"json", "text", "bytes"};

/* Which of FORMS the import asks for, -1 for code, -2 with an exception. */
static int form_of(JSContext* context, JSValueConst attributes) {
  if (!JS_IsObject(attributes)) return -1;
  JSValue type = JS_GetPropertyStr(context, attributes, "type");
  if (JS_IsUndefined(type)) return -1;
  const char* name = JS_ToCString(context, type);
  int form = -2;
  for (int index = 0; name && index < (int)(sizeof FORMS / sizeof *FORMS); index++)
    if (strcmp(name, FORMS[index]) == 0) form = index;
  if (form == -2) JS_ThrowTypeError(context, "modules of the type %s are unknown", name ? name : "");
  JS_FreeCString(context, name);
  JS_FreeValue(context, type);
  return form;
}

static JSValue value_of(JSContext* context, int form, const uint8_t* bytes, size_t length, const char* name) {
  if (form == 0) return JS_ParseJSON(context, (const char*)bytes, length, name);
  if (form == 1) return JS_NewStringLen(context, (const char*)bytes, length);
  JSValue array = JS_NewUint8ArrayCopy(context, bytes, length);
  JSValue buffer = JS_GetPropertyStr(context, array, "buffer");
  engine_JS_SetImmutableArrayBuffer(buffer, 1);
  JS_FreeValue(context, buffer);
  return array;
}

static uint32_t give_default(uint32_t context, uint32_t module) {
  static const char name[] = "default";
  return engine_JS_SetModuleExport(context, module, at(name),
                                   engine_JS_GetModulePrivateValue(context, module));
}

/* A module whose default export is a value. */
static uint32_t module_of(uint32_t context, const char* name, JSValue value) {
  static uint32_t give_default_name;
  if (!give_default_name) give_default_name = ENGINE_NAME(give_default);
  if (JS_IsException(value)) return 0;
  uint32_t module = engine_JS_NewCModule(context, at(name), give_default_name);
  if (!module) return 0;
  static const char export_name[] = "default";
  engine_JS_AddModuleExport(context, module, at(export_name));
  engine_JS_SetModulePrivateValue(context, module, value);
  return module;
}

/* Asks the host for a file, by its path below the folder of the tests. */
static uint32_t load(uint32_t context, uint32_t name_at, uint32_t opaque, JSValueConst attributes) {
  (void)opaque;
  JSContext* realm = context_at(context);
  static char name[NAME_BYTES];
  strncpy(name, POINTER(name_at), sizeof name - 1);
  int form = form_of(realm, attributes);
  if (form == -2) return 0;
  const uint8_t* bytes;
  size_t length;
  if (snapvm_host_call("read", name, strlen(name), &bytes, &length) != SNAPVM_OK) {
    JS_ThrowTypeError(realm, "the module %s cannot be read", name);
    return 0;
  }
  if (form >= 0) return module_of(context, name, value_of(realm, form, bytes, length, name));
  JSValue module = JS_Eval(realm, (const char*)bytes, length, name, EVAL_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  if (JS_VALUE_GET_TAG(module) != TAG_MODULE) return 0;
  JS_FreeValue(realm, module); /* the engine keeps those that it has loaded */
  return at(JS_VALUE_GET_PTR(module));
}

/* ---- realms ---- */

static JSValue native_new_realm(uint32_t context, JSValueConst this_value, uint32_t count,
                                uint32_t arguments);

static JSValue native_detach(uint32_t context, JSValueConst this_value, uint32_t count, uint32_t arguments) {
  (void)this_value;
  engine_JS_DetachArrayBuffer(context, argument(count, arguments, 0));
  return JS_NULL;
}

static JSValue native_collect(uint32_t context, JSValueConst this_value, uint32_t count, uint32_t arguments) {
  (void)this_value, (void)count, (void)arguments;
  JS_RunGC(JS_GetRuntime(context_at(context)));
  return JS_UNDEFINED;
}

/* (function): it is what document.all is in browsers. */
static JSValue native_mark(uint32_t context, JSValueConst this_value, uint32_t count, uint32_t arguments) {
  (void)this_value;
  engine_JS_SetIsHTMLDDA(context, argument(count, arguments, 0));
  return JS_UNDEFINED;
}

static JSValue natives_of(JSContext* realm) {
  static struct {
    const char* name;
    js_native* function;
    uint32_t place; /* in the engine's table: one, however many realms there are */
  } functions[] = {
      {"parse", native_parse, 0},
      {"execute", native_execute, 0},
      {"evalScript", native_eval_script, 0},
      {"newRealm", native_new_realm, 0},
      {"detach", native_detach, 0},
      {"collect", native_collect, 0},
      {"markHtmlDda", native_mark, 0},
  };
  JSValue natives = JS_NewObject(realm);
  for (size_t index = 0; index < sizeof functions / sizeof *functions; index++) {
    if (!functions[index].place) functions[index].place = ENGINE_NAME(functions[index].function);
    JSValue function =
        engine_JS_NewCFunction2(at(realm), functions[index].place, at(functions[index].name), 0, 0, 0);
    JS_DefinePropertyValueStr(realm, natives, functions[index].name, function, 0);
  }
  return natives;
}

/* Gives what host.js gives: it puts $262 and print into the realm. */
static JSValue furnish(JSContext* realm) {
  JSValue script = JS_Eval(realm, host_script, host_script_length, "host", JS_EVAL_TYPE_GLOBAL);
  if (JS_IsException(script)) return JS_EXCEPTION;
  JSValue natives = natives_of(realm);
  return JS_Call(realm, script, JS_UNDEFINED, 1, &natives);
}

static JSValue native_new_realm(uint32_t context, JSValueConst this_value, uint32_t count,
                                uint32_t arguments) {
  (void)context, (void)this_value, (void)count, (void)arguments;
  JSContext* realm = POINTER(engine_JS_NewContext(at(JS_GetRuntime(js))));
  if (!realm) return JS_ThrowOutOfMemory(js);
  JSValue given = furnish(realm);
  if (JS_IsException(given)) return JS_EXCEPTION;
  JSValue global = JS_GetGlobalObject(realm);
  JSValue host = JS_GetPropertyStr(realm, global, "$262");
  JS_FreeValue(realm, global);
  return host;
}

/* ---- calls ---- */

/* The input is the JSON of a test, the output '' or why it failed: see host.js. */
static int run(const uint8_t* input, size_t length) {
  JSValue test = JS_ParseJSON(js, (const char*)input, length, "<test>");
  JSValue said = JS_IsException(test) ? test : JS_Call(js, run_test, JS_UNDEFINED, 1, &test);
  JSValue result;
  enum outcome outcome = JS_IsException(said) ? OUTCOME_THROWN : jobs_settle(said, &result);
  if (outcome == OUTCOME_THROWN) return failure_report();
  if (outcome != OUTCOME_OK) return (int)failure_say(outcome, "");
  size_t text_length;
  const char* text = JS_ToCStringLen(js, &text_length, result);
  return text ? snapvm_write(text, text_length) : 1;
}

static void die(const char* message) {
  snapvm_abort(1, message);
}

static void evaluate_prelude(const char* prelude, size_t length) {
  JSValue function = JS_Eval(js, prelude, length, "prelude", JS_EVAL_TYPE_GLOBAL);
  JSValue natives = natives_create();
  JSValue parts = JS_IsException(function) ? function : JS_Call(js, function, JS_UNDEFINED, 1, &natives);
  if (JS_IsException(parts)) die("the prelude failed");
  values_start(parts);
  jobs_start(parts);
  failure_start(parts);
}

int main(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) != 0 || allocator_start() == 0) die("no memory");
  js = engine_start((limit.rlim_cur - STACK_MARGIN) / 4);
  if (!js) die("no memory for the engine");
  size_t length;
  const char* texts = (const char*)snapvm_init_data(&length);
  size_t prelude_length = strnlen(texts, length);
  if (length < prelude_length + 2 || texts[length - 1] != 0) die("the initial data is not two texts");
  host_script = texts + prelude_length + 1;
  host_script_length = length - prelude_length - 2;
  evaluate_prelude(texts, prelude_length);
  engine_JS_SetModuleLoaderFunc2(at(JS_GetRuntime(js)), 0, ENGINE_NAME(load), 0, 0);
  run_test = furnish(js);
  if (!JS_IsFunction(js, run_test)) die("host.js gives no function");
  JS_RunGC(JS_GetRuntime(js));
  natives_seal();
  allocator_watch(JS_GetRuntime(js));
  allocator_seal();
  static const snapvm_handler table[] = {{"run", run}};
  snapvm_serve(table, 1);
}
