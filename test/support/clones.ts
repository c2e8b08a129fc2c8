/** Values that a structured clone knows, and whether a copy is like what it is a copy of. */
import { types } from 'node:util';

/** Expressions, for a guest and for Node. */
export const EXPRESSIONS: readonly string[] = [
  'undefined',
  'null',
  'true',
  '-0',
  'NaN',
  'Infinity',
  '-Infinity',
  '-1.5e300',
  '\'é \\u{1F600} \\ud800 \\u0001 \\u2028 "quoted" \\\\\'',
  '0n',
  '-1n',
  '2n ** 200n',
  '-(2n ** 64n)',
  'new Date(0)',
  'new Date(-1.5e12)',
  'new Date(NaN)',
  '/a\\/[b"]\\u{1F600}/gimsuy',
  '/(?<x>.)\\k<x>/d',
  '(() => { const r = /a/g; r.lastIndex = 3; return r; })()',
  'new Map()',
  "new Map([[1, 'one'], ['1', -0], [NaN, [undefined]], [new Date(5), new Map([[null, new Set()]])]])",
  "new Set([NaN, 0, undefined, 'x', [1], new Set([1n])])",
  'new ArrayBuffer(0)',
  'new Uint8Array([1, 2, 255]).buffer',
  'new Uint8Array()',
  'new Uint8Array([0, 1, 255])',
  'new Int8Array([-1, 1])',
  'new Uint8ClampedArray([300, 1])',
  'new Int16Array([-1, 500])',
  'new Uint16Array([65535])',
  'new Int32Array([-70000])',
  'new Uint32Array([4e9])',
  'new Float32Array([0.5, NaN, -0])',
  'new Float64Array([0.1, -Infinity])',
  'new BigInt64Array([-1n])',
  'new BigUint64Array([2n ** 64n - 1n])',
  'new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2)',
  '(() => { const b = new ArrayBuffer(16); return { b, v: [new Uint8Array(b, 1, 3), new Float64Array(b, 8)] }; })()',
  '(() => { const b = new ArrayBuffer(16); return [new Uint8Array(b, 0, 9), new Int32Array(b, 8, 1), new DataView(b, 13)]; })()',
  '[Object(1), Object("é"), Object(false), Object(3n)]',
  '[1, , 3]',
  '[, undefined]',
  'new Array(5)',
  '(() => { const a = [1, 2]; a.x = { y: 1 }; a[10] = 2; a["-1"] = 3; a["4294967295"] = 4; return a; })()',
  '(() => { const a = new Array(100); a.length = 3; a.at = 1; return a; })()',
  "'abc'.match(/(?<x>b)/)",
  '[undefined, [undefined], { u: undefined }]',
  '({ a: { b: [null, false] }, "": 1, 10: "x", constructor: 2, toString: 3 })',
  '({ ["__proto__"]: { a: 1 } })',
  '({ ["__proto__"]: { a: 1n } })',
  'Object.assign(Object.create(null), { a: 1 })',
  'Object.assign(Object.create(null), { a: -0 })',
  'Object.assign(Object.create({ inherited: 1 }), { own: 1 })',
  'new (class A { #p = 1; x = [1]; get y() { return this.#p; } })()',
  'new (class A extends Array { x = 1; })()',
  'new (class A extends Map { x = 1; })([[1, 2]])',
  '({ get a() { return new Set([1]); }, [Symbol("s")]: 1, toJSON: undefined })',
  'Object.defineProperty({ a: 1 }, "hidden", { value: 1n, enumerable: false })',
  '(() => { const o = { a: [] }; o.o = o; o.a.push(o, o.a); return o; })()',
  '(() => { const m = new Map(); m.set(m, m); return m; })()',
  '(() => { const s = new Set(); s.add(s); return [s, s]; })()',
  '(() => { const o = {}; return [o, o, { o }]; })()',
  '(() => { const d = new Date(1), r = /r/, b = new Uint8Array(2), x = Object(1); return [d, d, r, r, b, b, x, x]; })()',
  '(() => { const list = []; for (let i = 0; i < 300; i++) list.push({ i, list, text: "t".repeat(i) }); return list; })()',
];

/** Where a copy differs from an original: `undefined` if it has the same kinds, values and identities. */
export function unlike(original: unknown, copy: unknown): string | undefined {
  const seen = new Map<object, object>();
  const copies = new Set<object>();
  const waiting: [unknown, unknown, string][] = [[original, copy, '$']];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [a, b, place] = next;
    if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
      if (!Object.is(a, b)) return `${place}: ${String(a)} and ${typeof b} ${String(b)}`;
      continue;
    }
    if (seen.has(a) || copies.has(b)) {
      if (seen.get(a) !== b) return `${place}: another object`;
      continue;
    }
    seen.set(a, b);
    copies.add(b);
    const problem = unlikeObjects(a, b);
    if (problem !== undefined) return `${place}: ${problem}`;
    waiting.push(
      ...partsOf(a).map((part, at): (typeof waiting)[0] => [part, partsOf(b)[at], `${place}.${at}`]),
    );
  }
  return undefined;
}

function unlikeObjects(a: object, b: object): string | undefined {
  if (tagOf(a) !== tagOf(b)) return `${tagOf(a)} and ${tagOf(b)}`;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return `prototypes of ${tagOf(a)}`;
  const [mine, theirs] = [namesOf(a), namesOf(b)];
  if (mine !== theirs) return `names ${mine} and ${theirs}`;
  const [one, other] = [stateOf(a), stateOf(b)];
  return one === other ? undefined : `${one} and ${other}`;
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value);
}

function namesOf(value: object): string {
  return JSON.stringify(Object.getOwnPropertyNames(value));
}

/** What is in an object and in none of its parts. */
function stateOf(value: object): string {
  if (types.isDate(value)) return String(value.getTime());
  if (types.isRegExp(value)) return `${value.source} ${value.flags} ${value.lastIndex}`;
  if (types.isBoxedPrimitive(value)) return String(value);
  if (types.isArrayBuffer(value)) return Buffer.from(value).toString('hex');
  if (!ArrayBuffer.isView(value)) return '';
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
}

function partsOf(value: object): unknown[] {
  if (ArrayBuffer.isView(value)) return [];
  const own = Object.keys(value).map((key) => (value as Record<string, unknown>)[key]);
  const entries = types.isMap(value) ? [...value].flat(1) : types.isSet(value) ? [...value] : [];
  return [...entries, ...own];
}

/** What was encoded for a guest, as a guest sends it: without the NUL that its parser wants. */
export function withoutNul(encoded: Uint8Array): Uint8Array<ArrayBuffer> {
  if (encoded[0] === 1) return new Uint8Array(encoded.subarray(0, -1));
  if (encoded[0] !== 3) return new Uint8Array(encoded);
  const length = new DataView(encoded.buffer, encoded.byteOffset).getUint32(1, true);
  const shorter = new Uint8Array(encoded.length - 1);
  shorter.set(encoded.subarray(0, 5 + length - 1));
  shorter.set(encoded.subarray(5 + length), 5 + length - 1);
  new DataView(shorter.buffer).setUint32(1, length - 1, true);
  return shorter;
}

/** A table as a guest may send it. */
export function tableBytes(json: string, ...bytes: readonly number[]): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(json);
  const all = new Uint8Array(5 + text.length + bytes.length);
  all[0] = 3;
  new DataView(all.buffer).setUint32(1, text.length, true);
  all.set(text, 5);
  all.set(bytes, 5 + text.length);
  return all;
}
