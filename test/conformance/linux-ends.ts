/** How Linux programs end: by themselves, by a signal, a fault or a limit; and that the next call starts right. */
import assert from 'node:assert/strict';
import type { LinuxPolicy } from '../../src/index.js';
import { Cases } from './case.js';
import { codeOf } from './context.js';
import { scaled } from './guest.js';
import { program, said, text } from './linux-program.js';

const cases = new Cases('linux');
export const linuxEndCases = cases.all;

cases.add('output, error output and exit code are kept apart', async (context) => {
  const handle = await program(context);
  for (const exitCode of [0, 1, 7, 255]) {
    const result = await handle.call('', { args: ['hello', `${exitCode}`] });
    assert.equal(result.exitCode, exitCode);
    assert.equal(text(result.stdout), 'to standard output\n');
    assert.equal(text(result.stderr), 'to standard error\n');
  }
});

cases.add('a signal nobody handles ends the program by its name', async (context) => {
  const handle = await program(context);
  for (const [number, name] of [
    [6, 'SIGABRT'],
    [9, 'SIGKILL'],
    [10, 'SIGUSR1'],
    [15, 'SIGTERM'],
  ] as const) {
    const { signal, exitCode, stdout } = await handle.call('', { args: ['kill', `${number}`] });
    assert.deepEqual([signal, exitCode, text(stdout)], [name, 128 + number, 'before\n']);
  }
  assert.equal(await said(handle, ['kill', '17']), 'before\nstill here\n', 'SIGCHLD is ignored');
});

cases.add('a fault nobody handles is the error of the call', async (context) => {
  const handle = await program(context);
  for (let turn = 0; turn < 3; turn++) {
    assert.equal(await codeOf(handle.call('', { args: ['fault'] })), 'SNAPVM_GUEST_FAULT');
    assert.match(await said(handle, ['hello']), /output/);
  }
});

cases.add('a stack overflow is told on the alternative stack', async (context) => {
  const handle = await program(context, {}, { stackBytes: 256 << 10 });
  const answer = await said(handle, ['overflow'], '', 5);
  assert.equal(answer, 'signal 11 code 1, on the other stack: 1\n');
});

cases.add('a signal frame that is none ends the program, and nothing else', async (context) => {
  const handle = await program(context);
  for (let turn = 0; turn < 2; turn++) {
    const { signal } = await handle.call('', { args: ['sigreturn'] });
    assert.equal(signal, 'SIGSEGV');
    assert.match(await said(handle, ['hello']), /output/);
  }
});

cases.add('a system call there is not says ENOSYS, and is reported', async (context) => {
  const handle = await program(context);
  const result = await handle.call('', { args: ['unknown'] });
  assert.equal(text(result.stdout), '999: -38\nfork: -38\n');
  assert.deepEqual(result.unhandledSyscalls, ['fork'], 'those that Linux has');
  assert.match(result.hint ?? '', /fork/);
});

const LIMITED: readonly (readonly [part: string, policy: LinuxPolicy, code: RegExp])[] = [
  ['loop', { timeoutMs: 30 }, /^SNAPVM_CALL_TIMEOUT$/],
  ['loop', { cpuMs: 30 }, /^SNAPVM_CALL_CPU$/],
  ['calls', { timeoutMs: 30, maxExits: 0xffff_ffff }, /^SNAPVM_CALL_TIMEOUT$/],
  ['calls', { maxExits: 500 }, /^SNAPVM_GUEST_LIMIT$/],
  ['sleep', { timeoutMs: 30 }, /^SNAPVM_CALL_TIMEOUT$/],
  ['flood', { outputBytes: 10_000 }, /^SNAPVM_GUEST_LIMIT$/],
  ['stuck', {}, /^SNAPVM_LINUX_STUCK$/],
  ['pause', {}, /^SNAPVM_LINUX_STUCK$/],
];

for (const [part, policy, code] of LIMITED) {
  cases.add(
    `"${part}" with ${JSON.stringify(policy)} ends by ${code.source.slice(1, -1)}`,
    async (context) => {
      const handle = await program(context, {}, policy);
      for (let turn = 0; turn < 2; turn++) {
        assert.match(await codeOf(handle.call('', { args: [part] })), code);
      }
      assert.match(await said(await program(context), ['hello']), /output/);
    },
  );
}

cases.add('a stop in a system call leaves a program that starts right', async (context) => {
  const handle = await program(context, {}, { maxExits: 0xffff_ffff });
  for (let turn = 0; turn < scaled(20, 3); turn++) {
    const timeoutMs = 1 + (turn % 7) + turn / 50;
    const args = [turn % 2 === 0 ? 'calls' : 'sleep'];
    assert.equal(await codeOf(handle.call('', { args, timeoutMs })), 'SNAPVM_CALL_TIMEOUT');
    assert.match(await said(handle, ['brk']), /^grown: 1\nzero: 1\nwritten: 1\n/);
  }
});

const LONG_CALLS = ['getrandom', 'read', 'truncate'];

for (const name of LONG_CALLS) {
  cases.add(`a stop in the midst of a long ${name} leaves a program that starts right`, async (context) => {
    const handle = await program(context, {}, { maxExits: 0xffff_ffff, verifyRestore: true });
    for (let turn = 0; turn < scaled(5, 2); turn++) {
      const call = handle.call('', { args: ['long', name], timeoutMs: 20 + turn });
      assert.equal(await codeOf(call), 'SNAPVM_CALL_TIMEOUT');
      assert.match(await said(handle, ['brk']), /^grown: 1\nzero: 1\nwritten: 1\n/);
      assert.match(await said(handle, ['random']), /^16 [0-9a-f]{32}$/);
    }
  });
}

cases.add('what is in pipes counts against heapBytes, and beyond it is ENOMEM', async (context) => {
  const heapBytes = 2 << 20;
  const handle = await program(context, {}, { heapBytes });
  for (let turn = 0; turn < 2; turn++) {
    const [total, error] = (await said(handle, ['pipes'])).trim().split(': ').map(Number);
    assert.equal(error, -12);
    assert(total !== undefined && total <= heapBytes && total > heapBytes / 2, `${total} bytes`);
  }
});

cases.add("the ports of the SDK's protocol are no way out of a program", async (context) => {
  const handle = await program(context);
  for (const port of [99, 101, 102, 103, 108, 110, 128, 142]) {
    const call = handle.call('', { args: ['port', `${port}`] });
    assert.equal(await codeOf(call), 'SNAPVM_GUEST_FAULT', `port ${port}`);
    assert.match(await said(handle, ['hello']), /output/, `after port ${port}`);
  }
});
