// AbortSignals: a call ends in exactly one of its answer and SNAPVM_CALL_ABORTED, wherever it was.
import test from 'ava';
import type { SnapvmError } from '../../src/index.js';
import { codeOf, eventually, settle, sleep } from '../support/engine.js';
import { errorOf, forever, LONG, startHostEngine, text } from '../support/host.js';
import { scaled, seeded, UNDER_QEMU } from '../support/sandbox.js';

/** "Promptly": far less than the limits of the calls, far more than it takes. */
const PROMPT_MS = UNDER_QEMU ? 20_000 : 2000;
const REASON = new Error('the client has gone');

function isAborted(t: Parameters<typeof errorOf>[0], error: unknown): void {
  t.like(error, { code: 'SNAPVM_CALL_ABORTED' } as never);
  t.is((error as SnapvmError).cause, REASON);
}

test.serial('a signal that has aborted already: the call fails and never runs', async (t) => {
  let called = 0;
  const { engine, guest } = await startHostEngine(t, { lookup: () => `${++called}` });
  isAborted(t, await errorOf(t, guest.call('x', { signal: AbortSignal.abort(REASON) })));
  isAborted(t, await errorOf(t, engine.call('guest', 'x', { signal: AbortSignal.abort(REASON) })));
  t.is(await settle(guest.call()), '1');
});

test.serial('an abort while the call waits in the queue, or behind another in the ring', async (t) => {
  let called = 0;
  const { engine, guest } = await startHostEngine(t, { lookup: () => `${++called}` });
  const running = new AbortController();
  const runs = codeOf(guest.call('x', { fn: 'hang', ...LONG, signal: running.signal }));
  t.true(await eventually(() => called === 1));
  // More than a ring takes; those with an even number are aborted.
  const controllers = Array.from({ length: 200 }, () => new AbortController());
  const calls = controllers.map(({ signal }) => settle(guest.call('x', { fn: 'say', signal })));
  t.true(engine.stats().waiting > 0, 'some wait in the queue');
  t.true(engine.stats().waiting < 200, 'some are in the ring');
  await sleep(10);
  const since = performance.now();
  for (const [i, controller] of controllers.entries()) if (i % 2 === 0) controller.abort(REASON);
  for (const [i, call] of calls.entries()) if (i % 2 === 0) isAborted(t, await call);
  t.true(performance.now() - since < PROMPT_MS, 'they do not wait for the call before them');
  running.abort();
  t.is(await runs, 'SNAPVM_CALL_ABORTED');
  for (const [i, call] of calls.entries()) if (i % 2 === 1) t.is(await call, 'said');
  t.is(engine.stats().pending, 0);
});

test.serial('an abort while the guest runs', async (t) => {
  let called = 0;
  const { guest } = await startHostEngine(t, { lookup: () => `${++called}` });
  for (let turn = 1; turn <= scaled(10); turn++) {
    const controller = new AbortController();
    const call = errorOf(t, guest.call('x', { fn: 'hang', signal: controller.signal }));
    t.true(await eventually(() => called === turn));
    await sleep(turn % 3);
    const since = performance.now();
    controller.abort(REASON);
    isAborted(t, await call);
    t.true(performance.now() - since < PROMPT_MS);
  }
  t.is(await settle(guest.call('x', { fn: 'say' })), 'said');
});

for (const warm of [true, false]) {
  test.serial(`an abort while a host function waits, which never settles (warm: ${warm})`, async (t) => {
    let signal: AbortSignal | undefined;
    const { engine, guest } = await startHostEngine(
      t,
      {
        lookup: (_input, context) => {
          signal = context.signal;
          return forever();
        },
      },
      {},
      { warm },
    );
    for (let turn = 0; turn < scaled(20); turn++) {
      signal = undefined;
      const controller = new AbortController();
      const call = errorOf(t, guest.call('x', { signal: controller.signal }));
      t.true(await eventually(() => signal !== undefined));
      const since = performance.now();
      controller.abort(REASON);
      t.true((signal as AbortSignal | undefined)?.aborted, 'at once');
      isAborted(t, await call);
      t.true(performance.now() - since < PROMPT_MS);
    }
    t.is(await settle(guest.call('x', { fn: 'say' })), 'said');
    t.is(engine.stats().pending, 0);
  });
}

test.serial('an abort while a host function waits, though the worker runs another guest', async (t) => {
  let waiting = false;
  const { guest } = await startHostEngine(t, {
    lookup: (input) => {
      if (text(input) === 'go') return 'x';
      waiting = true;
      return forever();
    },
  });
  const controller = new AbortController();
  const call = errorOf(t, guest.call('x', { signal: controller.signal }));
  t.true(await eventually(() => waiting));
  const other = new AbortController();
  const busy = codeOf(guest.call('go', { fn: 'hang', signal: other.signal }));
  await sleep(50);
  controller.abort(REASON);
  isAborted(t, await Promise.race([call, sleep(PROMPT_MS)]));
  other.abort();
  t.is(await busy, 'SNAPVM_CALL_ABORTED');
  t.is(await settle(guest.call('go')), 'x');
});

test.serial('a host function may abort its own call, and another', async (t) => {
  const controllers = [new AbortController(), new AbortController()];
  const { guest } = await startHostEngine(t, {
    lookup: (input) => {
      controllers[Number(text(input))]?.abort(REASON);
      return text(input) === '1' ? forever() : 'answer';
    },
  });
  const call = (i: number): Promise<Uint8Array> =>
    guest.call(`${i}`, { signal: (controllers[i] as AbortController).signal });
  isAborted(t, await errorOf(t, call(0)));
  isAborted(t, await errorOf(t, call(1)));
  t.is(await settle(guest.call('2')), 'answer');
});

test.serial('an abort after the answer does nothing', async (t) => {
  const { engine, guest } = await startHostEngine(t, { lookup: () => 'answer' });
  const controllers = Array.from({ length: 50 }, () => new AbortController());
  for (const { signal } of controllers) t.is(await settle(guest.call('x', { signal })), 'answer');
  for (const controller of controllers) controller.abort(REASON);
  t.is(await settle(guest.call()), 'answer');
  t.deepEqual(engine.stats().errors, {});
});

test.serial('one signal for calls in every state ends all of them, and no other', async (t) => {
  let waiting = 0;
  const { engine, guest } = await startHostEngine(t, {
    lookup: (input) => {
      if (text(input) === 'go') return 'x';
      waiting += 1;
      return forever();
    },
  });
  const controller = new AbortController();
  const { signal } = controller;
  const done = [await settle(guest.call('go', { signal })), await settle(guest.call('go', { signal }))];
  const hosted = Array.from({ length: 10 }, () => settle(guest.call('wait', { signal })));
  t.true(await eventually(() => waiting === 10));
  const running = [settle(guest.call('go', { fn: 'hang', signal }))];
  const queued = Array.from({ length: 100 }, () => settle(guest.call('go', { signal })));
  const others = Array.from({ length: 20 }, () => settle(guest.call('go')));
  await sleep(30);
  controller.abort(REASON);
  const late = [settle(guest.call('go', { signal }))];
  for (const error of await Promise.all([...hosted, ...running, ...queued, ...late])) isAborted(t, error);
  t.deepEqual(await Promise.all(others), Array<string>(20).fill('x'));
  t.deepEqual(done, ['x', 'x']);
  t.is(engine.stats().pending, 0);
});

test.serial('aborts at random moments: each call ends in one of answer and abort, once', async (t) => {
  const random = seeded(11);
  const { engine, guest } = await startHostEngine(
    t,
    {
      lookup: async (input) => {
        if (random() < 0.3) await sleep(random() * 3);
        return input;
      },
    },
    { workers: 2 },
  );
  const seen: Record<string, number> = {};
  const settled: number[] = [];
  const total = scaled(500);
  const one = async (i: number): Promise<void> => {
    const controller = new AbortController();
    const fn = i % 3 === 0 ? 'lookup' : 'times';
    const call = guest.call('7', { fn, signal: controller.signal });
    const ended = (): number => settled.push(i);
    void call.then(ended, ended);
    if (i % 7 === 0) controller.abort(REASON);
    else setTimeout(() => controller.abort(REASON), random() * 20);
    const outcome = await settle(call);
    if (outcome !== '7') isAborted(t, outcome);
    seen[outcome === '7' ? 'answer' : 'aborted'] = (seen[outcome === '7' ? 'answer' : 'aborted'] ?? 0) + 1;
  };
  for (let i = 0; i < total; i += 25) {
    await Promise.all(Array.from({ length: 25 }, (_, j) => one(i + j)));
  }
  t.log(seen);
  t.is(new Set(settled).size, settled.length);
  t.true(settled.length >= total);
  t.is(engine.stats().pending, 0);
  t.is(engine.stats().workersReplaced, 0);
  t.is(await settle(guest.call('still')), 'still');
});
