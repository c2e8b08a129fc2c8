// JavaScript functions: what they are called with, what they answer, what they start from.

import test from 'ava';
import type { JsValue } from '../../src/index.js';
import { startEngine } from '../support/engine.js';
import { defineJs, errorOf, guestErrorOf } from '../support/js.js';

test('a function takes and gives JSON values, bytes and undefined, in any nesting, by either rules', async (t) => {
  // Ten thousand objects take an emulated processor a while.
  const echo = await defineJs(t, 'export default (value) => value;', { timeoutMs: 20_000 });
  const byJson = await defineJs(t, 'export default (value) => value;', { timeoutMs: 20_000, values: 'json' });
  const values: JsValue[] = [
    null,
    true,
    0,
    -1.5e300,
    '',
    'é \u{1F600} \ud800 "quoted" \\ \n \u2028',
    [],
    {},
    [1, [2, [3, {}]]],
    { a: { b: [null, false] }, '': 1, 10: 'x', constructor: 2 },
    new Uint8Array(0),
    new Uint8Array([0, 1, 255]),
    { bytes: new Uint8Array([1, 2]), list: [new Uint8Array(0), 'x', new Uint8Array([3])] },
    ['\u0001', '\u00010,1', '\u0001\u0001', new Uint8Array([7])],
    Array.from({ length: 10_000 }, (_, index) => ({ index, name: `n${index}` })),
    undefined,
  ];
  for (const f of [echo, byJson]) {
    for (const value of values) t.deepEqual(await f.call(value), value);
    t.is(await f.call(), undefined);
  }
  t.not(echo.hash, byJson.hash);
});

test('by the rules of JSON, what it leaves out or changes is left out and changed on both ways', async (t) => {
  const echo = await defineJs(
    t,
    'export default (value) => value; export const own = () => ({ u: undefined, n: NaN, l: [undefined], d: new Date(0) });',
    { values: 'json' },
  );
  t.deepEqual(await echo.call({ a: undefined, b: Number.NaN, c: [undefined] }), { b: null, c: [null] });
  t.deepEqual(await echo.call(undefined, { fn: 'own' }), {
    n: null,
    l: [null],
    d: '1970-01-01T00:00:00.000Z',
  });
});

test('bytes arrive as a Uint8Array of their own, of a Buffer too', async (t) => {
  const f = await defineJs(
    t,
    `export default (bytes) => { bytes[0] = 9; return [bytes instanceof Uint8Array, bytes.constructor === Uint8Array, bytes]; };
     export const nested = ({ b }) => [b instanceof Uint8Array, [...b]];`,
  );
  const given = new Uint8Array([1, 2, 3]);
  t.deepEqual(await f.call(given), [true, true, new Uint8Array([9, 2, 3])]);
  t.deepEqual(given, new Uint8Array([1, 2, 3]));
  t.deepEqual(await f.call(given.subarray(1)), [true, true, new Uint8Array([9, 3])]);
  t.deepEqual(await f.call({ b: Buffer.from('ab') }, { fn: 'nested' }), [true, [97, 98]]);
});

test('by the rules of JSON, values that it cannot carry are refused by name, before the guest is called', async (t) => {
  const f = await defineJs(t, 'export default (value) => value;', { values: 'json' });
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const refused: [unknown, RegExp][] = [
    [1n, /^input is the BigInt 1n; it must be/],
    [() => 1, /^input is a function/],
    [Symbol('x'), /^input is a symbol/],
    [{ a: { b: 2n } }, /a value in input, at the key "b", is the BigInt 2n/],
    [{ f() {} }, /at the key "f", is a function/],
    [circle, /^input cannot be sent to a guest: Converting circular structure/],
    [Promise.resolve(1), /^input is a Promise \(await it first\)/],
    [new Map(), /^input is a Map/],
    [[new Float64Array(1)], /is a Float64Array/],
    [new ArrayBuffer(1), /is an ArrayBuffer/],
  ];
  for (const [value, message] of refused) {
    const error = await errorOf(f.call(value as JsValue));
    t.is(error.code, 'SNAPVM_CONFIG_VALUE');
    t.is(error.details['option'], 'input');
    t.regex(error.message, message);
  }
  t.is(await f.call('still'), 'still');
});

test('by the rules of JSON, answers that it cannot carry are errors of the guest', async (t) => {
  const f = await defineJs(
    t,
    `export const big = () => ({ a: 1n });
     export const method = () => ({ f() {} });
     export const symbol = () => Symbol('x');
     export const floats = () => ({ f: new Float32Array(1) });
     export const circle = () => { const o = {}; o.o = o; return o; };`,
    { values: 'json' },
  );
  const expected = {
    big: 'a BigInt cannot be part of an answer',
    method: 'a function cannot be part of an answer',
    symbol: 'a symbol cannot be part of an answer',
    floats: 'a Float32Array cannot be part of an answer; a Uint8Array can',
    circle: 'circular reference',
  };
  for (const [fn, message] of Object.entries(expected)) {
    const { thrown } = await guestErrorOf(f.call(undefined, { fn }));
    t.like(thrown, { name: 'TypeError', message });
  }
});

test('the default export is what a call runs; named exports are called by fn', async (t) => {
  const f = await defineJs(
    t,
    `export default function main() { return 'main'; }
     export async function later() { return 'later'; }
     export const arrow = () => 'arrow';
     export const number = 5;
     export class NotCalled {}`,
  );
  t.is(f.functions[0], 'default');
  t.deepEqual([...f.functions].sort(), ['NotCalled', 'arrow', 'default', 'later']);
  t.is(await f.call(), 'main');
  t.is(await f.call(undefined, { fn: 'later' }), 'later');
  t.is(await f.call(undefined, { fn: 'arrow' }), 'arrow');
  t.is((await errorOf(f.call(undefined, { fn: 'number' }))).code, 'SNAPVM_CALL_FUNCTION');
});

test('a module without a default export is called by its first function; a CommonJS module works', async (t) => {
  t.is(await (await defineJs(t, 'export const only = () => 1;')).call(), 1);
  const single = await defineJs(t, 'module.exports = (x) => x * 2;');
  t.is(await single.call(21), 42);
  const several = await defineJs(t, 'exports.a = () => "a"; exports.b = () => "b";');
  t.is(await several.call(undefined, { fn: 'b' }), 'b');
});

test('evaluating the module happens once; every call starts from what it left', async (t) => {
  const f = await defineJs(
    t,
    `let count = 0;
     const list = [await Promise.resolve('evaluated')];
     globalThis.mark = 'set';
     export default () => { list.push(++count); globalThis.mark += '!'; Array.prototype.planted = 1; return [count, list, mark]; };
     export const look = () => [count, list, mark, [].planted === undefined];`,
    { verifyRestore: true },
  );
  for (let turn = 0; turn < 3; turn++) {
    t.deepEqual(await f.call(), [1, ['evaluated', 1], 'set!']);
    t.deepEqual(await f.call(undefined, { fn: 'look' }), [0, ['evaluated'], 'set', true]);
  }
});

test('promises are awaited, timers run in their order, and sleeping takes its time', async (t) => {
  const f = await defineJs(
    t,
    `const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
     export default async () => {
       const log = [];
       setTimeout(() => log.push('300'), 300);
       setTimeout((a, b) => log.push(a + b), 10, '1', '0');
       const cleared = setTimeout(() => log.push('never'), 5);
       clearTimeout(cleared);
       queueMicrotask(() => log.push('microtask'));
       log.push('sync');
       const started = performance.now();
       await wait(400);
       log.push(performance.now() - started >= 400);
       return log;
     };
     export const interval = () => new Promise((resolve) => { let n = 0; const id = setInterval(() => { if (++n === 3) { clearInterval(id); resolve(n); } }, 2); });
     export const thenable = () => ({ then: (resolve) => resolve('thenable') });`,
  );
  t.deepEqual(await f.call(), ['sync', 'microtask', '10', '300', true]);
  t.is(await f.call(undefined, { fn: 'interval' }), 3);
  t.is(await f.call(undefined, { fn: 'thenable' }), 'thenable');
});

test('random values differ from call to call, also when the module drew some', async (t) => {
  const f = await defineJs(
    t,
    `const early = [Math.random(), crypto.randomUUID()];
     export default () => [Math.random(), crypto.randomUUID(), crypto.getRandomValues(new Uint8Array(16)), early];`,
  );
  const calls: JsValue[][] = [];
  for (let turn = 0; turn < 8; turn++) calls.push((await f.call()) as JsValue[]);
  for (const column of [0, 1, 2]) {
    t.is(new Set(calls.map((call) => JSON.stringify(call[column]))).size, calls.length);
  }
  t.is(new Set(calls.map((call) => JSON.stringify(call[3]))).size, 1); // what the module drew is shared
  for (const [number, uuid] of calls) {
    t.true(typeof number === 'number' && number >= 0 && number < 1);
    t.regex(String(uuid), /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  }
});

test('the web functions that a function may count on are there, and nothing of the host is', async (t) => {
  const f = await defineJs(
    t,
    `export default () => {
       const known = ['TextEncoder', 'TextDecoder', 'URL', 'URLSearchParams', 'structuredClone', 'atob', 'btoa', 'queueMicrotask',
         'DOMException', 'WeakRef', 'FinalizationRegistry', 'setTimeout', 'setInterval', 'console', 'crypto', 'performance', 'host', 'snapvm'];
       const absent = ['process', 'require', 'module', 'std', 'os', 'print', 'scriptArgs', 'InternalError', '__date_clock', 'fetch', 'Worker'];
       return [known.filter((name) => !(name in globalThis)), absent.filter((name) => name in globalThis)];
     };
     export const use = () => [
       new TextDecoder().decode(new TextEncoder().encode('h\\u00e9\\u{1F600}\\ud800')),
       new TextDecoder('utf-8').decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0xff, 0xe2, 0x82])),
       new URL('/p?q=1#h', 'https://a.example:444/x').href,
       [...new URLSearchParams('a=1&b=2&a=3').getAll('a')].join(),
       atob(btoa('bytes')), structuredClone(new Map([[1, { d: new Date(5) }]])).get(1).d.getTime(),
       typeof performance.now(),
     ];`,
  );
  t.deepEqual(await f.call(), [[], []]);
  t.deepEqual(await f.call(undefined, { fn: 'use' }), [
    'h\u00e9\u{1F600}\ufffd',
    'a\ufffd\ufffd',
    'https://a.example:444/p?q=1#h',
    '1,3',
    'bytes',
    5,
    'number',
  ]);
});

test('a call that does nothing writes few pages', async (t) => {
  const f = await defineJs(t, 'export default () => 1;');
  for (let turn = 0; turn < 20; turn++) await f.call();
  // KVM on hardware also counts pages of the sandbox's own that were only read.
  t.true(f.lastCost.stickyPages < 64, `${f.lastCost.stickyPages} pages`);
});

test('a large answer that fits arrives whole; one that does not says how much it was', async (t) => {
  const f = await defineJs(t, "export default (n) => 'x'.repeat(n);", { outputBytes: 0x2000 });
  t.is(await f.call(0x2000 - 64 - 3), 'x'.repeat(0x2000 - 64 - 3));
  const error = await errorOf(f.call(0x2000 - 64 - 2));
  t.is(error.code, 'SNAPVM_GUEST_LIMIT');
  t.is(error.details['bytes'], 0x2000 - 64 + 1);
  const input = await errorOf(f.call('x'.repeat(0x10_0000)));
  t.is(input.code, 'SNAPVM_CALL_INPUT_TOO_LARGE');
});

test('the policy of one function is not that of the runtime it shares with others', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const js = 'export default () => 1;';
  const [tight, other] = await Promise.allSettled([
    engine.define('tight', { js }, { maxExits: 0 }),
    engine.define('other', { js }),
  ]);
  t.regex(
    tight.status === 'rejected' ? String(tight.reason.message) : '',
    /^tight \(initialising\).*maxExits/,
  );
  t.is(other.status, 'fulfilled');
});
