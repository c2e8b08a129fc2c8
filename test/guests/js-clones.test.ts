// Values go to JavaScript functions, come back, and go to the host and back, as Node clones them.
import test from 'ava';
import type { JsValue } from '../../src/index.js';
import { EXPRESSIONS, unlike } from '../support/clones.js';
import { defineJs, errorOf, guestErrorOf } from '../support/js.js';

const HOST_FUNCTIONS = {
  echo: (_input: Uint8Array, { args }: { args: readonly JsValue[] }) => args,
  bad: () => [1, () => 1] as never,
};
const POLICY = { hostFunctions: ['echo', 'bad'] };

function evaluated(expression: string): JsValue {
  return new Function(`return ${expression};`)() as JsValue;
}

test('every kind of value: what a guest makes, what it is given, and what goes to the host and back', async (t) => {
  const made = EXPRESSIONS.map((expression, i) => `export const make${i} = () => ${expression};`);
  const f = await defineJs(
    t,
    `${made.join('\n')}
     export default (value) => value;
     export const there = async (value) => await host.echo(value, [value]);
     export const look = (value) => [value instanceof Map, value instanceof Date, value instanceof RegExp, value instanceof Error];`,
    POLICY,
    { hostFunctions: HOST_FUNCTIONS },
  );
  for (const [i, expression] of EXPRESSIONS.entries()) {
    const expected: unknown = structuredClone(evaluated(expression));
    t.is(unlike(expected, await f.call(undefined, { fn: `make${i}` })), undefined, `made: ${expression}`);
    const value = evaluated(expression);
    t.is(unlike(expected, await f.call(value)), undefined, `given: ${expression}`);
    const sent = (await f.call(value, { fn: 'there' })) as unknown[];
    t.is(unlike([expected, [expected]], sent), undefined, `to the host: ${expression}`);
  }
  t.deepEqual(await f.call(new Map(), { fn: 'look' }), [true, false, false, false]);
  t.deepEqual(await f.call(new Date(1), { fn: 'look' }), [false, true, false, false]);
  t.deepEqual(await f.call(/x/, { fn: 'look' }), [false, false, true, false]);
  t.deepEqual(await f.call(new TypeError('x'), { fn: 'look' }), [false, false, false, true]);
});

test('errors arrive with what they say, and stacks in the lines of the source', async (t) => {
  const f = await defineJs(
    t,
    `class Mine extends RangeError { name = 'Mine'; extra = 1; f() {} }
export default () => [new Mine('x', { cause: new Error('deep') })];
export const back = (error) => [error instanceof TypeError, error.message, error.stack, error.cause];`,
  );
  const [error] = (await f.call()) as unknown as [RangeError & { extra: number }];
  t.true(error instanceof RangeError);
  t.is(error.name, 'Mine');
  t.is(error.extra, 1);
  t.regex(error.stack ?? '', /^Mine: x\n(?: {4}at .*\n)* {4}at default \(function\.js:2:/);
  t.is((error.cause as Error).message, 'deep');
  // Where the host has made it is none of the guest's business.
  t.deepEqual(await f.call(new TypeError('t', { cause: 5n }), { fn: 'back' }), [true, 't', '', 5n]);
});

test('what cannot be cloned is an error of the guest that says where it is', async (t) => {
  const f = await defineJs(
    t,
    `export const method = () => ({ a: [1, { f() {} }] });
     export const symbol = () => Symbol('x');
     export const promise = () => new Map([['k', Promise.resolve()]]);
     export const weak = () => [new WeakRef({})];
     export const map = () => [new WeakMap()];
     export const proxy = () => new Proxy({}, {});
     export const json = () => ({ toJSON() { return 1; } });
     export const ask = async (what) => { try { return await host[what](() => 1); } catch (e) { return [e.name, e.message]; } };`,
    POLICY,
    { hostFunctions: HOST_FUNCTIONS },
  );
  const expected = {
    method: 'what is sent at .a[1].f cannot be a function',
    symbol: 'an answer cannot be a symbol',
    promise: 'what is sent at <value 0> cannot be a Promise',
    weak: 'what is sent at [0] cannot be a WeakRef',
    map: 'what is sent at [0] cannot be a WeakMap',
    proxy: 'an answer cannot be a Proxy',
    json: 'what is sent at .toJSON cannot be a function',
  };
  for (const [fn, message] of Object.entries(expected)) {
    const { thrown } = await guestErrorOf(f.call(undefined, { fn }));
    t.like(thrown, { name: 'DataCloneError', message });
  }
  t.deepEqual(await f.call('echo', { fn: 'ask' }), [
    'DataCloneError',
    'what is sent at [0] cannot be a function',
  ]);
  const { code, message } = await errorOf(f.call({ f: [() => 1] } as never));
  t.is(code, 'SNAPVM_CONFIG_VALUE');
  t.regex(
    message,
    /^a value in input, at \.f\[0\], is a function; it must be what a structured clone can have$/,
  );
});

test('toJSON is not called, wherever it comes from, and getters are called once', async (t) => {
  const f = await defineJs(
    t,
    `class WithJson { x = 1; toJSON() { return 'no'; } }
     export default () => { Object.prototype.toJSON = Array.prototype.toJSON = () => 'no'; try { return { a: [1, new WithJson()] }; } finally { delete Array.prototype.toJSON; delete Object.prototype.toJSON; } };
     export const stays = () => { Array.prototype.toJSON = () => 'no'; return { a: [1] }; };
     export const getter = () => { let n = 0; return [{ get a() { return ++n; } }, { get b() { return ++n; } }]; };`,
  );
  t.deepEqual(await f.call(), { a: [1, { x: 1 }] });
  t.deepEqual(await f.call(undefined, { fn: 'stays' }), { a: [1] });
  t.deepEqual(await f.call(undefined, { fn: 'getter' }), [{ a: 1 }, { b: 2 }]);
});

test('an answer may be very deep, and long', async (t) => {
  const f = await defineJs(
    t,
    `export default (depth) => { let o = null; for (let i = 0; i < depth; i++) o = [o]; return o; };
     export const long = (n) => Array.from({ length: n }, (_, i) => new Map([[i, { i }]]));
     export const count = (o) => { let n = 0; for (; o !== null; n++) o = o[0]; return n; };`,
    { outputBytes: 4 * 2 ** 20, inputBytes: 4 * 2 ** 20 },
  );
  let value = await f.call(50_000);
  t.is(await f.call(value, { fn: 'count' }), 50_000);
  let levels = 0;
  for (; Array.isArray(value); levels++) value = value[0] as JsValue;
  t.is(levels, 50_000);
  const long = (await f.call(20_000, { fn: 'long' })) as Map<number, unknown>[];
  t.is(long.length, 20_000);
  t.deepEqual(long.at(-1), new Map([[19_999, { i: 19_999 }]]));
});
