/** What Linux programs find and may count on: memory, signals, registers, streams, files, clocks. */
import assert from 'node:assert/strict';
import { Cases } from './case.js';
import { assertGoesOn, linuxReadings, waitLonger } from './clocks.js';
import { codeOf } from './context.js';
import { scaled } from './guest.js';
import { program, said, text } from './linux-program.js';

const cases = new Cases('linux');
export const linuxCases = cases.all;

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

cases.add('clocks go on, sleeping takes its time, and a fixed clock stands', async (context) => {
  const real = await program(context);
  const before = Math.floor(Date.now() / 1000);
  const [, seconds = ''] = /^slept: 0\npassed: 1\nseconds: (\d+)\n$/.exec(await said(real, ['clock'])) ?? [];
  assert(Number(seconds) >= before && Number(seconds) <= Date.now() / 1000 + 1, seconds);
  const fixed = await program(context, {}, { clock: new Date(1_700_000_000_250) });
  for (let turn = 0; turn < 3; turn++) assert.match(await said(fixed, ['clock']), /\nseconds: 1700000000\n$/);
});

cases.add('clocks go on from where they stood when the program was frozen', async (context) => {
  const engine = await context.engine();
  assertGoesOn(await linuxReadings(engine, 'frozen-clocks', waitLonger));
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
