/** Single pages of Linux programs: discarded, moved, shut and opened again, and very many pieces of memory. */
import assert from 'node:assert/strict';
import { Cases } from './case.js';
import { codeOf } from './context.js';
import { scaled } from './guest.js';
import { program, said, text } from './linux-program.js';

const cases = new Cases('linux');
export const linuxPageCases = cases.all;

const DISCARDED = ['discarded: 0, zero: 1, written: 1', 'discarded: 0, zero: 1, written: 1'];
const MOVED = [
  'there: 1, content: 1, beside: 1',
  'left behind: 2 faults',
  'content: 1, zero: 1',
  'written: 1',
];
const SHUT = 'shut: 3 faults, content: 1, written: 1';

/** Parts of guest/conformance/pages.c that say the same on this machine's Linux, word for word. */
const PARTS: readonly (readonly [part: string, what: string, expected: readonly string[]])[] = [
  [
    'discard',
    'pages discarded by madvise are zero and can be written, whatever had been done to them',
    [
      ...[...DISCARDED, 'beside: 1'],
      ...[...DISCARDED, 'beside: 1'],
      ...[...DISCARDED, 'only read before: 1'],
      ...[...DISCARDED, 'beside: 1'],
    ],
  ],
  ['move', 'mremap takes pages elsewhere with their content, and leaves nothing behind', MOVED],
  ['shut', 'pages that lose all rights and get them back keep their content', [SHUT, SHUT, SHUT]],
];

function lines(expected: readonly string[]): string {
  return expected.map((line) => `${line}\n`).join('');
}

for (const [part, what, expected] of PARTS) {
  cases.add(what, async (context) => {
    const handle = await program(context, {}, { verifyRestore: true });
    for (let turn = 0; turn < scaled(10, 3); turn++)
      assert.equal(await said(handle, [part]), lines(expected), `call ${turn}`);
  });
}

/** What a program does after it was frozen, by its standard input. */
const AFTER: readonly (readonly [input: string, expected: readonly string[]])[] = [
  ['discard', [...DISCARDED, 'beside: 1']],
  ['look', ['content: 1']],
  ['move', MOVED],
  ['look', ['content: 1']],
  ['shut', [SHUT]],
  ['look', ['content: 1']],
];

cases.add(
  'pages frozen with content are discarded, moved and shut as any, and are back in the next call',
  async (context) => {
    const source = { args: ['frozen-pages'] };
    const handle = await program(context, source, { warm: 'stdin', verifyRestore: true });
    for (let turn = 0; turn < scaled(3); turn++) {
      for (const [input, expected] of AFTER) {
        const { stdout } = await handle.call(input);
        assert.equal(text(stdout), lines(expected), `${input}, turn ${turn}`);
      }
    }
  },
);

for (const [input, expected] of AFTER.filter(([name]) => name !== 'look')) {
  cases.add(`the first call of a program frozen with content: "${input}"`, async (context) => {
    const handle = await program(context, { args: ['frozen-pages'] }, { warm: 'stdin', verifyRestore: true });
    assert.equal(text((await handle.call(input)).stdout), lines(expected));
  });
}

cases.add('thousands of pieces of memory work, and the next call finds none of them', async (context) => {
  const handle = await program(context, {}, { heapBytes: 64 << 20, verifyRestore: true });
  const args = ['pieces', `${scaled(4000, 400)}`];
  const first = await said(handle, args);
  assert.match(
    first,
    /^places [0-9a-f]+ [0-9a-f]+\nzero: 1 1\nfailed: 0, kept: 1\nrefused: 1\n$/,
    'in the first call',
  );
  for (let turn = 0; turn < scaled(4); turn++) {
    assert.equal(await said(handle, args), first, `call ${turn}`);
    if (turn % 2 === 0)
      assert.equal(await codeOf(handle.call('', { args: ['fault'] })), 'SNAPVM_GUEST_FAULT');
    assert.match(await said(handle, ['plant']), /^data 1, brk 1, mapping 1, stack 1\n/);
  }
});
