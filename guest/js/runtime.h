/* What the parts of the JavaScript runtime share. There is one engine, one context, one thread. */
#ifndef RUNTIME_H
#define RUNTIME_H

#include "quickjs.h"
#include <stddef.h>
#include <stdint.h>

extern JSContext* js;

/** How a call can end, as the handler's code; src/guests/js/failures.ts holds the same numbers. */
enum outcome {
  OUTCOME_OK = 0,
  OUTCOME_THROWN = 1,    /* output: a value, {name, message, stack} and more */
  OUTCOME_MEMORY = 2,    /* no output */
  OUTCOME_RECURSION = 3, /* output as of OUTCOME_THROWN */
  OUTCOME_UNSETTLED = 4, /* no output: nothing is left that could settle the promise */
  OUTCOME_SYNTAX = 5,    /* output as of OUTCOME_THROWN; only at define */
  OUTCOME_EXPORTS = 6,   /* output: a sentence; only at define */
  OUTCOME_TOO_LARGE = 7, /* output: how many bytes the answer has, in decimal */
  OUTCOME_INPUT = 8,     /* no output: the host sent what is no value */
};

/* ---- values.c: values as bytes ---- */

void values_start(JSValueConst prelude);

/** From now on the rules for values are those of JSON.stringify. */
void values_by_json(void);

/** Writes `[json, bytes, bytes, ...]` of the prelude to the output. 0, or -1 and an exception. */
int values_put_parts(JSValueConst parts, size_t* length);

/** A value from its bytes; JS_EXCEPTION when they are none. */
JSValue values_decode(const uint8_t* data, size_t length);

/** Writes a value's bytes to the output, where they may be sent from. An exception is pending when it gives
 *  OUTCOME_THROWN. `*length` is what it needs, when that is too much. */
enum outcome values_encode(JSValueConst value, size_t* length);

/* ---- plain.c: what JSON says whole ---- */

void plain_start(void);

/** 1 if JSON says all there is to say about a value, and nobody else would be asked to write it; 0 if not; -1
 *  and an exception. Runs no code of the program. */
int plain_is(JSValueConst value);

/* ---- natives.c: what the prelude is made from ---- */

/** An object with the functions, which only the prelude sees. */
JSValue natives_create(void);

/** Calls to the host are refused until the module is evaluated. */
void natives_allow_host(void);

/** Random numbers that were drawn in advance are forgotten: they would be the same in every call. */
void natives_seal(void);

/* ---- text.c: UTF-8 ---- */

js_native text_encode;
js_native text_decode;

/** The bytes of a string, lone surrogates replaced; to be freed with JS_FreeCString. */
const char* text_of(JSValueConst string, size_t* length);

/** Bytes of a typed array, a DataView or an ArrayBuffer; NULL and an exception when it is none. */
uint8_t* bytes_of(JSValueConst value, size_t* length);

/* ---- jobs.c: promises and timers ---- */

void jobs_start(JSValueConst prelude);

/** Runs jobs and timers until the value, if it is a promise, is settled. Takes `value`, gives what it was
 * settled to. */
enum outcome jobs_settle(JSValue value, JSValue* result);

/** Tells the log about promises that were rejected and never looked at. */
void jobs_report_rejections(void);

/* ---- failure.c: exceptions as bytes ---- */

void failure_start(JSValueConst prelude);

/** Takes the pending exception, writes it to the output and says which kind it is. */
enum outcome failure_report(void);

/** Writes a sentence to the output. */
enum outcome failure_say(enum outcome outcome, const char* sentence);

#endif
