/**
 * Values that JSON has no text for, as a table in JSON with bytes behind it: `[value, record, record, …]`. The
 * guest's library has this module too, and the two beside it: they use nothing but the language.
 *
 * A value in the table is a string, a finite number, a boolean or null as in JSON, or a list: `[3]` the object that
 * the third record describes, `["u"]` undefined, `["z"]` -0, `["N"]` NaN, `["I"]` and `["-I"]` the infinities,
 * `["n", "-ff"]` a BigInt in hexadecimal. A record is one of:
 *
 * - `["o", key, value, …]` an object, `["a", value, …]` a list, `["s", length, key, value, …]` a list with holes or
 *   other keys
 * - `["m", key, value, …]` a Map, `["S", value, …]` a Set
 * - `["d", milliseconds or null]` a Date, `["r", source, flags]` a RegExp, `["p", value]` a boxed primitive
 * - `["e", class, key, value, …]` an Error
 * - `["b", length]` an ArrayBuffer: the bytes that come next; `["v", kind, record, offset, length]` a view on one
 * - `["t", kind, length]` a view that has its bytes alone: those that come next after all ArrayBuffers
 */

/** What objects can be told apart as. Anything else cannot be sent. */
export type CloneKind =
  | 'object'
  | 'array'
  | 'date'
  | 'regexp'
  | 'map'
  | 'set'
  | 'buffer'
  | 'view'
  | 'error'
  | 'number'
  | 'string'
  | 'boolean'
  | 'bigint';

export const SPECIAL_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['z', -0],
  ['N', Number.NaN],
  ['I', Number.POSITIVE_INFINITY],
  ['-I', Number.NEGATIVE_INFINITY],
]);

/** Those that other classes of errors are sent as, by what they extend. */
export const ERROR_CLASSES = new Map<string, (message: string) => Error>([
  ['Error', (message) => new Error(message)],
  ['EvalError', (message) => new EvalError(message)],
  ['RangeError', (message) => new RangeError(message)],
  ['ReferenceError', (message) => new ReferenceError(message)],
  ['SyntaxError', (message) => new SyntaxError(message)],
  ['TypeError', (message) => new TypeError(message)],
  ['URIError', (message) => new URIError(message)],
  ['AggregateError', (message) => new AggregateError([], message)],
]);

/** Properties of an error that no loop over it sees. */
export const HIDDEN_OF_ERRORS = ['message', 'stack', 'cause', 'errors'];

/** Digits of a BigInt in hexadecimal: to make one of more takes long. */
export const MOST_DIGITS = 65_536;
/** Places without a value that all lists of a value have together: whoever goes over them takes as long as if they had. */
export const MOST_HOLES = 2 ** 20;
const MOST_SOURCE = 4096;
const MOST_SOURCES = 16 * MOST_SOURCE;
const MOST_PROPERTIES = 64;
/** Of RegExps with the flags i and v, for whose sets V8 takes up to 20 us a character. */
const MOST_FOLDED_SETS = 128;
/** Sets of strings, which a RegExp with the flag v has: V8 takes 10 ms and more for one. */
const STRINGS = /RGI_|Basic_Emoji|Emoji_Keycap_Sequence/g;
const PROPERTY = /\\p\{/gi;
const FLAG_I = /i/g;
const FLAG_V = /v/g;
const { apply } = Reflect;
const { match } = String.prototype;

/** What is wrong with the RegExps of a value, which V8 reads whole when they are made. */
export class RegExps {
  #left = MOST_PROPERTIES;
  #characters = MOST_SOURCES;
  #folded = MOST_FOLDED_SETS;

  /** Why one more cannot be sent. */
  problem(source: string, flags: string): string | undefined {
    if (source.length > MOST_SOURCE) return `a RegExp of more than ${MOST_SOURCE} characters`;
    this.#characters -= source.length;
    if (this.#characters < 0) return `a RegExp too many: those of a value have ${MOST_SOURCES} characters`;
    if (has(flags, FLAG_V)) {
      if (has(source, STRINGS)) return 'a RegExp with a set of strings (such as \\p{RGI_Emoji})';
      if (has(flags, FLAG_I)) this.#folded -= source.length;
      if (this.#folded < 0)
        return `a RegExp too many: those of a value with the flags i and v have ${MOST_FOLDED_SETS} characters`;
    }
    this.#left -= count(source, PROPERTY);
    return this.#left < 0 ? `a RegExp too many with \\p: a value has ${MOST_PROPERTIES} of these` : undefined;
  }
}

function has(text: string, pattern: RegExp): boolean {
  return count(text, pattern) > 0;
}

function count(text: string, pattern: RegExp): number {
  return (apply(match, text, [pattern]) as readonly string[] | null)?.length ?? 0;
}
