/** The states of a stop: by ticket before, during and after a call, by signal and by closing; the worker lives on. */
import assert from 'node:assert/strict';
import { addon } from '../../src/addon/addon.js';
import { Cases } from './case.js';
import { codeOf } from './context.js';
import { assertEnds, type Expected, guestPath, nextTicket, PATIENT, scaled } from './guest.js';

const cases = new Cases('stop');
export const stopCases = cases.all;

const aborted: Expected = { kind: 'stopped', reason: 'abort' };
const CRASH = { elf: guestPath('examples/crash') };
const LONG = { timeoutMs: PATIENT.timeoutMs };
/** Longer than a call takes to begin; nothing is wrong if it does not. */
const MOMENT_MS = 20;

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

cases.add('a stop that comes before its call stops the call, running or not', async (context) => {
  const guest = await context.ready('examples/crash');
  const id = addon().interrupterId();
  for (const fn of ['loop', 'ok']) {
    const ticket = nextTicket();
    addon().interrupt(id, ticket);
    assertEnds(guest.call(fn, '', {}, ticket), aborted, fn);
    addon().settleTicket(id, ticket);
    assert.equal(guest.text('ok'), 'ok');
  }
});

cases.add('every ticket that was interrupted before it began stops, whatever the order', async (context) => {
  const guest = await context.ready('examples/crash');
  const id = addon().interrupterId();
  const tickets = Array.from({ length: 20 }, nextTicket);
  const others = Array.from({ length: 20 }, nextTicket);
  for (const ticket of tickets) addon().interrupt(id, ticket);
  for (const ticket of [...tickets].reverse()) {
    assertEnds(guest.call('loop', '', {}, ticket), aborted);
    assert.equal(guest.call('ok', '', {}, others.pop()).kind, 'result', 'a ticket nobody interrupted');
    assertEnds(guest.call('ok', '', {}, ticket), aborted, 'a ticket that is not settled');
  }
  for (const ticket of tickets) addon().settleTicket(id, ticket);
});

cases.add('a ticket that was settled no longer stops, and the others still do', async (context) => {
  const guest = await context.ready('examples/crash');
  const id = addon().interrupterId();
  const [first, second] = [nextTicket(), nextTicket()];
  for (const ticket of [first, second, first]) addon().interrupt(id, ticket);
  addon().settleTicket(id, first);
  assert.equal(guest.call('ok', '', {}, first).kind, 'result');
  assertEnds(guest.call('ok', '', {}, second), aborted);
  addon().settleTicket(id, second);
  assert.equal(guest.call('ok', '', {}, second).kind, 'result');
});

cases.add('stops of calls that ended, of no call and of no thread are harmless', async (context) => {
  const guest = await context.ready('examples/crash');
  const id = addon().interrupterId();
  for (let turn = 0; turn < scaled(50); turn++) {
    const ticket = nextTicket();
    assert.equal(guest.call('ok', '', {}, ticket).kind, 'result');
    for (const [thread, name] of [
      [id, ticket],
      [id, ticket],
      [id, 0],
      [id + 12_345, ticket],
      [0, 1],
    ] as const) {
      addon().interrupt(thread, name);
    }
    assert.equal(guest.text('ok'), 'ok');
    addon().settleTicket(id, ticket);
  }
  addon().settleTicket(id, nextTicket());
  addon().settleTicket(id + 12_345, 1);
  addon().settleTicket(0, 0);
  addon().closeThread(id + 12_345);
  assert.equal(guest.text('ok'), 'ok');
});

cases.add('a call that waits for the host is stopped when it goes on', async (context) => {
  const guest = await context.ready('examples/hostcall');
  const id = addon().interrupterId();
  const ticket = nextTicket();
  assert.equal(guest.call('lookup', 'x', {}, ticket).kind, 'hostCall');
  addon().interrupt(id, ticket);
  assertEnds(guest.answer(0, '', ticket), aborted);
  addon().settleTicket(id, ticket);
  assert.equal(guest.call('lookup', 'x').kind, 'hostCall');
});

cases.add('a sandbox that was closed refuses calls by name, and may be closed again', async (context) => {
  const guest = await context.ready('examples/crash');
  assert.equal(guest.text('ok'), 'ok');
  guest.close();
  guest.close();
  assertEnds(guest.call('ok'), { kind: 'error', code: 'SNAPVM_SANDBOX_STATE' });
});

cases.add('a sandbox that waits for the host can be closed', async (context) => {
  const guest = await context.ready('examples/hostcall');
  assertEnds(guest.call('lookup', 'x'), { kind: 'hostCall' });
  guest.close();
  assertEnds(guest.answer(0, 'late'), { kind: 'error', code: 'SNAPVM_SANDBOX_STATE' });
  const next = await context.ready('examples/crash');
  assert.equal(next.text('ok'), 'ok');
});

cases.add(
  'an AbortSignal stops a call that spins or writes, and the worker thread survives',
  async (context) => {
    const engine = await context.engine();
    const crash = await engine.define('stop', CRASH);
    const threads = [...engine.threadIds];
    for (const fn of ['loop', 'loop_pages']) {
      for (let turn = 0; turn < scaled(5); turn++) {
        const controller = new AbortController();
        const call = codeOf(crash.call('', { fn, ...LONG, signal: controller.signal }));
        await sleep(turn * 2);
        controller.abort();
        assert.equal(await call, 'SNAPVM_CALL_ABORTED');
        assert.equal(Buffer.from(await crash.call()).toString(), 'ok');
      }
    }
    assert.deepEqual([...engine.threadIds], threads);
    await crash.undefine();
  },
);

cases.add('limits of the public API stop a call by their own error', async (context) => {
  const engine = await context.engine();
  const crash = await engine.define('stop', CRASH);
  const threads = [...engine.threadIds];
  for (const [options, code] of [
    [{ timeoutMs: 30 }, 'SNAPVM_CALL_TIMEOUT'],
    [{ ...LONG, cpuMs: 25 }, 'SNAPVM_CALL_CPU'],
    [{ ...LONG, deadlineMs: 30 }, 'SNAPVM_CALL_DEADLINE'],
  ] as const) {
    assert.equal(await codeOf(crash.call('', { fn: 'loop', ...options })), code);
    assert.equal(Buffer.from(await crash.call()).toString(), 'ok');
  }
  assert.deepEqual([...engine.threadIds], threads);
  await crash.undefine();
});

cases.add('closing an engine ends calls that run, wait in line and wait for the host', async (context) => {
  const engine = await context.ownEngine({ hostFunctions: { lookup: () => new Promise<never>(() => {}) } });
  const crash = await engine.define('crash', CRASH);
  const asking = await engine.define(
    'asking',
    { elf: guestPath('examples/hostcall') },
    { hostFunctions: ['lookup'] },
  );
  const calls = [
    codeOf(asking.call('x', LONG)),
    codeOf(crash.call('', { fn: 'loop_pages', ...LONG })),
    codeOf(crash.call('', { fn: 'loop', ...LONG })),
  ];
  await sleep(MOMENT_MS);
  await engine.close();
  for (const code of await Promise.all(calls)) assert.equal(code, 'SNAPVM_ENGINE_CLOSED');
});
