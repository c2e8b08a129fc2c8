// Host functions that call the engine, and workers that serve others while guests wait for the host.
import test from 'ava';
import type { Engine, HostFunction } from '../../src/index.js';
import { codeOf, eventually, settle } from '../support/engine.js';
import { type Gate, gate, HOSTCALL, LONG, startHostEngine, text } from '../support/host.js';
import { scaled } from '../support/sandbox.js';

/** Starts an engine whose host function calls it: n calls deep, then it answers "bottom". */
async function startNested(
  t: Parameters<typeof startHostEngine>[0],
  options = {},
): ReturnType<typeof startHostEngine> {
  let engine: Engine | undefined;
  const lookup: HostFunction = async (input) => {
    const depth = Number(text(input));
    if (depth === 1) return 'bottom';
    return `${depth} ${text((await engine?.call('guest', `${depth - 1}`)) as Uint8Array)}`;
  };
  const started = await startHostEngine(t, { lookup }, options);
  engine = started.engine;
  return started;
}

for (const workers of [1, 2]) {
  test(`a host function may call the engine, which may call it, and so on (workers: ${workers})`, async (t) => {
    const { engine, guest } = await startNested(t, { workers });
    for (const depth of [1, 2, 3, scaled(20, 5), 2, 1]) {
      const numbers = Array.from({ length: depth - 1 }, (_, i) => `${depth - i} `).join('');
      t.is(await settle(guest.call(`${depth}`)), `${numbers}bottom`);
    }
    t.is(engine.stats().pending, 0);
  });
}

test('several deep recursions at once, on one worker', async (t) => {
  const { engine, guest } = await startNested(t);
  const depth = scaled(20, 4);
  const calls = Array.from({ length: 10 }, () => settle(guest.call(`${depth}`)));
  for (const answer of await Promise.all(calls)) t.true(String(answer).endsWith(' 3 2 bottom'));
  t.is(engine.stats().pending, 0);
  t.is(engine.stats().calls, depth * 10);
});

test('a recursion without an end ends when the queue is full, and everything unwinds', async (t) => {
  let engine: Engine | undefined;
  let deepest = 0;
  const seen: string[] = [];
  const lookup: HostFunction = async (input) => {
    const depth = Number(text(input));
    deepest = Math.max(deepest, depth);
    try {
      return await engine?.call('guest', `${depth + 1}`);
    } catch (error) {
      seen.push((error as { code: string }).code);
      return `ended at ${depth}`;
    }
  };
  const maxQueue = scaled(30, 5);
  const started = await startHostEngine(t, { lookup }, { maxQueue });
  engine = started.engine;
  let full = 0;
  engine.on('queueFull', () => full++);
  for (let turn = 1; turn <= 3; turn++) {
    t.is(await settle(started.guest.call('1')), `ended at ${maxQueue + 1}`);
    t.is(deepest, maxQueue + 1);
    t.deepEqual(seen, Array<string>(turn).fill('SNAPVM_ENGINE_QUEUE_FULL'));
    t.is(full, turn);
    const { pending, waiting } = engine.stats();
    t.deepEqual({ pending, waiting }, { pending: 0, waiting: 0 });
  }
});

test('a recursion whose host functions do not catch fails in all of its guests, and unwinds', async (t) => {
  let engine: Engine | undefined;
  let failures = 0;
  const nothing = (): void => {};
  const started = await startHostEngine(
    t,
    { lookup: () => engine?.call('guest') as Promise<Uint8Array> },
    {
      maxQueue: 10,
      logger: { error: () => failures++, warn: nothing, info: nothing, debug: nothing, trace: nothing },
    },
  );
  engine = started.engine;
  t.is(await settle(started.guest.call()), 'failed');
  t.is(failures, 1, 'only the innermost host function threw: its guest answered "failed"');
  t.is(engine.stats().pending, 0);
});

test('calls that wait for the host at once, on one worker, each get their own answer, in any order', async (t) => {
  const gates = new Map<string, Gate<string>>();
  const { engine, guest } = await startHostEngine(t, {
    lookup: (input) => {
      const waits = gate<string>();
      gates.set(text(input), waits);
      return waits.promise;
    },
  });
  const plain = await engine.define('plain', HOSTCALL);
  const count = scaled(200, 10);
  const ended: number[] = [];
  const calls = Array.from({ length: count }, async (_, i) => {
    const answer = await settle(guest.call(`key ${i}`, { fn: 'lookup', ...LONG }));
    ended.push(i);
    return answer;
  });
  t.true(await eventually(() => gates.size === count));
  t.is(engine.stats().pending, count);
  t.is(engine.stats().waiting, 0);
  for (let turn = 0; turn < 10; turn++) t.is(await settle(plain.call(`${turn}`, { fn: 'say' })), 'said');
  t.deepEqual(ended, [], 'all of them wait still');
  for (let i = count - 1; i >= 0; i--) {
    gates.get(`key ${i}`)?.open(`answer ${i}`);
    // The last first: one at a time for a few, the rest at once.
    if (i >= count - 5) t.is(await calls[i], `answer ${i}`);
  }
  const answers = await Promise.all(calls);
  t.deepEqual(
    answers,
    answers.map((_, i) => `answer ${i}`),
  );
  t.is(engine.stats().pending, 0);
});

test('calls that wait for the host leave the ring: a worker serves more than its ring has slots', async (t) => {
  const waits = gate<string>();
  const { engine, guest } = await startHostEngine(t, { lookup: () => waits.promise });
  const waiting = Array.from({ length: scaled(100, 70) }, () => settle(guest.call('x')));
  t.true(await eventually(() => engine.stats().hostCalls === waiting.length));
  t.is(await settle(guest.call('x', { fn: 'say' })), 'said');
  waits.open('done');
  t.deepEqual(new Set(await Promise.all(waiting)), new Set(['done']));
});

test('calls that wait for the host count as waiting calls: the queue is full of them', async (t) => {
  const waits = gate<string>();
  const { engine, guest } = await startHostEngine(t, { lookup: () => waits.promise }, { maxQueue: 3 });
  const calls = Array.from({ length: 4 }, () => settle(guest.call('x')));
  t.true(await eventually(() => engine.stats().hostCalls === 4));
  t.is(await codeOf(guest.call('x', { fn: 'say' })), 'SNAPVM_ENGINE_QUEUE_FULL');
  waits.open('done');
  t.deepEqual(await Promise.all(calls), Array<string>(4).fill('done'));
  t.is(await settle(guest.call('x', { fn: 'say' })), 'said');
});

test('a host function may define, redefine and take back functions', async (t) => {
  let engine: Engine | undefined;
  const { engine: started, guest } = await startHostEngine(t, {
    lookup: async (input) => {
      const inner = await engine?.define('inner', HOSTCALL, { ...LONG, hostFunctions: [] });
      const answer = await inner?.call(input, { fn: 'say' });
      // Not awaited: it ends with the calls of the function, this one included.
      void engine?.define('guest', HOSTCALL, { ...LONG, hostFunctions: ['lookup'] }).catch(() => {});
      await engine?.undefine('inner');
      return answer;
    },
  });
  engine = started;
  for (let turn = 0; turn < 5; turn++) t.is(await settle(guest.call('x')), 'said');
  t.deepEqual(
    engine.list().map(({ name }) => name),
    ['guest'],
  );
});

test('a host function may close the engine: its own call fails', async (t) => {
  let engine: Engine | undefined;
  let signal: AbortSignal | undefined;
  const started = await startHostEngine(t, {
    lookup: async (_input, context) => {
      signal = context.signal;
      await engine?.close();
      return 'closed';
    },
  });
  engine = started.engine;
  t.is(await codeOf(started.guest.call()), 'SNAPVM_ENGINE_CLOSED');
  t.true(signal?.aborted);
  await engine.close();
});
