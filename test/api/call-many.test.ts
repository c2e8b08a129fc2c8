// callMany: a guest over many inputs, some at a time, answers in the order of the inputs.
import test from 'ava';
import type { SnapvmError } from '../../src/index.js';
import { eventually, settle, sleep, startEngine } from '../support/engine.js';
import { errorOf, forever, type Gate, gate, startHostEngine, text } from '../support/host.js';
import { guestPath, scaled, seeded } from '../support/sandbox.js';

const ECHO = { elf: guestPath('examples/echo') };
const COUNT = 30;
const INPUTS = Array.from({ length: COUNT }, (_, i) => `input ${i}`);

async function textsOf(answers: AsyncIterable<Uint8Array>): Promise<string[]> {
  const texts: string[] = [];
  for await (const answer of answers) texts.push(text(answer));
  return texts;
}

async function* later(inputs: readonly string[]): AsyncGenerator<string> {
  for (const input of inputs) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    yield input;
  }
}

function* generated(inputs: readonly string[]): Generator<string> {
  yield* inputs;
}

const SOURCES: readonly (readonly [what: string, make: () => Iterable<string> | AsyncIterable<string>])[] = [
  ['an array', () => INPUTS],
  ['a generator', () => generated(INPUTS)],
  ['an async generator', () => later(INPUTS)],
  ['a set', () => new Set(INPUTS)],
  ['a stream', () => ReadableStream.from(INPUTS) as ReadableStream<string>],
];

test('inputs may come of anything that can be iterated, and answers keep their order', async (t) => {
  const random = seeded(3);
  const { guest } = await startHostEngine(
    t,
    {
      lookup: async (input) => {
        await new Promise((resolve) => setTimeout(resolve, random() * 5));
        return input;
      },
    },
    { workers: 2 },
  );
  for (const [what, make] of SOURCES) {
    t.deepEqual(await textsOf(guest.callMany(make())), INPUTS, what);
    t.deepEqual(await textsOf(guest.callMany(make(), { inFlight: 1 })), INPUTS, what);
    t.deepEqual(await textsOf(guest.callMany(make(), { inFlight: 7, fn: 'lookup' })), INPUTS, what);
  }
  t.deepEqual(await textsOf(guest.callMany([])), []);
  t.deepEqual(await textsOf(guest.callMany(INPUTS, { fn: 'say' })), Array<string>(COUNT).fill('said'));
});

test('as many calls are on their way as inFlight says, 32 by default, and not one more', async (t) => {
  const waiting: Gate<void>[] = [];
  const { guest } = await startHostEngine(t, {
    lookup: async (input) => {
      const waits = gate();
      waiting.push(waits);
      await waits.promise;
      return input;
    },
  });
  const inputs = Array.from({ length: 100 }, (_, i) => `${i}`);
  for (const [options, most] of [
    [{ inFlight: 1 }, 1],
    [{ inFlight: 5 }, 5],
    [{}, 32],
    [{ inFlight: 65_536 }, 100],
  ] as const) {
    const answers = textsOf(guest.callMany(inputs, options));
    for (let left = inputs.length; left > 0; left -= most) {
      t.true(await eventually(() => waiting.length === Math.min(most, left)), `inFlight ${most}`);
      if (left === inputs.length) await sleep(20);
      t.is(waiting.length, Math.min(most, left));
      for (const waits of waiting.splice(0)) waits.open();
    }
    t.deepEqual(await answers, inputs);
  }
});

test('inputs are taken when their call is made, and not before', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const echo = await engine.define('echo', ECHO);
  let taken = 0;
  function* counted(): Generator<string> {
    for (;;) yield `${taken++}`;
  }
  const answers = echo.callMany(counted(), { inFlight: 4 });
  t.is(taken, 0, 'nothing happens before the first answer is wanted');
  for (let i = 0; i < 20; i++) {
    t.is(text((await answers.next()).value as Uint8Array), `${i}`);
    t.true(taken <= i + 4, `${taken} inputs taken for ${i + 1} answers`);
  }
  await answers.return();
});

test('the bytes of an input may be used again for the next', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const echo = await engine.define('echo', ECHO);
  const buffer = new Uint8Array(4);
  function* reused(): Generator<Uint8Array> {
    for (let i = 0; i < 200; i++) yield buffer.fill(i);
  }
  let i = 0;
  for await (const answer of echo.callMany(reused(), { inFlight: 64 })) t.is(answer[0], i++);
  t.is(i, 200);
});

test('thousands of inputs go through a short queue', async (t) => {
  const engine = await startEngine(t, { workers: 2, maxQueue: 10 });
  const echo = await engine.define('echo', ECHO);
  let next = 0;
  const count = scaled(5000);
  const inputs = Array.from({ length: count }, (_, i) => `${i}`);
  // More at a time than the engine takes is as many as it takes.
  for (const inFlight of [12, 100]) {
    for await (const answer of echo.callMany(inputs, { inFlight })) {
      if (text(answer) !== `${next}`) t.fail(`${text(answer)} instead of ${next}`);
      next += 1;
    }
    t.is(next, count);
    next = 0;
  }
  t.deepEqual(engine.stats().errors, {});
});

test('a caller that stops early aborts the calls on their way and closes its inputs', async (t) => {
  const signals: AbortSignal[] = [];
  const { engine, guest } = await startHostEngine(t, {
    lookup: (input, { signal }) => {
      if (text(input) === '0') return 'first';
      signals.push(signal);
      return forever();
    },
  });
  let closed = false;
  function* inputs(): Generator<string> {
    try {
      for (let i = 0; ; i++) yield `${i}`;
    } finally {
      closed = true;
    }
  }
  for await (const answer of guest.callMany(inputs(), { inFlight: 5 })) {
    t.is(text(answer), 'first');
    break;
  }
  t.true(closed);
  t.true(await eventually(() => engine.stats().pending === 0));
  t.true(signals.every(({ aborted }) => aborted));
  t.is(engine.stats().calls, 5);
  t.is(engine.stats().errors['SNAPVM_CALL_ABORTED'], 4);
});

test('the first input whose call fails ends it, in the order of the inputs; the others are aborted', async (t) => {
  const { engine, guest } = await startHostEngine(t, {
    lookup: (input) => (Number(text(input)) > 20 ? forever() : input),
  });
  const inputs = Array.from({ length: 30 }, (_, i) => (i === 15 ? new Uint8Array(1 << 20) : `${i}`));
  const got: string[] = [];
  const error = await errorOf(
    t,
    (async () => {
      for await (const answer of guest.callMany(inputs, { inFlight: 30 })) got.push(text(answer));
    })(),
  );
  t.is(error.code, 'SNAPVM_CALL_INPUT_TOO_LARGE');
  t.deepEqual(
    got,
    Array.from({ length: 15 }, (_, i) => `${i}`),
  );
  t.true(await eventually(() => engine.stats().pending === 0));
  t.true((engine.stats().errors['SNAPVM_CALL_ABORTED'] ?? 0) >= 9);
});

test('inputs that throw end it with what they threw, and the calls on their way are aborted', async (t) => {
  const { engine, guest } = await startHostEngine(t, { lookup: () => forever() });
  const broken = new Error('the file is gone');
  for (const asynchronous of [false, true]) {
    const inputs = asynchronous
      ? (async function* () {
          yield* ['1', '2', '3'];
          throw broken;
        })()
      : (function* () {
          yield* ['1', '2', '3'];
          throw broken;
        })();
    const error = await errorOf(t, textsOf(guest.callMany(inputs)));
    t.is(error as Error, broken);
    t.true(await eventually(() => engine.stats().pending === 0));
  }
  t.deepEqual(engine.stats().errors, { SNAPVM_CALL_ABORTED: 6 });
});

test('a signal ends it with its reason, whether it has begun or not', async (t) => {
  const { engine, guest } = await startHostEngine(t, { lookup: forever });
  const reason = new Error('enough');
  const early = await errorOf(t, textsOf(guest.callMany(INPUTS, { signal: AbortSignal.abort(reason) })));
  t.like(early, { code: 'SNAPVM_CALL_ABORTED' });
  t.is(early.cause, reason);
  const controller = new AbortController();
  const running = errorOf(t, textsOf(guest.callMany(INPUTS, { signal: controller.signal, inFlight: 3 })));
  t.true(await eventually(() => engine.stats().hostCalls === 3));
  controller.abort(reason);
  const error = (await running) as SnapvmError;
  t.like(error, { code: 'SNAPVM_CALL_ABORTED' });
  t.is(error.cause, reason);
  t.true(await eventually(() => engine.stats().pending === 0));
});

test('wrong options and inputs are refused by name', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const echo = await engine.define('echo', ECHO);
  for (const [options, code, message] of [
    [{ inFlight: 0 }, 'SNAPVM_CONFIG_VALUE', /^inFlight is 0; it must be a whole number from 1 to 0x10000/],
    [{ inFlight: 1.5 }, 'SNAPVM_CONFIG_VALUE', /^inFlight is 1\.5/],
    [{ inFlight: '8' }, 'SNAPVM_CONFIG_VALUE', /^inFlight is "8"/],
    [{ inFlight: 65_537 }, 'SNAPVM_CONFIG_VALUE', /^inFlight is 65537/],
    [{ timeoutMs: 0 }, 'SNAPVM_CONFIG_VALUE', /^timeoutMs is 0/],
    [{ signal: {} }, 'SNAPVM_CONFIG_VALUE', /^signal is .*AbortSignal/],
    [{ signal: null }, 'SNAPVM_CONFIG_VALUE', /^signal is null/],
    [{ inflight: 5 }, 'SNAPVM_CONFIG_UNKNOWN', /no option "inflight"; did you mean "inFlight"\?/],
    [{ fn: 'ekho' }, 'SNAPVM_CALL_FUNCTION', /did you mean "echo"/],
    [null, 'SNAPVM_CONFIG_VALUE', /^options is null/],
    ['fast', 'SNAPVM_CONFIG_VALUE', /^options is "fast"/],
  ] as const) {
    const error = await errorOf(t, textsOf(echo.callMany(['x'], options as never)));
    t.is(error.code, code, JSON.stringify(options));
    t.regex(error.message, message);
  }
  for (const inputs of [5, undefined, null, {}]) {
    const error = await errorOf(t, textsOf(echo.callMany(inputs as never)));
    t.is(error.code, 'SNAPVM_CONFIG_VALUE', String(inputs));
    t.regex(error.message, /^inputs is /);
  }
  t.is((await errorOf(t, textsOf(echo.callMany([5 as never])))).code, 'SNAPVM_CONFIG_VALUE');
  t.is(await settle(echo.call('fine')), 'fine');
});

test('an answer does not wait for the next input, which may depend on it', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const echo = await engine.define('echo', ECHO);
  let answered = gate<string>();
  const inputs = (async function* () {
    yield '0';
    for (let i = 1; i < 10; i++) {
      const answer = await answered.promise;
      answered = gate();
      yield `${Number(answer) + 1}`;
    }
  })();
  const seen: string[] = [];
  // A timer keeps the process alive while nothing else does.
  const timer = setInterval(() => {}, 1000);
  for await (const answer of echo.callMany(inputs)) {
    seen.push(text(answer));
    answered.open(text(answer));
  }
  clearInterval(timer);
  t.deepEqual(
    seen,
    Array.from({ length: 10 }, (_, i) => `${i}`),
  );
});

test('a failure ends it though the next input never comes', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const echo = await engine.define('echo', ECHO);
  const inputs = (async function* () {
    yield 'fine';
    yield new Uint8Array(1 << 20);
    await forever();
  })();
  const answers = echo.callMany(inputs);
  t.is(text((await answers.next()).value as Uint8Array), 'fine');
  t.is((await errorOf(t, answers.next())).code, 'SNAPVM_CALL_INPUT_TOO_LARGE');
  t.true((await answers.next()).done);
});

test('inputs may be promises', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const echo = await engine.define('echo', ECHO);
  const inputs = ['a', Promise.resolve('b'), 'c'] as unknown as string[];
  t.deepEqual(await textsOf(echo.callMany(inputs)), ['a', 'b', 'c']);
});
