// What a program makes the host keep and do by few system calls is bounded, and what it wrote is not lost.
import test from 'ava';
import { Engine, type LinuxHandle, type LinuxPolicy, SnapvmError } from '../../src/index.js';
import { outcomeOf, PATIENT, uniqueName } from '../support/linux.js';
import { cProgram } from '../support/linux-build.js';
import { testWith } from '../support/test-with.js';

const MIB = 2 ** 20;
const PROGRAM = cProgram('grows', 'glibc');
let engine: Engine;
test.before(async () => {
  engine = await Engine.start({ workers: 1 });
});
test.after.always(() => engine.close());

async function program(linux: () => string, policy: LinuxPolicy = {}): Promise<LinuxHandle> {
  return await engine.define(uniqueName(), { linux: linux() }, { ...PATIENT, ...policy });
}

testWith(PROGRAM, 'what is in pipes counts against heapBytes, and is given back', async (t, linux) => {
  const heapBytes = 2 * MIB;
  const handle = await program(linux, { heapBytes });
  for (let call = 0; call < 2; call++) {
    const [total, error] = outcomeOf(await handle.call('', { args: ['pipes'] }))
      .stdout.trim()
      .split(' ');
    t.is(error, 'ENOMEM');
    t.true(Number(total) <= heapBytes && Number(total) > heapBytes / 2, total);
    t.is(outcomeOf(await handle.call('', { args: ['reuse'] })).stdout, 'reused\n');
  }
});

testWith(PROGRAM, 'pieces of memory that are wiped at a freeze are few', async (t, linux) => {
  const handle = await program(linux);
  const [count, error] = outcomeOf(await handle.call('', { args: ['wipe'] }))
    .stdout.trim()
    .split(' ');
  t.is(error, 'ENOMEM');
  t.true(Number(count) >= 1000 && Number(count) <= 4096, count);
});

testWith(
  PROGRAM,
  'a stop in the midst of a long system call leaves nothing to the next',
  async (t, linux) => {
    const handle = await program(linux, { timeoutMs: 50, verifyRestore: true });
    for (const part of ['random', 'zero', 'truncate', 'protect', 'map']) {
      const error = await t.throwsAsync(handle.call('', { args: [part] }), { instanceOf: SnapvmError });
      t.is(error.code, 'SNAPVM_CALL_TIMEOUT', part);
      const next = await handle.call('', { args: ['hello'], timeoutMs: PATIENT.timeoutMs });
      t.is(outcomeOf(next).stdout, 'hello\n', part);
    }
  },
);

const LOST: readonly (readonly [part: string, policy: LinuxPolicy, code: string, stdout: string])[] = [
  ['fault', {}, 'SNAPVM_GUEST_FAULT', 'before the fault\n'],
  ['spin', { timeoutMs: 500 }, 'SNAPVM_CALL_TIMEOUT', 'before the stop\n'],
  ['stuck', {}, 'SNAPVM_LINUX_STUCK', 'before it waits\n'],
];
for (const [part, policy, code, stdout] of LOST) {
  testWith(PROGRAM, `the error of ${code} has what the program wrote before`, async (t, linux) => {
    const handle = await program(linux, policy);
    const error = await t.throwsAsync(handle.call('', { args: [part] }), { instanceOf: SnapvmError });
    t.is(error.code as string, code);
    t.is(error.details['stdout'], stdout);
    t.is(error.details['stderr'], part === 'fault' ? 'error output\n' : '');
    const written = JSON.parse(JSON.stringify(error.details)) as Record<string, unknown>;
    t.is(written['stdout'], stdout);
    if (part === 'fault') t.is(written['cr2'], '0x8');
  });
}

testWith(PROGRAM, 'the error of too much output has its end, of 64 KiB at most', async (t, linux) => {
  const handle = await program(linux, { outputBytes: 100_000 });
  const error = await t.throwsAsync(handle.call('', { args: ['flood'] }), { instanceOf: SnapvmError });
  t.is(error.code, 'SNAPVM_GUEST_LIMIT');
  const stdout = String(error.details['stdout']);
  t.is(stdout.length, 65_536);
  t.regex(stdout, /line \d+\nline \d+\n/);
});
