// The limits of calls that wait for the host: time counts while they wait, processor time does not.
import test from 'ava';
import type { HostFunction, SnapvmError } from '../../src/index.js';
import { codeOf, settle, sleep } from '../support/engine.js';
import { errorOf, forever, LONG, startHostEngine, text } from '../support/host.js';
import { scaled, UNDER_QEMU } from '../support/sandbox.js';

/** An emulated processor is slow to start anything. */
const SLOWER = UNDER_QEMU ? 10 : 1;

for (const warm of [true, false]) {
  test.serial(
    `a host function that never settles: timeout, and its signal aborts (warm: ${warm})`,
    async (t) => {
      const signals: AbortSignal[] = [];
      const { engine, guest } = await startHostEngine(
        t,
        {
          lookup: (input, { signal }) => {
            if (input.length === 0) return 'fine';
            signals.push(signal);
            return forever();
          },
        },
        {},
        { warm },
      );
      const timeoutMs = 100 * SLOWER;
      const since = performance.now();
      const error = await errorOf(t, guest.call('wait', { timeoutMs }));
      const ms = performance.now() - since;
      t.like(error, {
        code: 'SNAPVM_CALL_TIMEOUT',
        details: { function: 'guest', fn: 'lookup', timeoutMs },
      } as never);
      t.true(ms >= timeoutMs && ms < timeoutMs + 2000, `${ms} ms`);
      t.deepEqual(
        signals.map(({ aborted }) => aborted),
        [true],
      );
      t.is(engine.stats().pending, 0);
      t.is(await settle(guest.call('')), 'fine', 'the worker is free');
    },
  );
}

test.serial(
  'a host function that never settles: timeout, though the worker is busy with other calls',
  async (t) => {
    let signal: AbortSignal | undefined;
    const { guest } = await startHostEngine(t, {
      lookup: (_input, context) => {
        signal = context.signal;
        return forever();
      },
    });
    const since = performance.now();
    let ms = 0;
    const waits = codeOf(guest.call('wait', { timeoutMs: 200 * SLOWER })).finally(() => {
      ms = performance.now() - since;
    });
    let others = 0;
    const busy = async (): Promise<void> => {
      for (; ms === 0 && performance.now() < since + 20_000; others++) {
        t.is(await settle(guest.call('x', { fn: 'say' })), 'said');
      }
    };
    await Promise.all(Array.from({ length: 20 }, busy));
    t.is(await waits, 'SNAPVM_CALL_TIMEOUT');
    t.true(ms < 200 * SLOWER + 2000, `${ms} ms`);
    t.true(signal?.aborted);
    t.true(others > 20, `${others} calls meanwhile`);
  },
);

test.serial('the time limit is that of the whole call, however many host calls it makes', async (t) => {
  const { guest } = await startHostEngine(t, {
    lookup: async () => {
      await sleep(30);
      return 'x';
    },
  });
  t.is(await codeOf(guest.call('100', { fn: 'many', timeoutMs: 200 * SLOWER })), 'SNAPVM_CALL_TIMEOUT');
  t.is(await settle(guest.call('3', { fn: 'many' })), 'x;x;x;');
});

test.serial('the time limit holds before and after a host call', async (t) => {
  const { guest } = await startHostEngine(t, { lookup: (input) => input });
  const error = await errorOf(t, guest.call('x', { fn: 'hang', timeoutMs: 100 * SLOWER }));
  t.like(error, { code: 'SNAPVM_CALL_TIMEOUT' });
  t.is(await codeOf(guest.call('x', { fn: 'toil', timeoutMs: 100 * SLOWER })), 'SNAPVM_CALL_TIMEOUT');
  t.is(await settle(guest.call('x')), 'x');
});

test.serial('the processor-time limit does not count what the host takes', async (t) => {
  const { guest } = await startHostEngine(t, {
    lookup: async () => {
      await sleep(300 * SLOWER);
      return 'slow';
    },
  });
  t.is(await settle(guest.call('x', { cpuMs: 100 * SLOWER })), 'slow');
});

test.serial('the processor-time limit adds up over the parts of a call', async (t) => {
  const { guest } = await startHostEngine(t, { lookup: () => 'x' });
  const cpuMs = 200 * SLOWER;
  const error = await errorOf(t, guest.call('', { fn: 'toil', cpuMs }));
  t.like(error, { code: 'SNAPVM_CALL_CPU', details: { cpuMs } } as never);
  t.is(await codeOf(guest.call('', { fn: 'hang', cpuMs: 50 * SLOWER })), 'SNAPVM_CALL_CPU');
});

test.serial('a deadline ends a call that waits for the host, whose signal aborts', async (t) => {
  let signal: AbortSignal | undefined;
  const { guest } = await startHostEngine(t, {
    lookup: (_input, context) => {
      signal = context.signal;
      return forever();
    },
  });
  for (const options of [LONG, { timeoutMs: 3000 * SLOWER }]) {
    const since = performance.now();
    t.is(await codeOf(guest.call('x', { ...options, deadlineMs: 80 * SLOWER })), 'SNAPVM_CALL_DEADLINE');
    t.true(performance.now() - since < 2000 * SLOWER);
    t.true(signal?.aborted);
  }
});

test.serial('a deadline is always called one, whichever clock saw it first', async (t) => {
  const { guest } = await startHostEngine(t, { lookup: forever });
  const codes = new Map<string, number>();
  for (let turn = 0; turn < scaled(200); turn++) {
    const fn = turn % 2 === 0 ? 'lookup' : 'hang';
    // A timer of Node's may fire a part of a millisecond early.
    const deadlineMs = 3 * SLOWER + (turn % 3) / 20;
    const code = await codeOf(guest.call('x', { fn, ...LONG, deadlineMs }));
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  t.deepEqual([...codes.keys()], ['SNAPVM_CALL_DEADLINE']);
});

test.serial('a call may make as many host calls as maxExits says, and not one more', async (t) => {
  let called = 0;
  const lookup: HostFunction = (input) => {
    called += 1;
    return input;
  };
  const maxExits = scaled(10_000, 500);
  const { engine, guest } = await startHostEngine(t, { lookup }, {}, { maxExits });
  t.is(await settle(guest.call(`${maxExits}`, { fn: 'times' })), `${maxExits}`);
  t.is(called, maxExits);
  const error = await errorOf(t, guest.call(`${maxExits + 1}`, { fn: 'times' }));
  t.like(error, { code: 'SNAPVM_GUEST_LIMIT' });
  t.is(called, 2 * maxExits);
  t.is(engine.stats().hostCalls, 2 * maxExits);
  t.is(await settle(guest.call('3', { fn: 'times' })), '3', 'each call has its own count');
});

test.serial('10,000 host calls are what a call may make by default', async (t) => {
  const { guest } = await startHostEngine(t, { lookup: (input) => input });
  t.is(await settle(guest.call('10000', { fn: 'times' })), '10000');
  t.is(await codeOf(guest.call('10001', { fn: 'times' })), 'SNAPVM_GUEST_LIMIT');
});

test.serial('host calls that were not allowed count too', async (t) => {
  const { guest } = await startHostEngine(t, {}, {}, { maxExits: 20 });
  t.is(await settle(guest.call('20', { fn: 'times' })), '0');
  t.is(await codeOf(guest.call('21', { fn: 'times' })), 'SNAPVM_GUEST_LIMIT');
});

test.serial('what a host function answers after its call timed out is ignored', async (t) => {
  const answers: ((answer: string) => void)[] = [];
  const { engine, guest } = await startHostEngine(t, {
    lookup: (input) => (text(input) === 'now' ? 'right' : new Promise((resolve) => answers.push(resolve))),
  });
  for (let turn = 0; turn < scaled(20); turn++) {
    const error = (await settle(guest.call('wait', { timeoutMs: 20 * SLOWER }))) as SnapvmError;
    t.is(error.code, 'SNAPVM_CALL_TIMEOUT');
    const next = settle(guest.call('now'));
    for (const answer of answers.splice(0)) answer('late');
    t.is(await next, 'right');
  }
  // One that settles while the next call of the same sandbox waits for the host.
  t.is(await codeOf(guest.call('wait', { timeoutMs: 20 * SLOWER })), 'SNAPVM_CALL_TIMEOUT');
  const second = settle(guest.call('wait'));
  while (answers.length < 2) await sleep(5);
  answers[0]?.('of the call before');
  await sleep(50);
  answers[1]?.('mine');
  t.is(await second, 'mine');
  t.is(engine.stats().pending, 0);
});
