// Stopping calls of an engine: by limit, by AbortSignal, by closing it.
import { getEventListeners } from 'node:events';
import test from 'ava';
import { SnapvmError } from '../../src/index.js';
import { codeOf, settle, sleep, startEngine } from '../support/engine.js';
import { guestPath, scaled } from '../support/sandbox.js';

const CRASH = { elf: guestPath('examples/crash') };
const LONG = { timeoutMs: 60_000 };

test.serial('a call that spins is stopped by its limits, and the worker thread survives', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH, { timeoutMs: 30 });
  const threads = engine.threadIds;
  for (const [options, code, limit] of [
    [{}, 'SNAPVM_CALL_TIMEOUT', { timeoutMs: 30 }],
    [{ timeoutMs: 40 }, 'SNAPVM_CALL_TIMEOUT', { timeoutMs: 40 }],
    [{ ...LONG, cpuMs: 25 }, 'SNAPVM_CALL_CPU', { cpuMs: 25 }],
  ] as const) {
    const since = performance.now();
    const error = await settle(crash.call('', { fn: 'loop', ...options }));
    t.log(`${code} after ${(performance.now() - since).toFixed(1)} ms`);
    t.true(error instanceof SnapvmError);
    t.like(error as SnapvmError, { code, details: { function: 'crash', fn: 'loop', ...limit } });
    t.is(await settle(crash.call('', LONG)), 'ok');
  }
  t.deepEqual(engine.threadIds, threads);
});

test.serial('the clock of a call starts when its guest does, not while it waits', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  const loop = codeOf(crash.call('', { fn: 'loop', timeoutMs: 1500 }));
  t.is(await settle(crash.call('', { timeoutMs: 1000 })), 'ok');
  t.is(await loop, 'SNAPVM_CALL_TIMEOUT');
});

test.serial('an abort stops a running call, with the reason as cause', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  const late: number[] = [];
  for (const fn of ['loop', 'loop_pages', 'loop', 'loop_pages']) {
    const controller = new AbortController();
    const call = settle(crash.call('', { fn, ...LONG, signal: controller.signal }));
    await sleep(30);
    const since = performance.now();
    controller.abort(new Error('enough'));
    controller.abort(new Error('once more'));
    const error = await call;
    late.push(performance.now() - since);
    t.like(error as SnapvmError, { code: 'SNAPVM_CALL_ABORTED', cause: { message: 'enough' } } as never);
    t.is(await settle(crash.call()), 'ok');
  }
  t.log(`ended ${late.map((ms) => ms.toFixed(1)).join(', ')} ms after the abort`);
});

test.serial('an abort before, while queued and after the answer', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  t.is(await codeOf(crash.call('', { signal: AbortSignal.abort() })), 'SNAPVM_CALL_ABORTED');

  const first = new AbortController();
  const queued = new AbortController();
  const running = codeOf(crash.call('', { fn: 'loop', ...LONG, signal: first.signal }));
  const waiting = codeOf(crash.call('', { signal: queued.signal }));
  const behind = settle(crash.call('', { signal: new AbortController().signal }));
  await sleep(10);
  queued.abort();
  t.is(await waiting, 'SNAPVM_CALL_ABORTED', 'does not wait for the call before it');
  first.abort();
  t.is(await running, 'SNAPVM_CALL_ABORTED');
  t.is(await behind, 'ok');

  const late = new AbortController();
  t.is(await settle(crash.call('', { signal: late.signal })), 'ok');
  late.abort();
  t.is(await settle(crash.call()), 'ok');
});

test.serial(
  'an abort that races with the answer ends in one of the two, and hits no other call',
  async (t) => {
    const engine = await startEngine(t, { workers: 2 });
    const crash = await engine.define('crash', CRASH);
    const seen = { ok: 0, SNAPVM_CALL_ABORTED: 0 };
    for (let turn = 0; turn < scaled(500, 40); turn++) {
      const controller = new AbortController();
      const calls = [
        codeOf(crash.call('', { signal: controller.signal })),
        codeOf(crash.call()),
        codeOf(crash.call()),
      ];
      if (turn % 3 === 0) controller.abort();
      else setTimeout(() => controller.abort(), (turn % 10) / 10);
      const [aborted, ...others] = await Promise.all(calls);
      t.deepEqual(others, ['ok', 'ok']);
      t.true(aborted === 'ok' || aborted === 'SNAPVM_CALL_ABORTED', aborted);
      seen[aborted as keyof typeof seen]++;
    }
    t.log(seen);
  },
);

test.serial('one signal stops all its calls, queued and running, and no other', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const crash = await engine.define('crash', CRASH);
  const controller = new AbortController();
  const options = { fn: 'loop', ...LONG, signal: controller.signal };
  const aborted = Array.from({ length: 10 }, () => codeOf(crash.call('', options)));
  const others = Array.from({ length: 10 }, () => settle(crash.call()));
  await sleep(20);
  controller.abort();
  t.deepEqual(await Promise.all(aborted), Array<string>(10).fill('SNAPVM_CALL_ABORTED'));
  t.deepEqual(await Promise.all(others), Array<string>(10).fill('ok'));
});

test.serial('a signal may be shared by any number of calls', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  const { signal } = new AbortController();
  const warnings: string[] = [];
  const warned = (warning: Error): number => warnings.push(warning.message);
  process.on('warning', warned);
  t.teardown(() => process.off('warning', warned));
  for (let turn = 0; turn < 5; turn++) {
    const calls = Array.from({ length: 20 }, () => settle(crash.call('', { signal })));
    t.deepEqual(await Promise.all(calls), Array<string>(20).fill('ok'));
  }
  t.true(getEventListeners(signal, 'abort').length <= 1, 'listeners do not add up');
  t.deepEqual(warnings, []);
});

test.serial('closing the engine stops what runs and what waits, and is idempotent', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const crash = await engine.define('crash', CRASH);
  const calls = Array.from({ length: 6 }, () => codeOf(crash.call('', { fn: 'loop', ...LONG })));
  await sleep(30);
  const since = performance.now();
  await Promise.all([engine.close(), engine.close()]);
  await engine.close();
  t.log(`closed in ${(performance.now() - since).toFixed(1)} ms`);
  t.deepEqual(await Promise.all(calls), Array<string>(6).fill('SNAPVM_ENGINE_CLOSED'));
  t.is(await codeOf(crash.call()), 'SNAPVM_ENGINE_CLOSED');
  t.is(await codeOf(engine.define('again', CRASH)), 'SNAPVM_ENGINE_CLOSED');
  t.is(engine.workers, 0);
});

test.serial('closing the engine stops a guest that initialises', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const source = { elf: guestPath('hostile/forge'), initData: Buffer.from('l') };
  const define = codeOf(engine.define('loops', source, { initTimeoutMs: 60_000 }));
  await sleep(50);
  await engine.close();
  t.is(await define, 'SNAPVM_ENGINE_CLOSED');
});

test.serial('an engine can be started after another one was closed', async (t) => {
  for (let turn = 0; turn < 3; turn++) {
    const engine = await startEngine(t, { workers: 1 });
    const crash = await engine.define('crash', CRASH);
    t.is(await settle(crash.call()), 'ok');
    const loop = codeOf(crash.call('', { fn: 'loop', ...LONG }));
    await engine.close();
    t.is(await loop, 'SNAPVM_ENGINE_CLOSED');
  }
});
