/**
 * How the table of format.ts becomes a value again, in steps. Whoever wrote it may have written anything: what is
 * made is no more than was written, and what is not well-formed is refused.
 */
import type { Steps } from '../../../base/slices.js';
import {
  ERROR_CLASSES,
  HIDDEN_OF_ERRORS,
  MOST_DIGITS,
  MOST_HOLES,
  RegExps,
  SPECIAL_NUMBERS,
} from './format.js';

export interface DecodeOptions {
  /** Gives an error the stack that it has here. */
  readonly stackOf: (error: Error, stack: string | undefined) => string;
  /** Looks at all keys of a Map or members of a Set before they get into one. @throws Error to refuse them */
  readonly checkKeys: (keys: readonly unknown[]) => Steps<void>;
  /** Makes an error that has no stack of here. */
  readonly withoutStack?: <T>(make: () => T) => T;
}

type Row = readonly unknown[];

/** What may be done before the event loop has its turn, in about as many of something simple. */
const STEP = 512;
/** V8 takes some milliseconds for the worst that format.ts lets through. */
const REGEXP_COST = STEP;
const ERROR_COST = 16;
/** Of a stack. */
const LINE_COST = 4;
const DIGITS_OF_COST = 256;
const MOST_INDEX = 2 ** 32 - 1;
const INDEX = /^(?:0|[1-9]\d{0,9})$/;
const HEX = /^-?[0-9a-f]+$/;
const FLAGS = /^[dgimsuvy]*$/;
const DATE_RANGE = 8.64e15;

const { defineProperty } = Object;
const { isArray } = Array;
const { isInteger } = Number;
// As they were when this was loaded.
const { ArrayBuffer, BigInt, Date, Map, Object: ObjectOf, RegExp, Set, Uint8Array } = globalThis;
const { apply } = Reflect;
const { slice } = Uint8Array.prototype;

interface ViewClass {
  readonly BYTES_PER_ELEMENT?: number;
  new (buffer: ArrayBuffer, offset: number, length: number): ArrayBufferView;
}
const VIEWS = new Map(
  [
    'Int8Array',
    'Uint8Array',
    'Uint8ClampedArray',
    'Int16Array',
    'Uint16Array',
    'Int32Array',
    'Uint32Array',
    'Float16Array',
    'Float32Array',
    'Float64Array',
    'BigInt64Array',
    'BigUint64Array',
    'DataView',
  ].map((name) => [name, (globalThis as Record<string, unknown>)[name] as ViewClass | undefined]),
);

/** @throws RangeError for a table that is none */
export function decodeClone(table: unknown, bytes: Uint8Array, options: DecodeOptions): Steps<unknown> {
  if (!isArray(table) || table.length === 0) throw new RangeError('it has no table');
  return new Decoder(table, bytes, options).run();
}

class Decoder {
  readonly #table: Row;
  readonly #bytes: Uint8Array;
  readonly #options: DecodeOptions;
  /** What the records describe, from 1. */
  readonly #objects: unknown[] = [undefined];
  readonly #regexps = new RegExps();
  /** Where the bytes begin that no buffer has taken yet: each counts once. */
  #offset = 0;
  #spent = 0;
  #holes = MOST_HOLES;

  constructor(table: Row, bytes: Uint8Array, options: DecodeOptions) {
    this.#table = table;
    this.#bytes = bytes;
    this.#options = options;
  }

  *run(): Steps<unknown> {
    const records = this.#table.length;
    for (let at = 1; at < records; at++) {
      this.#objects.push(this.#make(this.#row(at)));
      if (this.#spend(1)) yield;
    }
    for (let at = 1; at < records; at++) {
      const row = this.#row(at);
      if (row[0] === 'v') this.#objects[at] = this.#view(row);
      else if (row[0] === 't') this.#objects[at] = this.#viewAlone(row);
      if (this.#spend(1)) yield;
    }
    if (this.#offset !== this.#bytes.length) throw new RangeError('bytes in it belong to nothing');
    for (let at = 1; at < records; at++) yield* this.#fill(this.#row(at), this.#objects[at]);
    return this.#value(this.#table[0]);
  }

  #spend(cost: number): boolean {
    this.#spent += cost;
    if (this.#spent < STEP) return false;
    this.#spent = 0;
    return true;
  }

  #row(at: number): Row {
    const row = this.#table[at];
    if (isArray(row)) return row;
    throw new RangeError('a record in it is no list');
  }

  /** An object without what refers to others. */
  #make(row: Row): unknown {
    switch (row[0]) {
      case 'o':
        return {};
      case 'a':
        return [];
      case 's':
        return this.#sparse(row);
      case 'm':
        return new Map();
      case 'S':
        return new Set();
      case 'd':
        return new Date(timeIn(row[1]));
      case 'r':
        return this.#regexp(row[1], row[2]);
      case 'p':
        return this.#boxed(row[1]);
      case 'e': {
        this.#spent += ERROR_COST;
        const make = ERROR_CLASSES.get(textIn(row[1]));
        if (make === undefined) throw new RangeError('an error in it is of no known class');
        const { withoutStack } = this.#options;
        return withoutStack === undefined ? make('') : withoutStack(() => make(''));
      }
      case 'b':
        return this.#take(row[1]).buffer;
      case 'v':
      case 't':
        return undefined;
      default:
        throw new RangeError('a record in it is of no known kind');
    }
  }

  /** A list that takes no memory for the places that it has not. */
  #sparse(row: Row): unknown[] {
    const [, length] = row;
    if (!isSize(length) || length > MOST_INDEX) throw new RangeError('a list in it has no length');
    this.#holes -= Math.max(0, length - (row.length - 2) / 2);
    if (this.#holes < 0) throw new RangeError(`lists in it have more than ${MOST_HOLES} holes`);
    const list: unknown[] = [];
    // With so many it has a hash table for them, and keeps it. With fewer at once V8 would make room for all.
    list.length = MOST_INDEX;
    list.length = length;
    return list;
  }

  /** A copy of the next bytes. */
  #take(length: unknown): Uint8Array<ArrayBuffer> {
    const start = this.#offset;
    if (!isSize(length) || length > this.#bytes.length - start)
      throw new RangeError('bytes in it lie outside of it');
    this.#offset += length;
    return apply(slice, this.#bytes, [start, this.#offset]) as Uint8Array<ArrayBuffer>;
  }

  #viewAlone([, kind, length]: Row): ArrayBufferView {
    const View = viewClass(kind);
    if (!isSize(length)) throw new RangeError('a view in it has no length');
    const bytes = this.#take(length * (View.BYTES_PER_ELEMENT ?? 1));
    // V8 makes the buffer of a small one only when it is asked for.
    return View === Uint8Array ? bytes : new View(bytes.buffer, 0, length);
  }

  #view([, kind, reference, offset, length]: Row): ArrayBufferView {
    const buffer = this.#referred(reference);
    const View = viewClass(kind);
    if (!(buffer instanceof ArrayBuffer) || !isSize(offset) || !isSize(length))
      throw new RangeError('a view in it is on nothing');
    return new View(buffer, offset, length);
  }

  #regexp(source: unknown, flags: unknown): RegExp {
    this.#spent += REGEXP_COST;
    if (typeof source !== 'string' || typeof flags !== 'string' || !FLAGS.test(flags))
      throw new RangeError('a RegExp in it is none');
    const problem = this.#regexps.problem(source, flags);
    if (problem !== undefined) throw new RangeError(`in it is ${problem}`);
    return new RegExp(source, flags);
  }

  #boxed(cell: unknown): unknown {
    const value = isArray(cell) && typeof cell[0] === 'number' ? undefined : this.#value(cell);
    if (value === undefined || value === null) throw new RangeError('a boxed value in it is none');
    return ObjectOf(value);
  }

  #referred(reference: unknown): unknown {
    const object = isSize(reference) ? this.#objects[reference] : undefined;
    if (object === undefined) throw new RangeError('a value in it refers to nothing');
    return object;
  }

  #value(cell: unknown): unknown {
    if (typeof cell !== 'object' || cell === null) return cell;
    if (!isArray(cell)) throw new RangeError('a value in it is of no known kind');
    const [kind, more] = cell as Row;
    if (typeof kind === 'number') return this.#referred(kind);
    if (kind === 'u') return undefined;
    if (kind === 'n') return this.#bigint(more);
    const number = typeof kind === 'string' ? SPECIAL_NUMBERS.get(kind) : undefined;
    if (number === undefined) throw new RangeError('a value in it is of no known kind');
    return number;
  }

  #bigint(digits: unknown): bigint {
    if (typeof digits !== 'string' || digits.length > MOST_DIGITS + 1 || !HEX.test(digits))
      throw new RangeError('a BigInt in it is none');
    this.#spent += digits.length / DIGITS_OF_COST;
    return digits[0] === '-' ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`);
  }

  *#fill(row: Row, object: unknown): Steps<void> {
    if (this.#spend(1)) yield;
    switch (row[0]) {
      case 'o':
        return yield* this.#members(row, 1, object as object);
      case 's':
        return yield* this.#places(row, object as unknown[]);
      case 'a':
        for (let at = 1; at < row.length; at++) {
          (object as unknown[]).push(this.#value(row[at]));
          if (this.#spend(1)) yield;
        }
        return;
      case 'm':
        return yield* this.#map(row, object as Map<unknown, unknown>);
      case 'S': {
        const members = yield* this.#values(row, 1);
        yield* this.#options.checkKeys(members);
        for (const member of members) {
          (object as Set<unknown>).add(member);
          if (this.#spend(1)) yield;
        }
        return;
      }
      case 'e':
        return yield* this.#error(row, object as Error);
    }
  }

  *#values(row: Row, step: 1 | 2): Steps<unknown[]> {
    const values: unknown[] = [];
    for (let at = 1; at < row.length; at += step) {
      values.push(this.#value(row[at]));
      if (this.#spend(1)) yield;
    }
    return values;
  }

  *#map(row: Row, map: Map<unknown, unknown>): Steps<void> {
    if (row.length % 2 === 0) throw new RangeError('a key in it has no value');
    const keys = yield* this.#values(row, 2);
    yield* this.#options.checkKeys(keys);
    for (let at = 0; at < keys.length; at++) {
      map.set(keys[at], this.#value(row[2 * at + 2]));
      if (this.#spend(1)) yield;
    }
  }

  *#members(row: Row, first: number, object: object): Steps<void> {
    if (row.some(isIndex)) keepSparse(object);
    for (let at = first; at < row.length; at += 2) {
      put(object, keyIn(row, at), this.#value(row[at + 1]), true);
      if (this.#spend(1)) yield;
    }
  }

  *#places(row: Row, list: unknown[]): Steps<void> {
    const { length } = list;
    for (let at = 2; at < row.length; at += 2) {
      const key = keyIn(row, at);
      if (key === 'length' || (INDEX.test(key) && Number(key) < MOST_INDEX && Number(key) >= length))
        throw new RangeError('a list in it is longer than it says');
      put(list, key, this.#value(row[at + 1]), true);
      if (this.#spend(1)) yield;
    }
  }

  *#error(row: Row, error: Error): Steps<void> {
    if (row.some(isIndex)) keepSparse(error);
    let stack: string | undefined;
    for (let at = 2; at < row.length; at += 2) {
      const key = keyIn(row, at);
      const value = this.#value(row[at + 1]);
      if ((key === 'message' || key === 'stack' || key === 'name') && typeof value !== 'string')
        throw new RangeError('an error in it says what is no text');
      if (key === 'stack') stack = value as string;
      else put(error, key, value, key !== 'name' && !HIDDEN_OF_ERRORS.includes(key));
      if (this.#spend(1)) yield;
    }
    this.#spent += LINE_COST * (stack?.split('\n', STEP).length ?? 0);
    if (this.#spend(1)) yield;
    put(error, 'stack', this.#options.stackOf(error, stack), false);
  }
}

function viewClass(kind: unknown): ViewClass {
  const View = VIEWS.get(textIn(kind));
  if (View === undefined) throw new RangeError('a view in it is of a kind that is not known here');
  return View;
}

/** No text of anything else: to make one of a list may take for ever. */
function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isIndex(cell: unknown): boolean {
  return typeof cell === 'string' && INDEX.test(cell);
}

/** Has V8 make no room for the places before a first one: with one so high it has a hash table for them, and keeps it. */
function keepSparse(object: object): void {
  put(object, `${MOST_INDEX - 1}`, undefined, true);
  Reflect.deleteProperty(object, `${MOST_INDEX - 1}`);
}

function timeIn(value: unknown): number {
  if (value === null) return Number.NaN;
  if (isInteger(value) && Math.abs(value as number) <= DATE_RANGE) return value as number;
  throw new RangeError('a Date in it has no time');
}

function isSize(value: unknown): value is number {
  return isInteger(value) && (value as number) >= 0;
}

function keyIn(row: Row, at: number): string {
  const key = row[at];
  if (typeof key === 'string' && at + 1 < row.length) return key;
  throw new RangeError('a key in it is none, or has no value');
}

/** A property of its own, even "__proto__", so that no setter is called. */
function put(object: object, key: string, value: unknown, enumerable: boolean): void {
  defineProperty(object, key, { value, writable: true, enumerable, configurable: true });
}
