/** Linux programs: memory, signals, streams and ends, by guest/conformance/linux.c and what stands beside each part. */
import assert from 'node:assert/strict';
import type { LinuxHandle, LinuxPolicy, LinuxResult, LinuxSource } from '../../src/index.js';
import { Cases } from './case.js';
import { type Context, codeOf } from './context.js';
import { guestPath, PATIENT, scaled } from './guest.js';

const cases = new Cases('linux');
export const linuxCases = cases.all;

const LIMITS = { timeoutMs: PATIENT.timeoutMs };
const PATH = guestPath('conformance/linux');

let lastName = 0;
/** The program, in the engine all cases share, until the case ends. */
async function program(
  context: Context,
  source: Partial<LinuxSource> = {},
  policy: LinuxPolicy = {},
): Promise<LinuxHandle> {
  const engine = await context.engine();
  const handle = await engine.define(
    `linux-${++lastName}`,
    { linux: PATH, ...source },
    { ...LIMITS, ...policy },
  );
  context.defer(() => handle.undefine());
  return handle;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** The answer of a part that ends by itself, with that exit code. */
async function said(handle: LinuxHandle, args: readonly string[], stdin = '', exitCode = 0): Promise<string> {
  const result = await handle.call(stdin, { args });
  assert.equal(result.exitCode, exitCode, show(result));
  assert.equal(result.signal, undefined);
  assert.deepEqual(result.unhandledSyscalls, []);
  return text(result.stdout);
}

function show({ exitCode, signal, stdout, stderr }: LinuxResult): string {
  return JSON.stringify({ exitCode, signal, stdout: text(stdout), stderr: text(stderr) });
}

const MISSING = 'signal 11 code 1 trap 14 error';
const DENIED = 'signal 11 code 2 trap 14 error';

/** Parts that say the same on this machine's Linux, word for word. */
const PARTS: readonly (readonly [part: string, what: string, expected: readonly string[]])[] = [
  [
    'brk',
    'brk grows and shrinks; what it gives is zero, what it takes is gone',
    ['grown: 1', 'zero: 1', 'written: 1', `behind: ${MISSING} 4`, 'kept: 1, zero again: 1'],
  ],
  [
    'mmap',
    'mappings are zero, and munmap takes pages out of their middle',
    [
      'zero: 1',
      'unmapped: 0',
      `read: ${MISSING} 4`,
      `write: ${MISSING} 6`,
      'beside: 1 1',
      'again: 1, zero: 1',
    ],
  ],
  [
    'none',
    'memory without rights faults, in the program and for system calls, and keeps its content',
    [
      '1 fault, signal 11, its address: 1',
      '1 fault, signal 11, its address: 1',
      'by a system call: -14',
      'content: 7',
    ],
  ],
  [
    'own',
    'the regions of a program have their rights',
    [
      `code: ${DENIED} 7`,
      `constants: ${DENIED} 7`,
      'data: fine',
      `data as code: ${DENIED} 15`,
      `null: ${MISSING} 4`,
      `stack as code: ${DENIED} 15`,
    ],
  ],
  [
    'remap',
    'mremap keeps what was there; what is new is zero, what is cut off is gone',
    ['kept: 1, zero: 1', 'in place: 1, kept: 1', `behind: ${MISSING} 4`],
  ],
  [
    'exceptions',
    'a handler is told signal, code, vector, error code and address, and the program goes on',
    [
      'divide: signal 8 code 1 trap 0 error 0, rip right, address rip',
      'undefined: signal 4 code 2 trap 6 error 0, rip right, address rip',
      'privileged: signal 11 code 128 trap 13 error 0, rip right, address 0',
      'port: signal 11 code 128 trap 13 error 0, rip right, address 0',
    ],
  ],
  ['breakpoint', 'a breakpoint is SIGTRAP, and the program goes on behind it', ['signal 5 trap 3, 1 time']],
  [
    'registers',
    'system calls and signals leave every register as it was, vector registers included',
    ['by a system call: kept', 'by a signal: kept, 1 handled'],
  ],
  ['change', 'what a handler changes in its context is taken over', ['rax 1234567890']],
  ['mask', 'a blocked signal waits, and others come at once', ['blocked: 0', 'delivered: 1', 'at once: 2']],
  [
    'bases',
    'FS and GS bases are set, told, used and kept',
    ['set: 0 0', 'get: 1 1', 'memory: f5 65', 'non-canonical: -1'],
  ],
  [
    'auxiliary',
    'the auxiliary vector and the stack are as a C library needs them',
    ['page 4096, entry right, headers right, random given, stack aligned'],
  ],
  ['pipe', 'a pipe holds what was written, and ends', ['made: 0', 'got: 7 [through], then 0']],
];

for (const [part, what, expected] of PARTS) {
  cases.add(what, async (context) => {
    const handle = await program(context);
    for (let turn = 0; turn < 2; turn++)
      assert.equal(await said(handle, [part]), expected.map((line) => `${line}\n`).join(''));
  });
}

cases.add(
  'mprotect takes rights away and gives them back; memory is never written and executed',
  async (context) => {
    const answer = await said(await program(context), ['protect']);
    assert.deepEqual(answer.split('\n').slice(0, 6), [
      'read: fine',
      `write: ${DENIED} 7`,
      `execute: ${DENIED} 15`,
      'content: 7',
      'write, given back: fine',
      'beside: fine',
    ]);
    assert.match(answer, /\nrefused: 1\n$/);
  },
);

cases.add(
  'a system call that is given a bad address says EFAULT, also in the middle of a buffer',
  async (context) => {
    const answer = await said(await program(context), ['efault']);
    const faults = ['null', 'the monitor', 'non-canonical', 'code'].map((what) => `${what}: -14\n`);
    assert.equal(answer.slice(0, faults.join('').length), faults.join(''));
    assert.match(answer, /(xxxxhalf: 4|half: -14)\n$/);
  },
);

cases.add('no call finds what another left in data, heap, mappings or on the stack', async (context) => {
  const handle = await program(context, {}, { verifyRestore: true });
  const first = await said(handle, ['plant']);
  assert.match(first, /^data 1, brk 1, mapping 1, stack 1\nplaces [0-9a-f]+ [0-9a-f]+\n$/);
  for (let turn = 0; turn < scaled(20, 3); turn++) {
    assert.equal(await said(handle, ['plant']), first, `call ${turn}`);
    if (turn % 3 === 0)
      assert.equal(await codeOf(handle.call('', { args: ['fault'] })), 'SNAPVM_GUEST_FAULT');
    if (turn % 3 === 1)
      assert.equal(await said(handle, ['bases']), 'set: 0 0\nget: 1 1\nmemory: f5 65\nnon-canonical: -1\n');
    if (turn % 3 === 2) await said(handle, ['mask']);
  }
});

cases.add('memory beyond heapBytes is ENOMEM', async (context) => {
  const handle = await program(context, {}, { heapBytes: 16 << 20 });
  for (let turn = 0; turn < 2; turn++) assert.equal(await said(handle, ['exhaust']), '-12, in time\n');
});

cases.add('arguments, environment and name are those of the definition or the call', async (context) => {
  const handle = await program(context, { argv0: 'name', args: ['start', 'x'], env: { A: '1', B: '' } });
  const variables = 'variable [A=1]\nvariable [B=]\n';
  assert.equal(
    text((await handle.call()).stdout),
    `argument [name]\nargument [start]\nargument [x]\n${variables}`,
  );
  const answer = await said(handle, ['start', '', 'two words']);
  assert.equal(answer, `argument [name]\nargument [start]\nargument []\nargument [two words]\n${variables}`);
});

cases.add('standard input arrives whole, and standard output leaves whole', async (context) => {
  const handle = await program(context, {}, { inputBytes: 1 << 20, outputBytes: 1 << 20 });
  for (const bytes of [0, 1, 4999, 5001, 200_000]) {
    const input = Uint8Array.from({ length: bytes }, (_, i) => (i * 7 + (i >> 9)) & 255);
    const { stdout } = await handle.call(input, { args: ['cat'] });
    assert(Buffer.from(stdout).equals(input), `${bytes} bytes`);
  }
});

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

cases.add('clocks go on, sleeping takes its time, and a fixed clock stands', async (context) => {
  const real = await program(context);
  const before = Math.floor(Date.now() / 1000);
  const [, seconds = ''] = /^slept: 0\npassed: 1\nseconds: (\d+)\n$/.exec(await said(real, ['clock'])) ?? [];
  assert(Number(seconds) >= before && Number(seconds) <= Date.now() / 1000 + 1, seconds);
  const fixed = await program(context, {}, { clock: new Date(1_700_000_000_250) });
  for (let turn = 0; turn < 3; turn++) assert.match(await said(fixed, ['clock']), /\nseconds: 1700000000\n$/);
});

cases.add('random bytes are new in every call', async (context) => {
  const handle = await program(context);
  const calls = scaled(20, 5);
  const seen = new Set<string>();
  for (let turn = 0; turn < calls; turn++) seen.add(await said(handle, ['random']));
  assert.equal(seen.size, calls);
  for (const one of seen) assert.match(one, /^16 [0-9a-f]{32}$/);
});

cases.add(
  'files are those of the definition, and what a call changes is gone in the next',
  async (context) => {
    const handle = await program(context, { files: { '/data/input': Buffer.from('the content') } });
    const expected =
      'given: 11 bytes [the content]\nleft by another: -2\nwritten: 10\nread: [456]\ndescriptors: 3 4\n';
    for (let turn = 0; turn < 3; turn++) assert.equal(await said(handle, ['files']), expected);
  },
);

cases.add('a program frozen at its first read goes on with all it had', async (context) => {
  const handle = await program(context, { args: ['warm'] }, { warm: 'stdin', verifyRestore: true });
  for (let turn = 0; turn < scaled(10); turn++) {
    const word = `0${turn}`;
    assert.equal(
      text((await handle.call(`input ${word}`)).stdout),
      `started 1\ngot [input ${word}], register 1234, vector 1111 2222, FS 707070707070707, memory 7\n`,
    );
  }
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
    assert.equal(await said(handle, ['brk']), PARTS[0]?.[2].map((line) => `${line}\n`).join(''));
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
