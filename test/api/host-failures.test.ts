// Host functions that fail: the guest learns only that, the operator learns what, and the call goes on.
import test from 'ava';
import type { HostFunction } from '../../src/index.js';
import { settle } from '../support/engine.js';
import { errorOf, HOSTCALL, keepLines, ROOM, startHostEngine } from '../support/host.js';

const SECRET = 'password of the database';

const THROWS: readonly (readonly [what: string, run: HostFunction])[] = [
  [
    'throws',
    () => {
      throw new Error(SECRET);
    },
  ],
  ['rejects', async () => Promise.reject(new TypeError(SECRET))],
  [
    'throws text',
    () => {
      throw SECRET;
    },
  ],
  ['rejects with nothing', () => Promise.reject()],
  [
    'throws null',
    () => {
      throw null;
    },
  ],
  ['rejects later', () => new Promise((_resolve, reject) => setTimeout(() => reject(new Error(SECRET)), 5))],
  [
    'is a thenable that throws',
    () => ({
      // biome-ignore lint/suspicious/noThenProperty: that is the point
      get then(): never {
        throw new Error(SECRET);
      },
    }),
  ],
];

for (const warm of [true, false]) {
  test(`a host function that throws: "failed" for the guest, all of it for the logger (warm: ${warm})`, async (t) => {
    const { lines, logger } = keepLines();
    let run: HostFunction = () => 'x';
    const { guest } = await startHostEngine(
      t,
      { lookup: (...given) => run(...given) },
      { logger },
      { warm, logLevel: 0 },
    );
    for (const [what, throws] of THROWS) {
      run = throws;
      lines.length = 0;
      t.is(await settle(guest.call('key')), 'failed', what);
      t.is(lines.length, 1, what);
      const { level, fields, text } = lines[0] as (typeof lines)[number];
      const { err, ...others } = fields;
      t.is(level, 'error');
      t.is(text, 'the host function failed');
      const call = others['call'];
      t.deepEqual(others, { function: 'guest', fn: 'lookup', call, hostFunction: 'lookup' }, what);
      t.is(typeof call, 'number');
      const message = err instanceof Error ? err.message : err;
      t.is(message, /nothing|null/.test(what) ? (what === 'throws null' ? null : undefined) : SECRET, what);
    }
    run = () => 'works';
    t.is(await settle(guest.call('key')), 'works');
  });
}

test('what the host threw does not reach the guest, not even as the bytes of its answer', async (t) => {
  // An answer that failed is empty: what the guest finds there is what it had sent itself.
  let failing = true;
  const { guest } = await startHostEngine(t, {
    lookup: () => {
      if (failing) throw new Error(SECRET);
      return 'fine';
    },
  });
  const answer = await settle(guest.call('3', { fn: 'many' }));
  t.is(answer, 'failed;failed;failed;');
  failing = false;
  t.is(await settle(guest.call('2', { fn: 'many' })), 'fine;fine;');
});

test('a call goes on after a host call failed', async (t) => {
  let turn = 0;
  const { guest } = await startHostEngine(t, {
    lookup: () => {
      turn += 1;
      if (turn % 2 === 0) throw new Error(SECRET);
      return `${turn}`;
    },
  });
  t.is(await settle(guest.call('5', { fn: 'many' })), '1;failed;3;failed;5;');
});

test('without a logger a host function may throw too', async (t) => {
  const { guest } = await startHostEngine(t, { lookup: () => Promise.reject(new Error(SECRET)) });
  t.is(await settle(guest.call()), 'failed');
});

test('an answer of the wrong type fails, and the logger is told what it was', async (t) => {
  const { lines, logger } = keepLines();
  let answer: unknown;
  const { guest } = await startHostEngine(t, { lookup: () => answer as string }, { logger });
  for (const wrong of [5, null, true, {}, [1], new ArrayBuffer(4), new Uint16Array(4), 1n, () => 'x']) {
    answer = wrong;
    lines.length = 0;
    t.is(await settle(guest.call()), 'failed', String(wrong));
    t.is(lines.length, 1);
    t.like(lines[0], { level: 'error', fields: { hostFunction: 'lookup', fn: 'lookup' } } as never);
    t.regex(
      String(lines[0]?.fields['err']),
      /answer of the host function is .* a Uint8Array, a string or undefined/,
    );
  }
  answer = 'right';
  t.is(await settle(guest.call()), 'right');
});

test('an answer over the room of the input buffer is "too large", counted in bytes', async (t) => {
  let answer: Uint8Array | string = '';
  const { engine, guest } = await startHostEngine(t, { lookup: () => answer });
  answer = 'x'.repeat(ROOM);
  t.is((await guest.call()).length, ROOM);
  answer = 'x'.repeat(ROOM + 1);
  t.is(await settle(guest.call()), 'too large');
  answer = `${'x'.repeat(ROOM - 1)}\u00e9`;
  t.is(await settle(guest.call()), 'too large');
  answer = new Uint8Array(1 << 24);
  t.is(await settle(guest.call()), 'too large');
  const roomy = await engine.define('roomy', HOSTCALL, {
    inputBytes: 1 << 20,
    outputBytes: 1 << 20,
    hostFunctions: ['lookup'],
  });
  answer = new Uint8Array((1 << 20) - 64).fill(0x62);
  t.deepEqual(await roomy.call(), answer);
  answer = new Uint8Array((1 << 20) - 63);
  t.is(await settle(roomy.call()), 'too large');
});

test('an unhandled rejection never comes of a host function that nobody waits for any more', async (t) => {
  const { engine, guest } = await startHostEngine(t, {
    lookup: (_input, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }),
      ),
  });
  // ava fails a file with an unhandled rejection.
  const error = await errorOf(t, guest.call('', { timeoutMs: 50 }));
  t.is(error.code, 'SNAPVM_CALL_TIMEOUT');
  t.is(engine.stats().pending, 0);
});
