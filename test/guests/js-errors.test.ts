// How JavaScript functions fail: each way has its own code, and stacks are in the user's own lines.
import test from 'ava';
import { GuestError } from '../../src/index.js';
import { startEngine } from '../support/engine.js';
import { defineError, defineJs, errorOf, guestErrorOf } from '../support/js.js';

test('a thrown error arrives with name, message and a stack in the lines of its source', async (t) => {
  const f = await defineJs(
    t,
    `// a comment that is no code

class TooSmall extends RangeError {
  name = 'TooSmall';
}

function check(value) {
  if (value < 10) {
    throw new TooSmall(\`\${value} is too small\`);
  }
  return value;
}

export default (value) => {
  return check(value);
};
`,
  );
  const error = await guestErrorOf(f.call(5));
  t.is(error.code, 'SNAPVM_JS_ERROR');
  t.is(error.name, 'GuestThrownError');
  t.true(error instanceof GuestError);
  t.is(error.message, 'f.default: TooSmall: 5 is too small');
  t.is(error.thrown.name, 'TooSmall');
  t.is(error.thrown.message, '5 is too small');
  t.deepEqual(
    error.thrown.stack.split('\n').filter((line) => !line.includes('TooSmall (')),
    ['TooSmall: 5 is too small', '    at check (function.js:9:27)', '    at default (function.js:15:16)'],
  );
  t.like(error.details, { function: 'f', fn: 'default' });
  t.regex(error.stack ?? '', /js-errors\.test/); // where it was called
  t.is(await f.call(11), 11);
});

test('whatever is thrown or rejected arrives, however odd', async (t) => {
  const f = await defineJs(
    t,
    `export const text = () => { throw 'just text'; };
     export const nothing = () => { throw undefined; };
     export const object = () => { throw { code: 7 }; };
     export const rejected = async () => { await null; throw new TypeError('later'); };
     export const inTimer = () => new Promise(() => setTimeout(() => { throw new Error('in a timer'); }, 1));
     export const caused = () => { throw new Error('outer', { cause: new Error('inner') }); };
     export const evil = () => { const e = new Error('x'); Object.defineProperty(e, 'message', { get() { throw e; } }); throw e; };
     export const long = () => { throw new Error('x'.repeat(1e6)); };
     export const engine = () => null.property;`,
  );
  const thrown = async (fn: string) => (await guestErrorOf(f.call(undefined, { fn }))).thrown;
  t.like(await thrown('text'), { name: 'Error', message: "'just text'" });
  t.like(await thrown('nothing'), { name: 'Error', message: 'undefined' });
  t.like(await thrown('object'), { name: 'Error', message: '{ code: 7 }', value: { code: 7 } });
  t.like(await thrown('rejected'), { name: 'TypeError', message: 'later' });
  t.like(await thrown('inTimer'), { name: 'Error', message: 'in a timer' });
  t.like(await thrown('caused'), { message: 'outer', cause: { message: 'inner' } });
  t.like(await thrown('evil'), { message: 'what was thrown cannot be described' });
  t.true((await thrown('long')).message.length < 3000);
  t.like(await thrown('engine'), { name: 'TypeError', message: "cannot read property 'property' of null" });
});

test('cause, code, errors and properties of what was thrown arrive, with stacks in the lines of its source', async (t) => {
  const f = await defineJs(
    t,
    `const inner = () => new TypeError('inner', { cause: { map: new Map([[1, 2n]]) } });
     export const caused = () => {
       throw Object.assign(new Error('outer', { cause: inner() }), { code: 'E_X', at: new Date(5), f() {}, deep: { g() {}, kept: [1] } });
     };
     export const many = () => { throw new AggregateError([new RangeError('one'), -0], 'many'); };
     export const circle = () => { const e = new Error('round'); e.self = e; e.cause = e; throw e; };
     export const text = () => { throw 'text'; };
     export const dom = () => { throw new DOMException('gone', 'AbortError'); };`,
  );
  const thrown = async (fn: string) => (await guestErrorOf(f.call(undefined, { fn }))).thrown;
  const caused = await thrown('caused');
  const cause = caused.cause as Error;
  t.is(caused.code, 'E_X');
  t.true(cause instanceof TypeError);
  t.regex(
    cause.stack ?? '',
    /^TypeError: inner\n {4}at inner \(function\.js:1:\d+\)\n {4}at caused \(function\.js:3:/,
  );
  t.deepEqual(cause.cause, { map: new Map([[1, 2n]]) });
  t.deepEqual(caused.properties, { at: new Date(5), deep: { kept: [1] } });
  const many = (await thrown('many')).errors as unknown[];
  t.true(many[0] instanceof RangeError);
  t.is(many[1], -0);
  const circle = await thrown('circle');
  t.is((circle.cause as Error).cause, circle.cause);
  t.is(circle.properties?.['self'], circle.cause);
  t.like(await thrown('text'), { message: "'text'", value: 'text' });
  t.like(await thrown('dom'), { name: 'AbortError', message: 'gone', code: 20 });
});

test('of what was thrown no more than 16,384 characters are told, and nothing in it can do more than that', async (t) => {
  const f = await defineJs(
    t,
    `export const large = () => { throw Object.assign(new Error('large', { cause: 'c' }), { code: 7, big: 'x'.repeat(20_000) }); };
     export const larger = () => { throw Object.assign(new Error('larger', { cause: new Array(1e6).fill(1) }), { code: 8 }); };
     export const chain = () => { let e = new Error('0'); for (let i = 1; i < 5000; i++) e = Object.assign(new Error(String(i), { cause: e }), { e }); throw e; };
     export const getter = () => { throw Object.defineProperty(Object.assign(new Error('getter'), { a: { get b() { throw 1; }, c: 1 } }), 'code', { get() { throw 2; }, enumerable: true }); };
     export const proxy = () => { throw new Proxy(new Error('hidden'), { get() { throw 3; }, ownKeys() { throw 4; }, getPrototypeOf() { throw 5; } }); };
     export const endless = () => { throw Object.defineProperty(new Error('endless'), 'cause', { get() { for (;;); } }); };`,
    { timeoutMs: 20_000 },
  );
  const thrown = async (fn: string) => (await guestErrorOf(f.call(undefined, { fn }))).thrown;
  const large = await thrown('large');
  t.like(large, { message: 'large', code: 7, cause: 'c' });
  t.false('properties' in large);
  t.like(await thrown('larger'), { message: 'larger', code: 8 });
  t.is((await thrown('chain')).message, '4999');
  const getter = await thrown('getter');
  t.deepEqual(getter.properties, { a: { c: 1 } });
  t.false('code' in getter);
  t.like(await thrown('proxy'), { message: 'what was thrown cannot be described' });
  t.is((await errorOf(f.call(undefined, { fn: 'endless', timeoutMs: 500 }))).code, 'SNAPVM_CALL_TIMEOUT');
});

test('out of memory has its own code, however the memory goes, and cannot be caught', async (t) => {
  const f = await defineJs(
    t,
    `export const arrays = () => { const all = []; for (;;) all.push(new Array(1000).fill(0)); };
     export const objects = () => { let list = null; for (;;) list = { list }; };
     export const text = () => { let text = 'x'; for (;;) text = (text + text + Math.random()).toUpperCase(); };
     export const buffer = () => new Uint8Array(2 ** 30);
     export const caught = () => { try { const all = []; for (;;) all.push(new Array(1000).fill(0)); } catch { return 'caught'; } };
     export const cycles = () => { for (let i = 0; i < 100_000; i++) { const a = { big: new Array(100).fill(i) }; a.self = a; } return 'collected'; };`,
    { heapBytes: 16 * 2 ** 20, timeoutMs: 30_000 },
  );
  for (const fn of ['arrays', 'objects', 'text', 'buffer', 'caught']) {
    t.is((await errorOf(f.call(undefined, { fn }))).code, 'SNAPVM_JS_MEMORY', fn);
  }
  t.is(await f.call(undefined, { fn: 'cycles' }), 'collected');
});

test('out of memory in an async function ends the call, and leaves it neither waiting nor trying again', async (t) => {
  const f = await defineJs(
    t,
    `export const chain = async (n) => { let p = Promise.resolve(); for (let i = 0; i < n; i++) { const q = p; p = new Promise((r) => r(q)); } await p; };
     export const fill = async () => { const all = []; const go = async () => { for (;;) { all.push([]); await 0; } }; await Promise.all([go(), go(), go()]); };
     export const again = async () => { const all = []; await 0; for (;;) { try { all.push(new Array(1000).fill(0)); } catch {} } };
     export const large = async () => { const all = []; await 0; for (;;) { try { all.push(new Uint8Array(100_000)); } catch {} } };
     export const renamed = async () => { const all = []; await 0; try { for (;;) all.push(new Array(1000).fill(0)); } catch { throw new Error('mine'); } };
     export const timer = () => new Promise(() => setTimeout(() => { const all = []; for (;;) try { all.push({}); } catch {} }));
     export const refused = async () => { await 0; try { new Uint8Array(2 ** 30); } catch { await 0; return 'caught'; } };`,
    { heapBytes: 8 * 2 ** 20, timeoutMs: 60_000 },
  );
  // One of these many chains breaks where the engine loses a job.
  for (let n = 4000; n <= 24_000; n += 1000) {
    const code = await f.call(n, { fn: 'chain' }).then(
      () => 'done',
      (error) => error.code,
    );
    t.true(['done', 'SNAPVM_JS_MEMORY'].includes(code), `${n}: ${code}`);
  }
  for (const fn of ['fill', 'again', 'large', 'renamed', 'timer', 'refused'])
    t.is((await errorOf(f.call(undefined, { fn }))).code, 'SNAPVM_JS_MEMORY', fn);
});

// With a heap of 64 MiB 45,000 of these fit, and the engine loses a job somewhere beyond.
test('out of memory has its code in chains of promises of any length, with the default heap', async (t) => {
  const f = await defineJs(
    t,
    `export const awaited = async (n) => { let p = Promise.resolve(); for (let i = 0; i < n; i++) { const q = p; p = new Promise((r) => r(q)); } await p; };
     export const given = (n) => { let p = Promise.resolve(); for (let i = 0; i < n; i++) { const q = p; p = new Promise((r) => r(q)); } return p; };
     export const then = (n) => { let p = Promise.resolve(0); for (let i = 0; i < n; i++) p = p.then((v) => v + 1); return p; };
     export const functions = async (n) => { let p = Promise.resolve(0); for (let i = 0; i < n; i++) { const q = p; p = (async () => (await q) + 1)(); } return await p; };
     export const at_once = async (n) => { const all = []; for (let i = 0; i < n; i++) all.push((async () => { await 0; return i; })()); await Promise.all(all); };`,
    { timeoutMs: 60_000 },
  );
  for (const fn of ['awaited', 'given', 'then', 'functions', 'at_once']) {
    await t.notThrowsAsync(f.call(10_000, { fn }), fn);
    for (const n of [45_000, 50_000, 55_000, 65_000, 85_000, 120_000]) {
      const code = await f.call(n, { fn }).then(
        () => 'done',
        (error) => error.code,
      );
      t.true(['done', 'SNAPVM_JS_MEMORY'].includes(code), `${fn}, ${n}: ${code}`);
    }
    t.is((await errorOf(f.call(1_000_000, { fn }))).code, 'SNAPVM_JS_MEMORY', fn);
  }
});

test('too deep recursion has its own code, and can be caught as a RangeError', async (t) => {
  const f = await defineJs(
    t,
    `export const endless = () => { const f = () => f() + 1; return f(); };
     export const json = () => { const o = { toJSON: () => [o] }; return JSON.stringify(o).length; };
     export const parsed = () => JSON.parse('['.repeat(1e6) + ']'.repeat(1e6)).length;
     export const nested = () => { let deep = []; for (let i = 0; i < 1e5; i++) deep = [deep]; return JSON.stringify(deep).length; };
     export const source = () => (0, eval)('('.repeat(1e5) + '1' + ')'.repeat(1e5));
     export const caught = () => { const f = () => f() + 1; try { return f(); } catch (e) { return [e instanceof RangeError, e.name, e.constructor === RangeError]; } };
     export const deep = (n) => { const f = (n) => (n === 0 ? 0 : 1 + f(n - 1)); return f(n); };`,
    { timeoutMs: 120_000 },
  );
  for (const fn of ['endless', 'json', 'parsed', 'nested', 'source']) {
    t.is((await errorOf(f.call(undefined, { fn }))).code, 'SNAPVM_JS_RECURSION', fn);
  }
  t.deepEqual(await f.call(undefined, { fn: 'caught' }), [true, 'RangeError', true]);
  t.is(await f.call(10_000, { fn: 'deep' }), 10_000);
});

test('an endless loop is stopped by the time limit, also one of promises and one while it is defined', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const f = await engine.define(
    'f',
    {
      js: `export const sync = () => { for (;;); };
           export const jobs = async () => { for (;;) await null; };
           export const sleeps = () => new Promise((resolve) => setTimeout(resolve, 60_000));
           export default () => 'fine';`,
    },
    { timeoutMs: 100 },
  );
  for (const fn of ['sync', 'jobs', 'sleeps']) {
    t.is((await errorOf(f.call(undefined, { fn }))).code, 'SNAPVM_CALL_TIMEOUT', fn);
    t.is(await f.call(undefined, { timeoutMs: 60_000 }), 'fine');
  }
  const slow = await errorOf(engine.define('g', { js: 'for (;;);' }, { initTimeoutMs: 100 }));
  t.is(slow.code, 'SNAPVM_CALL_TIMEOUT');
});

test('a promise that nothing can settle has its own code', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const f = await engine.define('f', { js: 'export default () => new Promise(() => {});' });
  t.is((await errorOf(f.call())).code, 'SNAPVM_JS_UNSETTLED');
  t.is(
    (await defineError(engine, 'await new Promise(() => {}); export default 1;')).code,
    'SNAPVM_JS_UNSETTLED',
  );
});

test('a syntax error names the place and shows the line', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const error = await defineError(engine, 'export default () => 1;\nlet 1x = 2;\n');
  t.is(error.code, 'SNAPVM_JS_SYNTAX');
  t.like(error.details, { file: 'function.js', line: 2 });
  t.regex(error.message, /^function\.js:2:\d+: .*\n {2}let 1x = 2;\n +\^/);
  t.regex((await defineError(engine, './function.js')).message, /write \{ file: "\.\/function\.js" \}/);
});

test('what a module throws while it is evaluated arrives, too, and it has to export a function', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const { thrown, message } = await guestErrorOf(
    engine.define('f', { js: "const a = 1;\nthrow new Error('at load');\nexport default () => a;" }),
  );
  t.is(message, 'f (initialising): Error: at load');
  t.regex(thrown.stack, /^Error: at load\n {4}at <anonymous> \(function\.js:2:11\)/);
  for (const js of ['export default 5;', 'export const a = 1;', 'const x = 1;', '']) {
    t.is((await defineError(engine, js)).code, 'SNAPVM_JS_EXPORTS', js);
  }
  t.is(await (await engine.define('f', { js: 'export default () => 1' })).call(), 1);
});

test('a promise that is rejected while nobody looks is a line in the log', async (t) => {
  const lines: string[] = [];
  const quiet = (): void => {};
  const warn = (_fields: object, text: string): void => {
    lines.push(text);
  };
  const f = await defineJs(
    t,
    `export default () => { Promise.reject(new Error('nobody')); Promise.reject(1).catch(() => {}); return 'fine'; };`,
    {},
    { logger: { error: quiet, warn, info: quiet, debug: quiet, trace: quiet } },
  );
  t.is(await f.call(), 'fine');
  t.is(lines[0], 'unhandled rejection: Error: nobody');
  t.is(lines.filter((line) => line.startsWith('unhandled')).length, 1);
});

test('sources that are none are refused by name', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  for (const js of [
    5,
    null,
    [],
    {},
    { file: 'a.js', source: 'b' },
    { source: 5 },
    { source: '', language: 'py' },
  ]) {
    const error = await errorOf(engine.define('f', { js: js as string }));
    t.is(error.code, 'SNAPVM_CONFIG_VALUE', JSON.stringify(js));
    t.regex(String(error.details['option']), /^js/);
  }
  t.is((await errorOf(engine.define('f', { js: { files: 'x' } as never }))).code, 'SNAPVM_CONFIG_UNKNOWN');
});
