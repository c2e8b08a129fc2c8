// Payloads of all sizes arrive whole, many large ones at once, and belong to their callers.
import test from 'ava';
import { codeOf, startEngine } from '../support/engine.js';
import { guestPath, scaled, UNDER_QEMU } from '../support/sandbox.js';

const ECHO = { elf: guestPath('examples/echo') };
const CRASH = { elf: guestPath('examples/crash') };
const LONG = { timeoutMs: 60_000 };
const MIB = 1 << 20;
const HEADER_BYTES = 64;
const LARGEST = UNDER_QEMU ? 2 * MIB : 64 * MIB;

/** A policy with room for inputs and outputs of that size. */
function room(bytes: number): { readonly inputBytes: number; readonly outputBytes: number } {
  const size = Math.max(0x4000, Math.ceil((bytes + HEADER_BYTES) / 0x1000) * 0x1000);
  return { inputBytes: size, outputBytes: size };
}

/** Every page and every place in it differs from its neighbours. */
function pattern(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  const words = new Uint32Array(bytes.buffer, 0, length >> 2);
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(i + seed, 0x9e3779b1);
  for (let i = words.length * 4; i < length; i++) bytes[i] = i + seed;
  return bytes;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

for (const warm of [true, false]) {
  test.serial(`inputs and answers of any size arrive whole (warm: ${warm})`, async (t) => {
    const engine = await startEngine(t, { workers: 2 });
    const echo = await engine.define('echo', ECHO, { ...room(LARGEST), ...LONG, warm });
    const sizes = [0, 1, 16_383, 16_384, 16_385, MIB - 1, MIB, MIB + 1, LARGEST];
    for (const size of [...sizes, ...sizes.reverse()]) {
      const input = pattern(size, size);
      t.true(same(await echo.call(input), input), `${size} bytes`);
      t.true(same(await echo.call(input, { fn: 'reverse' }), input.toReversed()), `${size} bytes reversed`);
    }
    t.is((await echo.call('100000', { fn: 'random' })).length, 100_000, 'little in, much out');
  });
}

test.serial('more large inputs at once than the workers have room for all get their answers', async (t) => {
  t.timeout(300_000);
  const size = (LARGEST / 64) * 48;
  const engine = await startEngine(t, { workers: 2 });
  const [one, other] = [
    await engine.define('one', ECHO, { ...room(size), ...LONG }),
    await engine.define('other', ECHO, { ...room(size), ...LONG }),
  ];
  // Under 256 MiB for each of the workers fit at a time.
  const large = Array.from({ length: 14 }, async (_, i) => {
    const input = pattern(size, i);
    const output = await (i % 3 === 0 ? one : other).call(input);
    input.fill(0);
    return same(output, pattern(size, i));
  });
  const small = Array.from({ length: scaled(500) }, async (_, i) => {
    const input = pattern(i * 40, i);
    return same(await (i % 2 === 0 ? one : other).call(input), input);
  });
  t.false((await Promise.all([...large, ...small])).includes(false));
  t.like(engine.stats(), { pending: 0, waiting: 0, errors: {} });
});

test.serial('an input that is too large is refused at once, without a worker', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH, room(MIB));
  const { inputBytes } = room(MIB);
  const stop = new AbortController();
  const spinning = codeOf(crash.call('', { fn: 'loop', ...LONG, signal: stop.signal }));
  const large = codeOf(crash.call(new Uint8Array(inputBytes - HEADER_BYTES + 1)));
  t.is(await Promise.race([spinning, large]), 'SNAPVM_CALL_INPUT_TOO_LARGE');
  const fits = codeOf(crash.call(new Uint8Array(inputBytes - HEADER_BYTES), LONG));
  stop.abort();
  t.is(await fits, 'ok');
});

/** The same bytes in every form in which a caller may own them. */
const FORMS: readonly (readonly [name: string, of: (bytes: Uint8Array) => Uint8Array])[] = [
  ['a Uint8Array', (bytes) => bytes.slice()],
  ['a Buffer', (bytes) => Buffer.from(bytes)],
  [
    'a part of a Buffer',
    (bytes) => Buffer.concat([Buffer.alloc(5), bytes, Buffer.alloc(5)]).subarray(5, 5 + bytes.length),
  ],
  [
    'shared memory',
    (bytes) => {
      const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
      shared.set(bytes);
      return shared;
    },
  ],
];

for (const [name, of] of FORMS) {
  test.serial(`an input may be changed as soon as its call was made (${name})`, async (t) => {
    const engine = await startEngine(t, { workers: 2 });
    const echo = await engine.define('echo', ECHO, { ...room(MIB), ...LONG });
    const crash = await engine.define('crash', CRASH);
    for (const size of [1, 200, 16_384, 16_385, MIB]) {
      const bytes = pattern(size, 3);
      const makeOne = async (): Promise<boolean> => {
        const input = of(bytes);
        const call = echo.call(input);
        input.fill(0xee);
        return same(await call, bytes);
      };
      t.true(await makeOne(), `${size} bytes, placed at once`);
      // Some are placed, some wait, and some move to another worker.
      const stops = [new AbortController(), new AbortController()];
      const spinning = stops.map(({ signal }) => codeOf(crash.call('', { fn: 'loop', ...LONG, signal })));
      const calls = Promise.all(Array.from({ length: 100 }, makeOne));
      for (const stop of stops) stop.abort();
      t.false((await calls).includes(false), `${size} bytes, while the workers were busy`);
      await Promise.all(spinning);
    }
  });
}
