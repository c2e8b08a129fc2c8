// What a JavaScript guest made long is read in slices, between which the event loop runs.
import test from 'ava';
import { nextTurn } from '../../src/base/globals.js';
import type { JsValue } from '../../src/base/js-value.js';
import { inSlices, mayReadNow, type Steps } from '../../src/base/slices.js';
import { type CallServices, MadeCall } from '../../src/engine/call.js';
import type { CheckedCallOptions } from '../../src/engine/call-options.js';
import type { Definition } from '../../src/engine/definition.js';
import { logGuest } from '../../src/engine/logger.js';
import { Recorder } from '../../src/engine/stats.js';
import { decodeHostCall, jsCodec } from '../../src/guests/js/codec.js';
import { firstOfList, jsonSteps } from '../../src/guests/js/json-steps.js';
import { StackMap } from '../../src/guests/js/stack.js';
import { encodeValue } from '../../src/guests/js/values.js';
import { type Failure, NO_COST, NO_LOGS } from '../../src/wire/protocol.js';
import { withoutNul } from '../support/clones.js';

const MIB = 2 ** 20;
/** Steps in a turn of the event loop, and bytes of text in a step: at most. */
const TURN_STEPS = 16;
const STEP_BYTES = 8192;
const NO_LIMITS = { timeoutMs: 0, cpuMs: 0, deadlineUs: 0 };
const THROWN = answerOf(JSON.stringify({ name: 'E', message: 'x'.repeat(4000), stack: '' }));
const CODEC = jsCodec(new StackMap({ name: 'f.js', code: '', map: '', warnings: [] }), 0, 'clone');

/** Texts of which JSON.parse takes long, with `bytes` bytes or a few more. */
const LONG: Readonly<Record<string, (bytes: number) => string>> = {
  objects: (bytes) => list(bytes, () => '{}'),
  numbers: (bytes) => list(bytes, () => '1'),
  'objects of all shapes': (bytes) => list(bytes, (i) => `{"a":{"k${i}":[${i}]}}`),
  'an object in an object': (bytes) => `{"a":1,"b":{${fields(bytes)}},"c":[]}`,
  'long lists': (bytes) => `[[${list(bytes / 2, () => '[]')}] , ${list(bytes / 2, () => '""')}]`,
};

function list(bytes: number, member: (i: number) => string): string {
  return `[${joined(bytes, member)}]`;
}

function fields(bytes: number): string {
  return joined(bytes, (i) => `"k${i}":${i}, "__proto__":{"i":${i}}`);
}

function joined(bytes: number, member: (i: number) => string): string {
  const members: string[] = [];
  for (let length = 0; length < bytes; length += (members.at(-1) as string).length + 1)
    members.push(member(members.length));
  return members.join(',');
}

function answerOf(json: string, tag = 1): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(String.fromCharCode(tag) + json));
}

/** What steps come to, and how many there are. */
function run<T>(steps: Steps<T>): { readonly value: T; readonly count: number } {
  for (let count = 1; ; count++) {
    const { done, value } = steps.next();
    if (done === true) return { value, count };
  }
}

function read(json: string): { readonly value: JsValue; readonly count: number } {
  return run(jsonSteps(new TextEncoder().encode(json)));
}

for (const [name, make] of Object.entries(LONG)) {
  test.serial(`a long answer gives the event loop back between slices: ${name}`, async (t) => {
    const json = make(MIB);
    let turns = 0;
    let read = false;
    const counted = (async () => {
      for (; !read; turns++) await nextTurn();
    })();
    const value = await CODEC.decode(answerOf(json));
    read = true;
    await counted;
    t.is(JSON.stringify(value), JSON.stringify(JSON.parse(json)));
    t.true(turns >= MIB / STEP_BYTES / TURN_STEPS / 2, `${turns} turns`);
  });

  test(`a step reads a part of the text: ${name}`, (t) => {
    t.true(read(make(MIB)).count >= MIB / STEP_BYTES / 2);
  });
}

test.serial('what many guests send in one turn of the event loop is not all read in it', async (t) => {
  const json = `"${'x'.repeat(STEP_BYTES)}"`;
  await nextTurn();
  await nextTurn();
  t.is(typeof CODEC.decode(answerOf(json)), 'string');
  const second = CODEC.decode(answerOf(json));
  t.true(second instanceof Promise);
  t.is(CODEC.decode(answerOf('1')), 1); // few bytes wait for nobody
  t.is(await second, JSON.parse(json));
  await nextTurn();
  t.is(typeof CODEC.decode(answerOf(json)), 'string');
});

test.serial('slices take turns, and stop when one of them throws', async (t) => {
  const order: string[] = [];
  const work = function* (name: string, steps: number): Steps<string> {
    for (let i = 0; i < steps; i++) {
      order.push(name);
      yield;
    }
    if (name === 'b') throw new Error(name);
    return name;
  };
  const long = inSlices(work('a', 3));
  const broken = inSlices(work('b', 1));
  t.deepEqual(order, []);
  await t.throwsAsync(broken, { message: 'b' });
  t.is(await long, 'a');
  t.deepEqual(order, ['a', 'b', 'a', 'a']);
});

test('a text in steps is the same value as at once, or refused as it is', (t) => {
  const big = `[${'"x", '.repeat(STEP_BYTES / 4)}"y"]`;
  const object = `{"a":${big}}`;
  const space = ' '.repeat(2 * STEP_BYTES);
  const long = JSON.stringify('\u0001é😀"\\'.repeat(STEP_BYTES));
  const right = [big, object, space + big, long, `[${long},${long}]`, `[${space}]`, `{${space}}`];
  right.push(`[1,${big},2,${object} ,[],{"b":${big}}]`, `{"a":1,"a":${big},"__proto__":${object} , "c":3}`);
  const wrong = ['', space, `${big}${big}`, `${big},1`, `${big}]`, `[${big}`, `[${big}}`, `{"a":${big}]`];
  wrong.push(
    `[${big} ${big}]`,
    `[${big},]`,
    `[,${big}]`,
    `[${big},,1]`,
    `[1 ${big}]`,
    `{${big}}`,
    `{1:${big}}`,
  );
  wrong.push(
    `{"a":${big} "b":1}`,
    `{"a" ${big}}`,
    `{"a":1,${big}}`,
    `[${big}1]`,
    `[${space},1]`,
    `[1,${space}]`,
  );
  wrong.push(
    `{${space},"a":1}`,
    `{"a":1,${space}}`,
    `["${'x'.repeat(2 * STEP_BYTES)}`,
    `{"a":${object}`,
    '"',
  );
  for (const json of right) t.deepEqual(read(json).value, JSON.parse(json), json.slice(0, 20));
  for (const json of wrong) {
    t.throws(() => JSON.parse(json) as unknown, undefined, json.slice(0, 20));
    t.throws(() => read(json), undefined, `${json.slice(0, 20)} … ${json.slice(-20)}`);
  }
});

test('the prototype of what is read is nobody else’s', (t) => {
  const { value } = read(`{"a":[${'1,'.repeat(STEP_BYTES)}1],"__proto__":{"admin":true}}`);
  t.is(Object.getPrototypeOf(value), Object.prototype);
  t.deepEqual(Object.keys(value as object), ['a', '__proto__']);
});

test('what is nested more deeply than anybody could write is refused', (t) => {
  const nested = (depth: number) => `[${'['.repeat(depth)}1${']'.repeat(depth)}]`;
  t.notThrows(() => read(nested(9_000)));
  t.throws(() => read(nested(100_000)), { message: 'it is nested more than 10000 deep' });
});

test.serial('many lines of a log reach the logger in slices, in their order', async (t) => {
  const heard: string[] = [];
  const hear = (_fields: object, text: string): void => void heard.push(text);
  const logger = { error: hear, warn: hear, info: hear, debug: hear, trace: hear };
  const lines = Array.from({ length: 5000 }, (_, i) => ({ level: 3, text: `${i}` }));
  const logged = logGuest(logger, { lines, dropped: 1 }, undefined, { function: 'f' });
  t.true(logged instanceof Promise);
  await nextTurn();
  await nextTurn();
  t.true(heard.length < lines.length);
  await logged;
  t.deepEqual(heard, [...lines.map(({ text }) => text), 'log lines over maxLogBytes were dropped']);
});

test.serial('the first value of a host call is not written as JSON anew', async (t) => {
  const input = async (payload: Uint8Array) =>
    Buffer.from((await decodeHostCall(payload, () => '')).input).toString();
  t.is(await input(answerOf('[{"a" : "]\\"," }, 2]')), '{"a" : "]\\"," }');
  t.is(await input(answerOf('[[[],{}]]')), '[[],{}]');
  t.is(await input(answerOf('["é"]')), 'é');
  t.is(await input(answerOf('[]')), '');
  t.is(await input(answerOf(`[ ${LONG['objects']?.(MIB)} ]`)), ` ${LONG['objects']?.(MIB)} `);
});

test('of a host call with what JSON does not say, the first value is written where it is JSON', async (t) => {
  const input = async (...values: unknown[]) => {
    const payload = encodeValue([...values, new Map()], 'x', 'clone');
    return Buffer.from((await decodeHostCall(withoutNul(payload), () => '')).input).toString();
  };
  const date = new Date(7);
  const list = [undefined, 'é', Number.NaN, -0, null, {}, []];
  t.is(await input({ a: 1, u: undefined, list, date }), JSON.stringify({ a: 1, list, date }));
  t.is(await input(new Uint8Array([120, 121])), 'xy');
  t.is(await input('é'), 'é');
  const twice = {};
  const circle: unknown[] = [];
  circle.push(circle);
  for (const value of [
    new Map(),
    1n,
    [1n],
    { a: new Uint8Array(1) },
    new Array(1),
    [twice, twice],
    circle,
    undefined,
  ])
    t.is(await input(value), '');
  const long = Array.from({ length: 50_000 }, (_, i) => ({ i }));
  t.is(await input(long), JSON.stringify(long));
});

test('so is what a long list is put together of, and the first value of a host call looked for', (t) => {
  const numbers = LONG['numbers']?.(MIB) ?? '';
  t.true(read(numbers).count >= (1.8 * MIB) / STEP_BYTES);
  const { value, count } = run(firstOfList(answerOf(`[${numbers}]`).subarray(1)));
  t.is(value.length, numbers.length);
  t.true(count >= MIB / STEP_BYTES / 2);
});

test.serial('a turn’s share is as large again in the next turn', async (t) => {
  await nextTurn();
  await nextTurn();
  while (mayReadNow(1000));
  t.false(mayReadNow(1000));
  await nextTurn();
  t.true(mayReadNow(1000));
});

/** Failures that bring as much to be read: what was thrown, and what a program wrote before it ended. */
const FAILURES: Readonly<Record<string, { readonly failure: Failure; readonly message: RegExp }>> = {
  errors: {
    failure: { kind: 'exit', exit: { kind: 'result', code: 1, output: THROWN }, limits: NO_LIMITS },
    message: /^f.default: E: xxx/,
  },
  'output before the end': {
    failure: {
      kind: 'exit',
      exit: { kind: 'shutdown' },
      limits: NO_LIMITS,
      printed: { stdout: new Uint8Array(2000), stderr: new Uint8Array(2000) },
    },
    message: /triple fault/,
  },
};

for (const [what, { failure, message }] of Object.entries(FAILURES))
  test.serial(`${what} of many guests in one turn of the event loop are not all read in it`, async (t) => {
    const entry = { kind: 'call' };
    const definition = {
      name: 'f',
      codec: CODEC,
      functions: ['default'],
      target: { spec: { descriptor: { entry, memory: { inputBytes: MIB } } } },
      snapshot: { symbolize: () => undefined },
    } as unknown as Definition;
    const answer = (): unknown =>
      new MadeCall(
        { poisoned() {} } as unknown as CallServices,
        definition,
        new Recorder(),
        undefined,
        { limits: NO_LIMITS } as CheckedCallOptions,
        {},
      ).answer({
        ok: false,
        failure,
        logs: NO_LOGS,
        cost: NO_COST,
      });
    await nextTurn();
    await nextTurn();
    for (let i = 0; i < 4; i++) t.throws(answer, { message });
    const later = [answer(), answer()];
    for (const each of later) await t.throwsAsync(async () => await each, { message });
  });
