// What bounds a Linux program: output, input, memory, time, arguments.
import { createHash } from 'node:crypto';
import test from 'ava';
import { Engine, SnapvmError } from '../../src/index.js';
import { codeOf, sleep } from '../support/engine.js';
import { outcomeOf, PATIENT, uniqueName } from '../support/linux.js';
import { busybox, cProgram } from '../support/linux-build.js';
import { UNDER_QEMU } from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

/** Far longer than a stop takes, far shorter than the limits of these calls. */
const PROMPT_MS = UNDER_QEMU ? 20_000 : 2000;
const MIB = 2 ** 20;
let engine: Engine;
test.before(async () => {
  engine = await Engine.start({ workers: 1 });
});
test.after.always(() => engine.close());

for (const size of [0, 1, 64 * 1024, 5_000_000]) {
  testWith(busybox(), `standard input of ${size} bytes arrives whole`, async (t, path) => {
    const input = Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 9)) & 255);
    const policy = { outputBytes: 8 * MIB, timeoutMs: 20_000 };
    const handle = await engine.define(uniqueName(), { linux: path, argv0: 'busybox' }, policy);
    const digest = createHash('sha256').update(input).digest('hex');
    t.is(outcomeOf(await handle.call(input, { args: ['sha256sum'] })).stdout, `${digest}  -\n`);
    const copied = await handle.call(input, { args: ['cat'] });
    t.is(Buffer.compare(copied.stdout, input), 0);
    t.is(outcomeOf(await handle.call(input, { args: ['wc', '-c'] })).stdout.trim(), `${size}`);
    await handle.undefine();
  });
}

testWith(busybox(), 'input and arguments larger than inputBytes are refused, and say so', async (t, path) => {
  const handle = await engine.define(
    uniqueName(),
    { linux: path, argv0: 'busybox' },
    { inputBytes: 100_000, ...PATIENT },
  );
  t.is(await codeOf(handle.call(new Uint8Array(200_000), { args: ['wc'] })), 'SNAPVM_CALL_INPUT_TOO_LARGE');
  const result = await handle.call(new Uint8Array(50_000), { args: ['wc', '-c'] });
  t.is(outcomeOf(result).stdout.trim(), '50000');
});

testWith(busybox(), 'a huge argument list is a clear error', async (t, path) => {
  const handle = await engine.define(uniqueName(), { linux: path, argv0: 'busybox' }, PATIENT);
  const args = ['echo', ...Array.from({ length: 200_000 }, (_, i) => `argument ${i}`)];
  const error = await t.throwsAsync(handle.call('', { args }), { instanceOf: SnapvmError });
  t.true(['SNAPVM_CONFIG_VALUE', 'SNAPVM_CALL_INPUT_TOO_LARGE'].includes(error.code), error.code);
  t.regex(error.message, /arg/);
  t.is(outcomeOf(await handle.call('', { args: ['echo', 'x'.repeat(100_000)] })).stdout.length, 100_001);
});

testWith(busybox(), 'arguments that no program can have are refused', async (t, path) => {
  const handle = await engine.define(uniqueName(), { linux: path, argv0: 'busybox' }, PATIENT);
  t.is(await codeOf(handle.call('', { args: ['a\0b'] })), 'SNAPVM_CONFIG_VALUE');
  await t.throwsAsync(handle.call('', { args: [7] as never }), { code: 'SNAPVM_CONFIG_VALUE' } as never);
  await t.throwsAsync(handle.call('', { args: 'echo' as never }), { code: 'SNAPVM_CONFIG_VALUE' } as never);
  t.is(
    outcomeOf(await handle.call('', { args: ['echo', 'ö', '', '日本'] })).stdout,
    Buffer.from('ö  日本\n').toString('latin1'),
  );
});

testWith(busybox(), 'output without end is stopped at outputBytes', async (t, path) => {
  for (const outputBytes of [undefined, 10_000]) {
    const policy = { timeoutMs: 30_000, ...(outputBytes !== undefined && { outputBytes }) };
    const handle = await engine.define(
      uniqueName(),
      { linux: path, argv0: 'busybox', args: ['yes'] },
      policy,
    );
    const error = await t.throwsAsync(handle.call(), { instanceOf: SnapvmError });
    t.is(error.code, 'SNAPVM_GUEST_LIMIT');
    t.regex(error.message, /output/);
    await handle.undefine();
  }
});

testWith(busybox(), 'output of just outputBytes is no error', async (t, path) => {
  const source = { linux: path, argv0: 'busybox', args: ['head', '-c', '10000', '/dev/zero'] };
  const enough = await engine.define(uniqueName(), source, { outputBytes: 10_000, ...PATIENT });
  t.is((await enough.call()).stdout.length, 10_000);
  const less = await engine.define(uniqueName(), source, { outputBytes: 9_999, ...PATIENT });
  t.is(await codeOf(less.call()), 'SNAPVM_GUEST_LIMIT');
});

testWith(
  cProgram('readers', 'glibc'),
  'an endless loop is stopped by timeoutMs and by cpuMs',
  async (t, program) => {
    const handle = await engine.define(uniqueName(), { linux: program(), args: ['loop'] });
    const since = performance.now();
    t.is(await codeOf(handle.call('', { timeoutMs: 100 })), 'SNAPVM_CALL_TIMEOUT');
    t.is(await codeOf(handle.call('', { timeoutMs: 60_000, cpuMs: 100 })), 'SNAPVM_CALL_CPU');
    t.true(performance.now() - since < 2 * PROMPT_MS);
  },
);

testWith(busybox(), 'a program that sleeps is stopped in time', async (t, path) => {
  const source = { linux: path, argv0: 'busybox', args: ['sleep', '3600'] };
  const handle = await engine.define(uniqueName(), source, { timeoutMs: 3_600_000 });
  const since = performance.now();
  t.is(await codeOf(handle.call('', { timeoutMs: 100 })), 'SNAPVM_CALL_TIMEOUT');
  t.is(await codeOf(handle.call('', { deadlineMs: 100 })), 'SNAPVM_CALL_DEADLINE');
  const controller = new AbortController();
  const call = codeOf(handle.call('', { signal: controller.signal }));
  await sleep(50);
  controller.abort();
  t.is(await call, 'SNAPVM_CALL_ABORTED');
  t.true(performance.now() - since < PROMPT_MS);
});

testWith(busybox(), 'sleeping costs no CPU time', async (t, path) => {
  const source = { linux: path, argv0: 'busybox', args: ['sleep', '0.5'] };
  const handle = await engine.define(uniqueName(), source, { timeoutMs: 20_000, cpuMs: 300 });
  const since = performance.now();
  t.is((await handle.call()).exitCode, 0);
  t.true(performance.now() - since >= 490, 'it did sleep');
});

testWith(busybox(), 'closing the engine ends a program that sleeps', async (t, path) => {
  const own = await Engine.start({ workers: 1 });
  const source = { linux: path, argv0: 'busybox', args: ['sleep', '3600'] };
  const handle = await own.define('sleeper', source, { timeoutMs: 3_600_000 });
  const call = codeOf(handle.call());
  await sleep(50);
  const since = performance.now();
  await own.close();
  t.is(await call, 'SNAPVM_ENGINE_CLOSED');
  t.true(performance.now() - since < PROMPT_MS);
});

testWith(
  cProgram('hostile', 'glibc'),
  'memory beyond heapBytes is ENOMEM in the program',
  async (t, program) => {
    const source = { linux: program(), args: ['memory'], env: { IN_A_GUEST: '1' } };
    for (const heapBytes of [20 * MIB, 64 * MIB, 200 * MIB]) {
      const handle = await engine.define(uniqueName(), source, { heapBytes, timeoutMs: 30_000 });
      const { stdout, exitCode } = outcomeOf(await handle.call());
      t.is(stdout, 'got > 10 && got < 1000: yes\nerrno == ENOMEM: yes\nthe end\n');
      t.is(exitCode, 0);
      await handle.undefine();
    }
  },
);

testWith(busybox(), 'a program that needs more memory than heapBytes says so and ends', async (t, path) => {
  const source = { linux: path, argv0: 'busybox', args: ['tac'] };
  const handle = await engine.define(uniqueName(), source, { heapBytes: 2 * MIB, timeoutMs: 20_000 });
  const result = await handle.call('a line\n'.repeat(1_000_000));
  t.is(result.exitCode, 1);
  t.regex(Buffer.from(result.stderr).toString(), /out of memory/);
  t.is(outcomeOf(await handle.call('a\nb\n')).stdout, 'b\na\n');
});

testWith(
  cProgram('language', 'glibc'),
  'a stack of stackBytes, and the fault behind its end',
  async (t, program) => {
    const small = await engine.define(
      uniqueName(),
      { linux: program() },
      { stackBytes: 256 * 1024, ...PATIENT },
    );
    t.is(await codeOf(small.call()), 'SNAPVM_GUEST_FAULT');
    const enough = await engine.define(uniqueName(), { linux: program() }, PATIENT);
    t.is((await enough.call()).exitCode, 7);
  },
);

testWith(
  cProgram('time', 'glibc'),
  'the real clock by default, a fixed one by policy',
  async (t, program) => {
    const real = await engine.define(uniqueName(), { linux: program(), args: ['now'] }, PATIENT);
    const before = Date.now();
    const seconds = Number(outcomeOf(await real.call()).stdout.split(' ')[1]);
    t.true(seconds >= Math.floor(before / 1000) && seconds <= Date.now() / 1000 + 1);
    const fixed = await engine.define(
      uniqueName(),
      { linux: program(), args: ['now'] },
      { clock: new Date(1_700_000_000_250), ...PATIENT },
    );
    for (let call = 0; call < 3; call++) {
      t.is(outcomeOf(await fixed.call()).stdout, '1700000000250000000 1700000000 1700000000\n');
      await sleep(20);
    }
  },
);
