// What an engine's callers see: answers, errors, limits of size, many functions and engines at once.
import test from 'ava';
import { Engine, type SnapvmError } from '../../src/index.js';
import { codeOf, settle, startEngine } from '../support/engine.js';
import { guestPath, scaled, seeded } from '../support/sandbox.js';

const ECHO = { elf: guestPath('examples/echo') };
const CRASH = { elf: guestPath('examples/crash') };
const CAPACITY = 0x4000 - 64;

test('a function is called by name, with bytes or text, and answers bytes', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const echo = await engine.define('echo', ECHO);
  t.is(echo.name, 'echo');
  t.deepEqual(echo.functions, ['echo', 'reverse', 'entropy', 'random']);
  t.deepEqual(await echo.call(), new Uint8Array(0));
  t.deepEqual(await echo.call('h\u00e9llo'), new Uint8Array(Buffer.from('h\u00e9llo')));
  t.is(await settle(echo.call(Buffer.from('bytes'), { fn: 'reverse' })), 'setyb');
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  t.deepEqual(await echo.call(all), all);
  t.is(all.length, 256, 'the input stays with its caller');
});

test('an input may be a view of any memory, and may be changed after the call', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const echo = await engine.define('echo', ECHO);
  const shared = new Uint8Array(new SharedArrayBuffer(32), 8, 8).fill(7);
  t.deepEqual(await echo.call(shared), new Uint8Array(8).fill(7));
  const whole = Uint8Array.from({ length: 100 }, (_, i) => i);
  t.deepEqual(await echo.call(whole.subarray(10, 20)), whole.slice(10, 20));
  const busy = echo.call(whole);
  const reused = echo.call(whole);
  whole.fill(0);
  t.deepEqual([...(await busy).subarray(0, 3)], [0, 1, 2]);
  t.deepEqual([...(await reused).subarray(0, 3)], [0, 1, 2]);
});

test('the hash names the built snapshot: the same wherever it is defined', async (t) => {
  const [one, two] = [await startEngine(t, { workers: 1 }), await startEngine(t, { workers: 2 })];
  const echo = await one.define('echo', ECHO);
  const again = await two.define('other name', ECHO);
  const cold = await two.define('cold', ECHO, { warm: false });
  t.regex(echo.hash, /^[0-9a-f]{64}$/);
  t.is(again.hash, echo.hash);
  t.is(cold.hash, echo.hash);
  t.is(echo.snapshot.hash, echo.hash);
  t.not((await two.define('crash', CRASH)).hash, echo.hash);
});

for (const warm of [true, false]) {
  test(`inputs and outputs fill their buffers, and not a byte more (warm: ${warm})`, async (t) => {
    const engine = await startEngine(t, { workers: 1 });
    const echo = await engine.define('echo', ECHO, { warm });
    const full = Uint8Array.from({ length: CAPACITY }, (_, i) => i * 31);
    for (const length of [CAPACITY, 0, CAPACITY - 1, 1]) {
      t.deepEqual(await echo.call(full.subarray(0, length)), full.slice(0, length), `${length} bytes`);
    }
    const large = await settle(echo.call(new Uint8Array(CAPACITY + 1)));
    t.like(large as SnapvmError, { code: 'SNAPVM_CALL_INPUT_TOO_LARGE' });
    t.regex((large as SnapvmError).message, /16320/);
    t.is(await codeOf(echo.call(new Uint8Array(1 << 24))), 'SNAPVM_CALL_INPUT_TOO_LARGE');
    t.is(await settle(echo.call('still here')), 'still here');
  });
}

test('buffers may be as large as the policy says', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const size = 1 << 20;
  const echo = await engine.define('echo', ECHO, { inputBytes: size, outputBytes: size });
  const input = Uint8Array.from({ length: size - 64 }, (_, i) => i % 251);
  t.is(Buffer.compare(await echo.call(input, { fn: 'echo' }), input), 0);
  const small = await engine.define('small', ECHO, { inputBytes: size });
  t.like((await settle(small.call(input))) as SnapvmError, { code: 'SNAPVM_GUEST_FAILED' });
});

test('calls start from fresh state, warm or not', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  for (const warm of [true, false]) {
    const source = { elf: guestPath('examples/counter') };
    const counter = await engine.define(`counter ${warm}`, source, { warm, verifyRestore: true });
    for (let turn = 0; turn < scaled(100); turn++) t.is(await settle(counter.call()), '1');
  }
});

test('many functions, each with its own guest and policy', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const count = scaled(30, 5);
  const handles = await Promise.all(
    Array.from({ length: count }, (_, i) =>
      engine.define(`echo ${i}`, { ...ECHO, initData: Buffer.from(`${i}`) }, { heapBytes: 0x1000 * (i + 1) }),
    ),
  );
  t.is(new Set(handles.map(({ hash }) => hash)).size, count);
  for (let turn = 0; turn < 2; turn++) {
    const answers = await Promise.all(handles.map((handle, i) => settle(handle.call(`to ${i}`))));
    t.deepEqual(
      answers,
      handles.map((_, i) => `to ${i}`),
    );
  }
});

test('two engines run beside each other, and one may end before the other', async (t) => {
  const [one, two] = [await startEngine(t, { workers: 1 }), await startEngine(t, { workers: 1 })];
  const [here, there] = [await one.define('echo', ECHO), await two.define('echo', ECHO)];
  t.deepEqual(await Promise.all([settle(here.call('1')), settle(there.call('2'))]), ['1', '2']);
  await one.close();
  t.is(await codeOf(here.call('1')), 'SNAPVM_ENGINE_CLOSED');
  t.is(await settle(there.call('2')), '2');
});

test('an engine can be used with "await using"', async (t) => {
  const engine = await Engine.start({ workers: 1 });
  await engine[Symbol.asyncDispose]();
  t.is(await codeOf(engine.define('echo', ECHO)), 'SNAPVM_ENGINE_CLOSED');
});

test('thousands of calls of all sorts at once each get their own answer', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const echo = await engine.define('echo', ECHO, { verifyRestore: true });
  const cold = await engine.define('cold', ECHO, { warm: false });
  const crash = await engine.define('crash', CRASH, { timeoutMs: 5, verifyRestore: true });
  const counter = await engine.define('counter', { elf: guestPath('examples/counter') });
  const random = seeded(7);
  /** A call and what it must come to. */
  const some = (turn: number): readonly [call: Promise<string>, expected: string] => {
    const text = `call ${turn} `.repeat(1 + (turn % 40));
    const dice = Math.floor(random() * 100);
    if (dice < 50) return [codeOf(echo.call(text, { fn: 'echo', timeoutMs: 60_000 })), text];
    if (dice < 60) return [codeOf(cold.call(text, { timeoutMs: 60_000 })), text];
    if (dice < 75) return [codeOf(counter.call()), '1'];
    if (dice < 80) return [codeOf(crash.call('', { fn: 'loop' })), 'SNAPVM_CALL_TIMEOUT'];
    if (dice < 85) return [codeOf(crash.call('', { fn: 'loop_pages' })), 'SNAPVM_CALL_TIMEOUT'];
    const fn = ['null_write', 'divide', 'stack_overflow', 'execute_heap'][dice % 4] ?? '';
    return [codeOf(crash.call('', { fn, timeoutMs: 60_000 })), 'SNAPVM_GUEST_FAULT'];
  };
  const inFlight = new Set<Promise<void>>();
  const wrong: string[] = [];
  for (let turn = 0; turn < scaled(2000); turn++) {
    const [call, expected] = some(turn);
    const checked = call.then((got) => {
      if (got !== expected) wrong.push(`call ${turn}: ${got} instead of ${expected}`);
      inFlight.delete(checked);
    });
    inFlight.add(checked);
    if (inFlight.size >= 64) await Promise.race(inFlight);
  }
  await Promise.all(inFlight);
  t.deepEqual(wrong, []);
  t.is(engine.workers, 2);
});
