/**
 * JSON that a guest wrote, parsed in steps: a long text takes `JSON.parse` a quarter of a second. Lists and objects
 * with a short text are left to `JSON.parse`, many at a time; longer ones are put together from such parts.
 */

import type { JsValue } from '../../base/js-value.js';
import type { Steps } from '../../base/slices.js';

/** Bytes of text in a step. */
const STEP_BYTES = 8192;
/** A text that is read at once has no room for more either, and nothing in Node can write it. */
const MOST_DEPTH = 10_000;
/** A list that is made with more places has a hash table for them. */
const MOST_MADE_WHOLE = 2 ** 25;
const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LIST = 0x5b;
const LIST_END = 0x5d;
const OBJECT = 0x7b;
const OBJECT_END = 0x7d;
const SPACES: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const NO_COMMA = 'a comma is missing in it';

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

type Fields = Record<string, JsValue>;

/** @throws SyntaxError, TypeError for what is no JSON in UTF-8 */
export function parseJson(json: Uint8Array): JsValue {
  return JSON.parse(DECODER.decode(json)) as JsValue;
}

/** The same value as `parseJson`, in steps. @throws as it does */
export function* jsonSteps(json: Uint8Array): Steps<JsValue> {
  // As if the text stood in a list.
  let inner = new Container(json).begin(-1, LIST_END);
  const outer: Container[] = [];
  // Those that have ended and were short: a text may have a hundred thousand, each as much garbage as its value.
  const spare: Container[] = [];
  let pause = STEP_BYTES;
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case QUOTE:
        at = endOfString(json, at);
        break;
      case LIST:
      case OBJECT:
        if (outer.push(inner) > MOST_DEPTH) throw new RangeError(`it is nested more than ${MOST_DEPTH} deep`);
        inner = (spare.pop() ?? new Container(json)).begin(at, json[at] === LIST ? LIST_END : OBJECT_END);
        break;
      case LIST_END:
      case OBJECT_END: {
        const ended = inner;
        const around = outer.pop();
        if (around === undefined || json[at] !== ended.end) throw new SyntaxError('brackets do not match');
        inner = around;
        if (ended.isShort(at)) spare.push(ended);
        else inner.add(ended.start, at, yield* ended.whole(at));
        break;
      }
      case COMMA:
        inner.comma(at);
        break;
      default:
        continue;
    }
    if (at < pause) continue;
    pause = at + STEP_BYTES;
    yield;
  }
  const values = (yield* inner.whole(json.length)) as readonly JsValue[];
  if (outer.length > 0 || values.length !== 1) throw new SyntaxError('it is not one JSON value');
  return values[0];
}

/** The text of the first value in the text of a list that is none too many. */
export function* firstOfList(json: Uint8Array): Steps<Uint8Array> {
  let depth = 0;
  let start = 0;
  let pause = STEP_BYTES;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) at = endOfString(json, at);
    else if (byte === LIST || byte === OBJECT) {
      if (depth++ === 0) start = at + 1;
    } else if (byte === LIST_END || byte === OBJECT_END) {
      if (--depth === 0) return json.slice(start, at);
    } else if (byte === COMMA && depth === 1) return json.slice(start, at);
    if (at < pause) continue;
    pause = at + STEP_BYTES;
    yield;
  }
  throw new SyntaxError('it is no list');
}

/** Where a string ends that begins at `start`; the last byte if it has no end. */
function endOfString(json: Uint8Array, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    if (json[at] === QUOTE) return at;
    if (json[at] === BACKSLASH) at++;
  }
  return json.length - 1;
}

/** A list or an object that has begun and has not ended. */
class Container {
  readonly #json: Uint8Array;
  /** Where its bracket is. */
  start = 0;
  /** The bracket that it ends with. */
  end = 0;
  /** What was parsed of it; absent while all of its text may be left to whoever parses what is around it. */
  #value: JsValue[] | Fields | undefined;
  /** What comes before that in a list: to push it all to one that grows takes V8 as long as to parse it. */
  readonly #before: JsValue[][] = [];
  /** Where the text begins that was not parsed, and the member in it that comes last. */
  #rest = 0;
  #member = 0;
  /** Whether the last member was added, so that a comma or the end must follow. */
  #added = false;
  /** Whether a comma stands before what was not parsed, so that a member must follow. */
  #owes = false;

  constructor(json: Uint8Array) {
    this.#json = json;
  }

  /** It is new, or has ended without anything parsed. */
  begin(start: number, end: number): this {
    this.start = start;
    this.end = end;
    this.#rest = this.#member = start + 1;
    return this;
  }

  /** A member ends. */
  comma(at: number): void {
    if (!this.#added && at - this.#rest <= STEP_BYTES) {
      this.#member = at + 1;
      return;
    }
    this.#parse(at, false);
    this.#rest = this.#member = at + 1;
    this.#owes = true;
  }

  /** Whether its text, which ends here, may be left to whoever parses what is around it. */
  isShort(at: number): boolean {
    return this.#value === undefined && at - this.start <= STEP_BYTES;
  }

  /** All of it; it ends here. */
  *whole(at: number): Steps<JsValue> {
    this.#parse(at, !this.#owes);
    if (this.#before.length === 0) return this.#value;
    this.#before.push(this.#value as JsValue[]);
    return yield* joined(this.#before);
  }

  /** A member whose text is from `start` to `end`, and a name before it in an object, was parsed. */
  add(start: number, end: number, member: JsValue): void {
    if (this.#added) throw new SyntaxError(NO_COMMA);
    if (this.#member > this.#rest) this.#parse(this.#member - 1, false);
    if (this.end === LIST_END) {
      if (!this.#isSpace(this.#member, start)) throw new SyntaxError(NO_COMMA);
      this.#value ??= [];
      (this.#value as JsValue[]).push(member);
    } else {
      const [name, ...others] = Object.keys(this.#read(this.#member, start, 'null'));
      if (name === undefined || others.length > 0) throw new SyntaxError('a name is missing in it');
      this.#value ??= {};
      put(this.#value as Fields, name, member);
    }
    this.#rest = this.#member = end + 1;
    this.#added = true;
    this.#owes = false;
  }

  /** Parses the members from `#rest` on, at least one unless there may be none. */
  #parse(to: number, mayBeNone: boolean): void {
    const added = this.#added;
    this.#added = false;
    if (added) {
      if (!this.#isSpace(this.#rest, to)) throw new SyntaxError(NO_COMMA);
      return;
    }
    const members = this.#read(this.#rest, to, '');
    const names = Array.isArray(members) ? [] : Object.keys(members);
    const count = Array.isArray(members) ? members.length : names.length;
    if (count === 0 && !mayBeNone) throw new SyntaxError('a value is missing in it');
    if (Array.isArray(members)) {
      if (this.#value !== undefined) this.#before.push(this.#value as JsValue[]);
      this.#value = members;
    } else if (this.#value === undefined) this.#value = members;
    else for (const name of names) put(this.#value as Fields, name, members[name]);
  }

  #read(from: number, to: number, tail: string): JsValue[] | Fields {
    const text = DECODER.decode(this.#json.subarray(from, to));
    return JSON.parse(this.end === LIST_END ? `[${text}${tail}]` : `{${text}${tail}}`) as JsValue[] | Fields;
  }

  #isSpace(from: number, to: number): boolean {
    for (let at = from; at < to; at++) if (!SPACES.has(this.#json[at] as number)) return false;
    return true;
  }
}

/** One list of all members of lists, each of which came of one step. */
function* joined(lists: readonly JsValue[][]): Steps<JsValue[]> {
  const length = lists.reduce((sum, list) => sum + list.length, 0);
  const all: JsValue[] = length <= MOST_MADE_WHOLE ? new Array(length) : [];
  let to = 0;
  for (const list of lists) {
    for (const member of list) all[to++] = member;
    yield;
  }
  return all;
}

/** A property of its own, even "__proto__", so that no setter is called. */
function put(fields: Fields, name: string, value: JsValue): void {
  if (name !== '__proto__') fields[name] = value;
  else Object.defineProperty(fields, name, { value, writable: true, enumerable: true, configurable: true });
}
