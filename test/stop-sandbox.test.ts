// Stopping a guest in its sandbox: limits, tickets, signals; the sandbox is whole afterwards.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { native } from '../src/native.js';
import { look, scan } from './conformance/registers.js';
import { nextTicket, readyGuest, scaled, show } from './support/sandbox.js';
import type { StaleWork } from './support/sandbox-stale.js';

// What tells "stopped" from "hangs", however busy the machine is.
const GENEROUS_MS = 10_000;

for (const [limit, reason] of [
  ['timeoutMs', 'time'],
  ['cpuMs', 'cpu'],
] as const) {
  test.serial(`${limit} stops a guest that spins, again and again`, async (t) => {
    const guest = await readyGuest(t, 'examples/crash', { verifyRestore: true });
    const late: number[] = [];
    for (const ms of [20, 0.001, 5, 1.5, 50, 0.5]) {
      const since = performance.now();
      t.deepEqual(guest.call('loop', '', { [limit]: ms }), { kind: 'stopped', reason }, `${ms} ms`);
      late.push(performance.now() - since - ms);
      t.is(guest.text('ok'), 'ok');
    }
    t.log(`stopped ${late.map((ms) => ms.toFixed(1)).join(', ')} ms after the limit`);
    t.true(Math.max(...late) < GENEROUS_MS);
  });
}

test.serial('the limit that comes first is the reason', async (t) => {
  const guest = await readyGuest(t, 'examples/crash');
  t.like(guest.call('loop', '', { timeoutMs: 20, cpuMs: 50_000 }), { reason: 'time' });
  t.like(guest.call('loop', '', { timeoutMs: 50_000, cpuMs: 20 }), { reason: 'cpu' });
  t.like(guest.call('loop', '', { timeoutMs: 20, cpuMs: 0 }), { reason: 'time' });
});

test.serial('limits of 1 ms, 200 times, each followed by a good call', async (t) => {
  const guest = await readyGuest(t, 'examples/crash', { verifyRestore: true });
  for (let turn = 0; turn < scaled(200, 20); turn++) {
    t.deepEqual(guest.call('loop', '', { timeoutMs: 1 }), { kind: 'stopped', reason: 'time' });
    t.is(guest.text('ok'), 'ok');
  }
});

test.serial('a limit of an earlier call does not stop a later one', async (t) => {
  const guest = await readyGuest(t, 'examples/crash');
  for (let turn = 0; turn < scaled(50); turn++) {
    // Ends before its limit (on a busy machine perhaps by it), and its timers may be left to fire in what follows.
    const first = guest.call('ok', '', { timeoutMs: 15, cpuMs: 15 });
    t.true(first.kind === 'result' || first.kind === 'stopped', show(first));
    const since = performance.now();
    t.like(guest.call('loop', '', { timeoutMs: 30 }), { reason: 'time' });
    t.true(performance.now() - since >= 29.9, 'not before its own limit');
    t.is(guest.text('ok'), 'ok');
  }
});

test.serial('answers to host calls do not renew the time of a call', async (t) => {
  const guest = await readyGuest(t, 'hostile/forge', { maxExits: 0xffff_ffff });
  const since = performance.now();
  let outcome = guest.call('host_call_flood', '', { timeoutMs: 50 });
  while (outcome.kind === 'hostCall' && performance.now() - since < GENEROUS_MS) outcome = guest.answer(0);
  t.deepEqual(outcome, { kind: 'stopped', reason: 'time' });
  t.is(guest.text('ok'), 'ok');
});

test.serial('a stop in mid-fault leaves nothing, whenever it comes', async (t) => {
  const leak = await readyGuest(t, 'hostile/leak', { verifyRestore: true, config: { heapBytes: 2 << 20 } });
  const crash = await readyGuest(t, 'examples/crash', {
    verifyRestore: true,
    config: { heapBytes: 2 << 20 },
  });
  const first = look(leak);
  for (let turn = 0; turn < scaled(60, 8); turn++) {
    const limits = { timeoutMs: 1 + (turn % 20) + turn / 100 };
    t.is(leak.call('plant_fault_loop', '', limits).kind, 'stopped');
    t.is(look(leak), first, show(limits));
    t.is(scan(leak), 0n, show(limits));
    t.is(crash.call('loop_pages', '', limits).kind, 'stopped');
    t.is(crash.text('ok'), 'ok', show(limits));
  }
});

test.serial('a stop that comes before its call stops the call', async (t) => {
  const guest = await readyGuest(t, 'examples/crash');
  const id = native().interrupterId();
  for (const fn of ['loop', 'ok']) {
    const ticket = nextTicket();
    native().interrupt(id, ticket);
    t.deepEqual(guest.call(fn, '', {}, ticket), { kind: 'stopped', reason: 'abort' }, fn);
    t.is(guest.text('ok'), 'ok');
  }
});

test.serial('stops of calls that ended, of no call and of no thread are harmless', async (t) => {
  const guest = await readyGuest(t, 'examples/crash');
  const id = native().interrupterId();
  for (let turn = 0; turn < 100; turn++) {
    const ticket = nextTicket();
    t.is(guest.call('ok', '', {}, ticket).kind, 'result');
    for (const [thread, name] of [
      [id, ticket],
      [id, ticket],
      [id, 0],
      [id + 12_345, ticket],
      [0, 1],
    ] as const) {
      native().interrupt(thread, name);
    }
    t.is(guest.text('ok'), 'ok');
  }
  t.notThrows(() => native().closeThread(id + 12_345));
});

test.serial('thousands of calls succeed under a storm of stale stops and stray signals', async (t) => {
  const guest = await readyGuest(t, 'examples/echo', { verifyRestore: true });
  const shared = new BigInt64Array(new SharedArrayBuffer(16));
  const work: StaleWork = { interrupterId: native().interrupterId(), shared };
  const worker = new Worker(new URL('./support/sandbox-stale.js', import.meta.url), { workerData: work });
  t.teardown(() => worker.terminate());
  t.deepEqual(await once(worker, 'message'), ['ready']);
  const calls = scaled(10_000, 200);
  for (let turn = 0; turn < calls; turn++) {
    const ticket = nextTicket();
    const outcome = guest.call('echo', `${turn}`, {}, ticket);
    if (outcome.kind !== 'result' || Buffer.from(outcome.output).toString() !== `${turn}`) {
      t.fail(`call ${turn}: ${show(outcome)}`);
      break;
    }
    Atomics.store(shared, 0, BigInt(ticket));
  }
  const report = once(worker, 'message');
  Atomics.store(shared, 1, 1n);
  const [{ interrupts, signals }] = (await report) as [{ interrupts: number; signals: number }];
  t.log(`${calls} calls, ${interrupts} stale stops, ${signals} stray signals`);
  t.true(interrupts > 100 && signals > 10);
});
