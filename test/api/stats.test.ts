// What an engine and its functions say they have done: counts, errors by code, distributions, and what is held.
import test from 'ava';
import type { CallStats, Distribution } from '../../src/index.js';
import { codeOf, eventually, settle, sleep, startEngine } from '../support/engine.js';
import { forever, gate, HOSTCALL, startHostEngine } from '../support/host.js';
import { guestPath, scaled, UNDER_QEMU } from '../support/sandbox.js';

const ECHO = { elf: guestPath('examples/echo') };
const CRASH = { elf: guestPath('examples/crash') };
const NONE: Distribution = { count: 0, min: 0, mean: 0, p50: 0, p90: 0, p99: 0, max: 0 };

/** A distribution of so many values is in order, and its mean lies within. */
function isSane(
  t: Parameters<typeof startHostEngine>[0],
  d: Distribution,
  count: number,
  what: string,
): void {
  t.is(d.count, count, what);
  const ascending = [d.min, d.p50, d.p90, d.p99, d.max];
  t.deepEqual(
    [...ascending].sort((a, b) => a - b),
    ascending,
    `${what}: ${ascending.join()}`,
  );
  t.true(d.min >= 0 && d.mean >= d.min && d.mean <= d.max, `${what}: ${JSON.stringify(d)}`);
  t.true(ascending.every(Number.isFinite));
}

test('nothing was done before the first call', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const echo = await engine.define('echo', ECHO);
  const nothing: CallStats = {
    calls: 0,
    errors: {},
    queueUs: NONE,
    runUs: NONE,
    restoreUs: NONE,
    dirtyPages: NONE,
    restores: 0,
    hostCalls: 0,
  };
  t.deepEqual(echo.stats(), nothing);
  t.deepEqual(engine.stats(), {
    ...nothing,
    workers: 2,
    workersReplaced: 0,
    waiting: 0,
    pending: 0,
    residents: { sandboxes: 0, bytes: 0 },
    store: { loaded: 0, saved: 0, refused: 0, unsaved: 0 },
  });
});

test('calls, errors by code, restores and distributions are counted, for each function and for all', async (t) => {
  const engine = await startEngine(t, { workers: 1, maxQueue: 5 });
  const echo = await engine.define('echo', ECHO);
  const crash = await engine.define('crash', CRASH);
  const good = scaled(50);
  for (let i = 0; i < good; i++) await echo.call('x');
  for (const fn of ['null_write', 'divide', 'abort_code', 'big_output']) await codeOf(crash.call('', { fn }));
  await codeOf(crash.call('', { signal: AbortSignal.abort() }));
  await codeOf(crash.call('', { fn: 'loop', timeoutMs: 20 }));
  const full = await Promise.all(Array.from({ length: 10 }, () => codeOf(crash.call())));
  t.is(full.filter((code) => code === 'SNAPVM_ENGINE_QUEUE_FULL').length, 4);
  // Refused before they were calls.
  await codeOf(crash.call('', { fn: 'no such function' }));
  await codeOf(crash.call('', { timeoutMs: -1 }));

  const [ofEcho, ofCrash, ofAll] = [echo.stats(), crash.stats(), engine.stats()];
  t.is(ofEcho.calls, good);
  t.deepEqual(ofEcho.errors, {});
  t.is(ofCrash.calls, 16);
  t.deepEqual(ofCrash.errors, {
    SNAPVM_GUEST_FAULT: 2,
    SNAPVM_GUEST_ABORT: 1,
    SNAPVM_GUEST_FAILED: 1,
    SNAPVM_CALL_ABORTED: 1,
    SNAPVM_CALL_TIMEOUT: 1,
    SNAPVM_ENGINE_QUEUE_FULL: 4,
  });
  t.is(ofAll.calls, good + 16);
  t.deepEqual(ofAll.errors, ofCrash.errors);
  t.is(ofEcho.restores, good - 1, 'the first call had a new sandbox');
  t.is(ofAll.restores, ofEcho.restores + ofCrash.restores);
  for (const [stats, ran] of [
    [ofEcho, good],
    [ofCrash, 11],
    [ofAll, good + 11],
  ] as const) {
    isSane(t, stats.queueUs, ran, 'queueUs');
    isSane(t, stats.runUs, ran, 'runUs');
    isSane(t, stats.restoreUs, ran, 'restoreUs');
    isSane(t, stats.dirtyPages, ran, 'dirtyPages');
  }
  t.true(ofCrash.runUs.max >= 19_000, 'the call that looped');
  t.true(ofEcho.dirtyPages.max < 1000);
});

test('waiting for a host function is neither queueing nor running', async (t) => {
  const ms = UNDER_QEMU ? 5000 : 400;
  const { engine, guest } = await startHostEngine(t, {
    lookup: async () => {
      await sleep(ms);
      return 'x';
    },
  });
  await guest.call('x', { fn: 'say' });
  await guest.call('x');
  const { queueUs, runUs, hostCalls } = engine.stats();
  t.is(hostCalls, 1);
  t.true(queueUs.max < ms * 1000 * 0.9, `${queueUs.max} us in the queue`);
  t.true(runUs.max < ms * 1000 * 0.9, `${runUs.max} us run`);
});

test('waiting behind another call is queueing', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  const loop = codeOf(crash.call('', { fn: 'loop', timeoutMs: 200 }));
  await settle(crash.call());
  await loop;
  t.true(engine.stats().queueUs.max > 150_000);
});

test('host functions called are counted, those that were not allowed are not', async (t) => {
  const { engine, guest } = await startHostEngine(t, { lookup: () => 'x', fails: () => Promise.reject() });
  await guest.call('7', { fn: 'times' });
  await guest.call('fails', { fn: 'relay' });
  await guest.call('x', { fn: 'ghost' });
  t.is(guest.stats().hostCalls, 8);
  t.is(engine.stats().hostCalls, 8);
});

test('what a function did stays counted when it is defined anew, taken back, and at the end', async (t) => {
  const waits = gate<string>();
  const { engine, guest } = await startHostEngine(t, { lookup: () => waits.promise });
  await guest.call('x', { fn: 'say' });
  await engine.define('guest', ECHO);
  await guest.call('x');
  t.is(guest.stats().calls, 2);
  await engine.define('guest', HOSTCALL, { hostFunctions: ['lookup'], timeoutMs: 60_000 });
  const call = settle(guest.call('x'));
  t.true(await eventually(() => engine.stats().hostCalls === 1));
  const leaving = engine.undefine('guest');
  await sleep(10);
  t.is(engine.stats().calls, 2, 'while it leaves');
  waits.open('done');
  t.is(await call, 'done');
  await leaving;
  t.is(engine.stats().calls, 3);
  t.is(engine.stats().runUs.count, 3);
  t.is(guest.stats().calls, 3);
  const again = await engine.define('guest', ECHO);
  t.is(again.stats().calls, 0);
  await again.call('x');
  t.is(engine.stats().calls, 4);
  await engine.close();
  t.like(engine.stats(), { calls: 4, workers: 0, pending: 0, waiting: 0 });
});

test('what is held is counted: sandboxes, their memory, calls that wait', async (t) => {
  const { engine, guest } = await startHostEngine(t, { lookup: forever });
  const stop = new AbortController();
  const calls = Array.from({ length: 8 }, () => codeOf(guest.call('x', { signal: stop.signal })));
  t.true(await eventually(() => engine.stats().hostCalls === 8));
  t.like(engine.stats(), { pending: 8, waiting: 0 });
  t.is(engine.stats().residents.sandboxes, 8);
  t.true(engine.stats().residents.bytes > 8 * 4096);
  stop.abort();
  await Promise.all(calls);
  t.is(engine.stats().pending, 0);
  await guest.undefine();
  t.true(await eventually(() => engine.stats().residents.sandboxes === 0));
  t.is(engine.stats().residents.bytes, 0);
});

test('lastCost is that of the last call that ran', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  t.is(crash.lastCost.startedUs, 0);
  await crash.call();
  const first = crash.lastCost;
  t.true(first.startedUs > 0 && first.runUs > 0);
  t.is(first.restores, 0);
  await codeOf(crash.call('', { fn: 'loop', timeoutMs: 30 }));
  t.true(crash.lastCost.runUs >= 29_000);
  t.true(crash.lastCost.startedUs > first.startedUs);
  t.true(crash.lastCost.restores + crash.lastCost.rebuilds > 0);
});
