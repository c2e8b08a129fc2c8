// `onStdout`: what a Linux program writes is handed out while it runs, on each backend there is.
import type { ExecutionContext } from 'ava';
import type { Backend } from '../../src/base/backend-name.js';
import { Engine, type LinuxHandle, type LinuxPolicy, type SnapvmError } from '../../src/index.js';
import { BACKENDS_HERE } from '../support/conditions.js';
import { PATIENT, uniqueName } from '../support/linux.js';
import { cProgram } from '../support/linux-build.js';
import { testWith } from '../support/test-with.js';

const PROGRAM = cProgram('writes', 'glibc');

const text = (bytes: readonly Uint8Array[]): string => Buffer.concat(bytes).toString();

async function start(
  t: ExecutionContext,
  backend: Backend,
  path: string,
  policy: LinuxPolicy = {},
): Promise<LinuxHandle> {
  const engine = await Engine.start({ backend, workers: 1 });
  t.teardown(() => engine.close());
  return await engine.define(uniqueName(), { linux: path }, { ...PATIENT, ...policy });
}

for (const backend of BACKENDS_HERE) {
  const testOn = (title: string, body: (t: ExecutionContext, path: string) => Promise<void>): void =>
    testWith(PROGRAM, `${backend}: ${title}`, (t, build) => body(t, build()));

  for (const warm of [true, 'stdin'] as const) {
    testOn(`each write arrives once, in order, and none in the result (warm: ${warm})`, async (t, path) => {
      const handle = await start(t, backend, path, warm === 'stdin' ? { warm } : {});
      for (let turn = 0; turn < 3; turn++) {
        const chunks: Uint8Array[] = [];
        const result = await handle.call('abc', { onStdout: (bytes) => chunks.push(bytes) });
        t.is(text(chunks), '> abc');
        t.true(chunks.length >= 3);
        t.is(result.exitCode, 3);
        t.is(result.stdout.length, 0);
        t.is(text([result.stderr]), 'done');
        const whole = await handle.call('xyz');
        t.is(text([whole.stdout]), '> xyz', 'a call without it has its output in the result');
      }
    });
  }

  testOn('the program goes on only when its output was taken; others run meanwhile', async (t, path) => {
    const handle = await start(t, backend, path);
    const taken: Uint8Array[] = [];
    let free = (): void => {};
    const held = new Promise<void>((resolve) => {
      free = resolve;
    });
    let began = (): void => {};
    const first = new Promise<void>((resolve) => {
      began = resolve;
    });
    const call = handle.call('12345', {
      onStdout: (bytes) => {
        taken.push(bytes);
        began();
        return held;
      },
    });
    await first;
    // The one worker serves these while that program waits, and the input of that one stays its own.
    for (let i = 0; i < 5; i++) t.is(text([(await handle.call('other')).stdout]), '> other');
    t.is(taken.length, 1);
    free();
    t.is((await call).exitCode, 3);
    t.deepEqual([taken.length, text(taken)], [6, '> 12345']);
  });

  testOn('more than outputBytes goes through, a piece at a time', async (t, path) => {
    const handle = await start(t, backend, path, { outputBytes: 100_000 });
    let bytes = 0;
    let wrong = 0;
    await handle.call('', {
      args: ['much', '40'],
      onStdout: (piece) => {
        const letter = 97 + (Math.floor(bytes / 65_536) % 26);
        if (piece.some((byte) => byte !== letter)) wrong += 1;
        bytes += piece.length;
      },
    });
    t.deepEqual([bytes, wrong], [40 * 65_536, 0]);
    const without = await t.throwsAsync(handle.call('', { args: ['much', '40'] }));
    t.is((without as SnapvmError).code, 'SNAPVM_GUEST_LIMIT');
  });

  testOn('limits go on while the output is not taken, and a signal stops the wait', async (t, path) => {
    const handle = await start(t, backend, path);
    const never = new Promise<void>(() => {});
    const late = await t.throwsAsync(handle.call('a', { timeoutMs: 100, onStdout: () => never }));
    t.is((late as SnapvmError).code, 'SNAPVM_CALL_TIMEOUT');
    const stop = new AbortController();
    const stopped = handle.call('a', {
      signal: stop.signal,
      onStdout: () => {
        stop.abort(new Error('enough'));
        return never;
      },
    });
    const error = (await t.throwsAsync(stopped)) as SnapvmError;
    t.is(error.code, 'SNAPVM_CALL_ABORTED');
    t.is((error.cause as Error).message, 'enough');
    t.is(text([(await handle.call('abc')).stdout]), '> abc');
  });

  testOn('what takes the output may refuse it: the call ends, with that as its cause', async (t, path) => {
    const handle = await start(t, backend, path);
    const refusals = [
      () => {
        throw new RangeError('full');
      },
      () => Promise.reject(new RangeError('full')),
    ];
    for (const onStdout of refusals) {
      const error = (await t.throwsAsync(handle.call('a', { onStdout }))) as SnapvmError;
      t.is(error.code, 'SNAPVM_CALL_ABORTED');
      t.is((error.cause as Error).message, 'full');
    }
    t.is(text([(await handle.call('abc')).stdout]), '> abc');
  });

  testOn('what a program wrote before it spun or crashed has arrived', async (t, path) => {
    const handle = await start(t, backend, path);
    for (const [way, code] of [
      ['spin', 'SNAPVM_CALL_TIMEOUT'],
      ['fault', 'SNAPVM_GUEST_FAULT'],
    ] as const) {
      const chunks: Uint8Array[] = [];
      const options = { args: [way], timeoutMs: 200, onStdout: (bytes: Uint8Array) => chunks.push(bytes) };
      const error = (await t.throwsAsync(handle.call('', options))) as SnapvmError;
      t.is(text(chunks), 'before', way);
      if (way === 'spin') t.is(error.code, code);
    }
  });

  testOn('what is no function is refused', async (t, path) => {
    const handle = await start(t, backend, path);
    const error = (await t.throwsAsync(handle.call('', { onStdout: 5 as never }))) as SnapvmError;
    t.is(error.code, 'SNAPVM_CONFIG_VALUE');
    t.regex(error.message, /onStdout is 5; it must be a function/);
  });
}
