/** JavaScript through the public API: the runtime is one more guest, with a heap, exceptions and floating point. */
import assert from 'node:assert/strict';
import { GuestThrownError, type JsHandle, type JsPolicy, type JsValue } from '../../src/index.js';
import { Cases } from './case.js';
import { assertGoesOn, javascriptReadings, waitLonger } from './clocks.js';
import { type Context, codeOf } from './context.js';
import { PATIENT, scaled } from './guest.js';

const cases = new Cases('javascript');
export const javascriptCases = cases.all;

const LIMITS = { timeoutMs: PATIENT.timeoutMs, initTimeoutMs: 2 * PATIENT.timeoutMs };

let lastName = 0;
async function define(context: Context, js: string, policy: JsPolicy = {}): Promise<JsHandle> {
  const engine = await context.engine();
  const handle = await engine.define(`js-${++lastName}`, { js }, { ...LIMITS, ...policy });
  context.defer(() => handle.undefine());
  return handle;
}

cases.add('a function takes and gives values and bytes', async (context) => {
  const echo = await define(context, 'export default (value) => value;');
  const values: JsValue[] = [
    null,
    true,
    -1.5e300,
    'é \u{1F600} "quoted" \\ \n',
    [1, [2, [3, {}]]],
    { a: { b: [null, false] }, '': 1 },
    new Uint8Array([0, 1, 255]),
    undefined,
  ];
  for (const value of values) assert.deepEqual(await echo.call(value), value);
});

cases.add('a module is evaluated once, and every call starts from there', async (context) => {
  const f = await define(
    context,
    `let calls = 0; const made = Math.random(); globalThis.left = 'module';
     export default () => { calls++; const before = globalThis.left; globalThis.left = 'call'; return [calls, made, before]; };`,
    { verifyRestore: true },
  );
  const first = await f.call();
  for (let turn = 0; turn < scaled(20, 3); turn++) assert.deepEqual(await f.call(), first);
  assert.deepEqual((first as JsValue[])[0], 1);
});

cases.add('random numbers and the clock are those of the call', async (context) => {
  const f = await define(context, 'export default () => [Math.random(), Date.now()];');
  const before = Date.now();
  const seen = new Set<unknown>();
  for (let turn = 0; turn < 5; turn++) {
    const [random, now] = (await f.call()) as [number, number];
    assert(now >= before - 1 && now <= Date.now() + 1, `${now}`);
    seen.add(random);
  }
  assert.equal(seen.size, 5);
});

cases.add(
  'the clock and timers go on from where they stood when the module was evaluated',
  async (context) => {
    const engine = await context.ownEngine(); // it has no runtime yet, whose time counts
    assertGoesOn(await javascriptReadings(engine, 'frozen-clocks', waitLonger));
  },
);

cases.add('the time of day is where the clock began and what it shows', async (context) => {
  const f = await define(
    context,
    `const evaluated = performance.timeOrigin;
     export default () => {
       const before = Date.now(), sum = performance.timeOrigin + performance.now(), after = Date.now();
       return { before, sum, after, evaluated, ...performance.toJSON(), again: performance.timeOrigin };
     };`,
  );
  await waitLonger(0);
  const { before, sum, after, evaluated, timeOrigin, again } = (await f.call()) as Record<string, number>;
  const found = JSON.stringify({ before, sum, after, evaluated, timeOrigin, again });
  assert(Number(sum) > Number(before) - 1 && Number(sum) < Number(after) + 1, found);
  assert(timeOrigin === again && Number(timeOrigin) > Number(evaluated), found);
});

cases.add('floating point is exact', async (context) => {
  const f = await define(
    context,
    'export default (x) => [0.1 + 0.2, Math.sqrt(x) * x, x / 3, Math.fround(x), (x * 1e21).toString()];',
  );
  for (const x of [1, 3.7, 0.25, 1e-300]) {
    const expected = [0.1 + 0.2, Math.sqrt(x) * x, x / 3, Math.fround(x), (x * 1e21).toString()];
    assert.deepEqual(await f.call(x), expected);
  }
});

cases.add('an exception is the error of the call, with its name, message and place', async (context) => {
  const f = await define(context, `export default (message) => { throw new RangeError(message); };`);
  for (let turn = 0; turn < 3; turn++) {
    const error = await f.call(`turn ${turn}`).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert(error instanceof GuestThrownError);
    assert.equal(error.thrown.name, 'RangeError');
    assert.equal(error.thrown.message, `turn ${turn}`);
    assert.match(error.thrown.stack, /function\.js:1\b/);
  }
});

cases.add(
  'endless loops, recursion and allocation end by their own errors, and the next call works',
  async (context) => {
    const f = await define(
      context,
      `export default (how) => {
       if (how === 'loop') for (;;);
       if (how === 'recursion') { const again = (n) => again(n + 1) + 1; return again(0); }
       if (how === 'memory') { const all = []; for (;;) all.push(new Uint8Array(1 << 20).fill(1)); }
       return 'fine';
     };`,
      { timeoutMs: 20_000 },
    );
    assert.equal(await codeOf(f.call('loop', { timeoutMs: 50 })), 'SNAPVM_CALL_TIMEOUT');
    assert.equal(await f.call('nothing'), 'fine');
    assert.equal(await codeOf(f.call('loop', { cpuMs: 50 })), 'SNAPVM_CALL_CPU');
    assert.equal(await codeOf(f.call('recursion')), 'SNAPVM_JS_RECURSION');
    assert.equal(await codeOf(f.call('memory')), 'SNAPVM_JS_MEMORY');
    assert.equal(await f.call('nothing'), 'fine');
  },
);

cases.add(
  'promises, generators and regular expressions work, and what nothing settles is an error',
  async (context) => {
    const f = await define(
      context,
      `const later = async (value) => { await null; return value; };
     function* numbers() { for (let i = 0; ; i++) yield i * i; }
     export default async (text) => {
       if (text === '') await new Promise(() => {});
       const squares = []; for (const n of numbers()) { if (n > 50) break; squares.push(n); }
       return [await later(1), await Promise.all([later(2), 3]), squares, text.replace(/(\\w+) (\\w+)/u, '$2 $1')];
     };`,
    );
    const squares = [0, 1, 4, 9, 16, 25, 36, 49];
    assert.deepEqual(await f.call('one two'), [1, [2, 3], squares, 'two one']);
    assert.equal(await codeOf(f.call('')), 'SNAPVM_JS_UNSETTLED');
  },
);

cases.add('much is allocated and collected in a call, again and again', async (context) => {
  const f = await define(
    context,
    `export default (count) => {
       let sum = 0; const kept = new Map();
       for (let i = 0; i < count; i++) { const made = { i, text: 'n' + i, list: [i, i + 1] }; if (i % 7 === 0) kept.set(made.text, made); sum += made.list[1]; }
       return [sum, kept.size, JSON.stringify([...kept.values()]).length];
     };`,
    { verifyRestore: true },
  );
  const count = scaled(20_000, 2000);
  const first = await f.call(count);
  assert.deepEqual((first as number[])[0], (count * (count + 1)) / 2);
  for (let turn = 0; turn < 3; turn++) assert.deepEqual(await f.call(count), first);
});

cases.add('a function asks the host with values and waits for it', async (context) => {
  const engine = await context.ownEngine({
    hostFunctions: {
      lookup: (_input, { args }) => ({ got: args as JsValue[] }),
      later: async () => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        return 'late';
      },
    },
  });
  const js = `export default async (key) => {
    const [one, two] = await Promise.all([host.lookup(key, [1]), host.later()]);
    return [one, two];
  };`;
  const f = await engine.define('asking', { js }, { ...LIMITS, hostFunctions: ['lookup', 'later'] });
  for (let turn = 0; turn < 3; turn++) {
    assert.deepEqual(await f.call(`key ${turn}`), [{ got: [`key ${turn}`, [1]] }, 'late']);
  }
});

cases.add('what a function logs arrives in order', async (context) => {
  const lines: string[] = [];
  const keep = (_fields: object, text: string): void => void lines.push(text);
  const logger = { error: keep, warn: keep, info: keep, debug: keep, trace: keep };
  const engine = await context.ownEngine({ logger });
  const js = "export default (n) => { for (let i = 0; i < n; i++) console.log('line', i, 'of', { n }); };";
  const f = await engine.define('talking', { js }, LIMITS);
  await f.call(5);
  assert.deepEqual(
    lines,
    [0, 1, 2, 3, 4].map((i) => `line ${i} of { n: 5 }`),
  );
});
