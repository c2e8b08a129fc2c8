// Calls that wait for the host when something ends: their worker, their definition, the engine.
import test from 'ava';
import { codeOf, eventually, settle, sleep, terminateThread } from '../support/engine.js';
import { forever, type Gate, gate, HOSTCALL, LONG, startHostEngine, text } from '../support/host.js';
import { scaled } from '../support/sandbox.js';

test.serial(
  'a worker that ends loses the calls that wait for the host: signals abort, the engine goes on',
  async (t) => {
    const signals: AbortSignal[] = [];
    const gates: Gate<string>[] = [];
    const { engine, guest } = await startHostEngine(t, {
      lookup: (input, { signal }) => {
        if (text(input) === 'now') return 'right';
        signals.push(signal);
        const waits = gate<string>();
        gates.push(waits);
        return waits.promise;
      },
    });
    const replaced: { threadId: number; calls: number }[] = [];
    engine.on('workerReplaced', (lost) => replaced.push(lost));
    for (let turn = 1; turn <= scaled(3); turn++) {
      const calls = Array.from({ length: 5 }, () => codeOf(guest.call('wait')));
      t.true(await eventually(() => gates.length === 5));
      const [thread = 0] = engine.threadIds;
      await terminateThread(thread);
      t.deepEqual(await Promise.all(calls), Array<string>(5).fill('SNAPVM_ENGINE_WORKER_LOST'));
      t.deepEqual(
        signals.splice(0).map(({ aborted }) => aborted),
        Array<boolean>(5).fill(true),
      );
      // Half of the host functions answer nobody, the others throw at nobody.
      for (const [i, waits] of gates.splice(0).entries()) {
        if (i % 2 === 0) waits.open('late');
        else waits.fail(new Error('late'));
      }
      t.is(await settle(guest.call('now')), 'right');
      t.is(replaced.length, turn);
      t.deepEqual(replaced.at(-1), { threadId: thread, calls: 5 });
    }
    t.is(engine.stats().pending, 0);
    t.is(engine.stats().workersReplaced, replaced.length);
    t.is(engine.stats().errors['SNAPVM_ENGINE_WORKER_LOST'], 5 * replaced.length);
  },
);

test.serial('closing the engine fails calls that wait for the host, and aborts their signals', async (t) => {
  const signals: AbortSignal[] = [];
  const { engine, guest } = await startHostEngine(
    t,
    {
      lookup: (_input, { signal }) => {
        signals.push(signal);
        return forever();
      },
    },
    { workers: 2 },
  );
  const calls = Array.from({ length: 10 }, () => codeOf(guest.call()));
  t.true(await eventually(() => signals.length === 10));
  await engine.close();
  t.deepEqual(await Promise.all(calls), Array<string>(10).fill('SNAPVM_ENGINE_CLOSED'));
  t.true(signals.every(({ aborted }) => aborted));
});

test.serial(
  'closing with drain waits for calls that wait for the host, and for those they make',
  async (t) => {
    const waits = gate<string>();
    const { engine, guest } = await startHostEngine(t, { lookup: () => waits.promise });
    const call = settle(guest.call());
    t.true(await eventually(() => engine.stats().hostCalls === 1));
    let closed = false;
    const closing = engine.close({ drain: true }).then(() => {
      closed = true;
    });
    t.is(await codeOf(guest.call()), 'SNAPVM_ENGINE_CLOSED', 'no further calls');
    await sleep(50);
    t.false(closed);
    waits.open('in the end');
    t.is(await call, 'in the end');
    await closing;
    t.is(engine.workers, 0);
  },
);

test.serial('undefine waits for calls that wait for the host', async (t) => {
  const waits = gate<string>();
  const { engine, guest } = await startHostEngine(t, { lookup: () => waits.promise });
  const call = settle(guest.call());
  t.true(await eventually(() => engine.stats().hostCalls === 1));
  let gone = false;
  const undefined_ = engine.undefine('guest').then(() => {
    gone = true;
  });
  await sleep(20);
  t.is(await codeOf(guest.call()), 'SNAPVM_ENGINE_UNKNOWN');
  t.false(gone);
  waits.open('of the old guest');
  t.is(await call, 'of the old guest');
  await undefined_;
});

test.serial(
  'a call that waits for the host when its name is defined anew ends in its own guest',
  async (t) => {
    const gates: Gate<string>[] = [];
    const { engine, guest } = await startHostEngine(t, {
      lookup: () => {
        const waits = gate<string>();
        gates.push(waits);
        return waits.promise;
      },
    });
    const old = settle(guest.call('1', { fn: 'many' }));
    t.true(await eventually(() => gates.length === 1));
    await engine.define('guest', HOSTCALL, { ...LONG, heapBytes: 0x8000 });
    t.is(await settle(guest.call('1', { fn: 'many' })), 'not allowed;');
    gates[0]?.open('allowed');
    t.is(await old, 'allowed;');
  },
);

test.serial('a guest that crashes after a host call is put back, and the next call works', async (t) => {
  const { guest } = await startHostEngine(t, { lookup: (input) => input }, {}, { verifyRestore: true });
  for (let turn = 0; turn < scaled(20); turn++) {
    t.is(await codeOf(guest.call(`${turn}`, { fn: 'trap' })), 'SNAPVM_GUEST_FAULT');
    t.is(await settle(guest.call(`${turn}`)), `${turn}`);
  }
});
