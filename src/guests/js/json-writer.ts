/** JSON of a value that came from a guest, in steps. */
import { types } from 'node:util';
import type { Steps } from '../../base/slices.js';

const STEP = 512;
const MOST_DEPTH = 200;

/**
 * The text that JSON.stringify would write; undefined where there is none for a part of the value: bytes, a Map or a
 * Set, a BigInt, a list with holes, what contains itself, what is in it twice, or very deep.
 */
export function* writeJson(value: unknown): Steps<string | undefined> {
  const writer = new Writer();
  return (yield* writer.write(value, 0)) ? writer.text : undefined;
}

class Writer {
  text = '';
  /** In two places each object would be written twice: short values could stand for very long texts. */
  readonly #met = new Set<object>();
  #written = 0;

  *write(value: unknown, depth: number): Steps<boolean> {
    if (++this.#written % STEP === 0) yield;
    if (typeof value === 'bigint') return false;
    if (typeof value !== 'object' || value === null || types.isDate(value)) {
      this.text += JSON.stringify(value) ?? 'null';
      return true;
    }
    if (depth === MOST_DEPTH || this.#met.has(value)) return false;
    this.#met.add(value);
    if (Array.isArray(value)) return yield* this.#list(value, depth);
    if (Object.getPrototypeOf(value) !== Object.prototype) return false;
    return yield* this.#object(value as Record<string, unknown>, depth);
  }

  *#list(list: readonly unknown[], depth: number): Steps<boolean> {
    let before = '[';
    for (let at = 0; at < list.length; at++) {
      this.text += before;
      before = ',';
      if (!Object.hasOwn(list, at)) return false;
      if (!(yield* this.write(list[at], depth + 1))) return false;
    }
    this.text += before === '[' ? '[]' : ']';
    return true;
  }

  *#object(object: Record<string, unknown>, depth: number): Steps<boolean> {
    let before = '{';
    for (const key of Object.keys(object)) {
      const member = object[key];
      if (member === undefined) continue;
      this.text += `${before}${JSON.stringify(key)}:`;
      before = ',';
      if (!(yield* this.write(member, depth + 1))) return false;
    }
    this.text += before === '{' ? '{}' : '}';
    return true;
  }
}
