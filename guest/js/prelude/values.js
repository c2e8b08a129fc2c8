// Values that JSON does not say whole, for guest/js/values.c: `[json, bytes, bytes, …]`. What the table in the JSON
// means, the host has the same code for.

import { decodeClone } from '../../../src/guests/js/clone/decode.ts';
import { encodeClone, UnsuitableValue } from '../../../src/guests/js/clone/encode.ts';
import { isWeak } from './weak.js';

/** The beginning of a string that stands for bytes, or that is written with one more of it. */
const MARK = '\u0001';
const { apply } = Reflect;
const { parse, stringify } = JSON;
const { toString } = Object.prototype;

/** The name of a typed array's kind, undefined for everything else. */
export const tagOf = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
).get;

let kindOf;
let classOf;
let proxyClass;

/** Learns which numbers the engine has for which classes. */
export function installValues(natives) {
  classOf = natives.classOf;
  proxyClass = classOf(new Proxy({}, {}));
  const kinds = [];
  for (const [kind, samples] of Object.entries(samplesOfKinds()))
    for (const sample of samples) kinds[classOf(sample)] = kind;
  kindOf = (value) => {
    const kind = kinds[classOf(value)];
    return kind === 'object' && isWeak(value) ? undefined : kind;
  };
}

function samplesOfKinds() {
  const views = [DataView, Float16Array, Float32Array, Float64Array, Uint8ClampedArray];
  views.push(Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array);
  views.push(BigInt64Array, BigUint64Array);
  return {
    object: [{}],
    array: [[]],
    date: [new Date(0)],
    regexp: [/x/],
    map: [new Map()],
    set: [new Set()],
    buffer: [new ArrayBuffer(0)],
    view: views.map((View) => new View(new ArrayBuffer(0))),
    error: [new Error(), new DOMException()],
    number: [Object(0)],
    string: [Object('')],
    boolean: [Object(false)],
    bigint: [Object(0n)],
  };
}

function nameOf(value) {
  if (classOf(value) === proxyClass) return 'a Proxy';
  try {
    return `a ${apply(toString, value, []).slice('[object '.length, -1)}`;
  } catch {
    return 'an object of an unknown kind';
  }
}

/** @throws DataCloneError for what cannot be sent. */
export function pack(value) {
  try {
    return partsOf(value, {});
  } catch (error) {
    if (!(error instanceof UnsuitableValue)) throw error;
    const where = error.path === '' ? 'an answer' : `what is sent at ${error.path}`;
    throw new DOMException(`${where} cannot be ${error.message}`, 'DataCloneError');
  }
}

/** `[json, bytes, bytes, …]`, by the options of `encodeClone`. */
export function partsOf(value, options) {
  const { json, bytes } = encodeClone(value, { kindOf, nameOf, stacks: true, ...options });
  return [json, ...bytes];
}

/** By the rules of JSON, with the Uint8Arrays that are in it. */
export function packByJson(value) {
  const found = [];
  const json = stringify(value, (_key, part) => {
    if (typeof part === 'string') return part[0] === MARK ? MARK + part : part;
    return apply(tagOf, part, []) === 'Uint8Array' ? MARK + (found.push(part) - 1) : part;
  });
  return pack(
    parse(json, (_key, part) => {
      if (typeof part !== 'string' || part[0] !== MARK) return part;
      return part[1] === MARK ? part.slice(1) : found[part.slice(1)];
    }),
  );
}

/** The value of a table, and of the bytes behind it. */
export function unpack(table, bytes) {
  const steps = decodeClone(table, bytes, { stackOf, checkKeys });
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Where the host has made an error is none of a guest's business. */
function stackOf() {
  return '';
}

function* checkKeys() {}
