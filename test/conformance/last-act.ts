/** State that would make the restoring fail: each register of ring 3, written as the last act of a guest. */
import assert from 'node:assert/strict';
import { Cases } from './case.js';
import type { Context } from './context.js';
import {
  assertEnds,
  nextTicket,
  type Outcome,
  PATIENT,
  type ReadyGuest,
  show,
  UNDER_QEMU,
  words,
} from './guest.js';
import { assertInitial } from './registers.js';

const cases = new Cases('last-act');
export const lastActCases = cases.all;

const GUEST = 'hostile/last-act';
const STOP_MS = 5;

/** How a guest leaves after its act, in the order of last-act.c, and what may come of it. An act may also fault itself. */
const ENDS: Readonly<Record<string, readonly Outcome['kind'][]>> = {
  'a result': ['result', 'fault'],
  'a fault': ['fault'],
  'a loop': ['stopped', 'fault'],
  'a system call': ['syscall', 'fault'],
  'its memory': ['result', 'fault'],
  'a byte printed': ['fault'],
  'a host call': ['hostCall', 'fault'],
};

const bits = (count: number, others: readonly bigint[] = []): readonly bigint[] => [
  ...Array.from({ length: count }, (_, bit) => 1n << BigInt(bit)),
  ...others,
];
/** Null in its four forms, what a 64-bit Linux and the monitor have in their tables, and what neither lets pass. */
const SELECTORS = [
  0n,
  1n,
  2n,
  3n,
  0x10n,
  0x18n,
  0x23n,
  0x2bn,
  0x33n,
  0x3bn,
  0x43n,
  0x53n,
  0x63n,
  0x7bn,
  0xffffn,
];
const ADDRESSES = [
  1n,
  0x7fff_ffff_efffn,
  0x7fff_ffff_ffffn,
  0x8000_0000_0000n,
  0xffff_8000_0000_0000n,
  0xffff_ffff_8000_2000n,
  (1n << 64n) - 1n,
];

/** The acts, in the order of last-act.c, with the values that each is tried with. */
const ACTS: Readonly<Record<string, readonly bigint[]>> = {
  PKRU: bits(32, [0xffff_ffffn, 0x5555_5555n, 0xaaaa_aaaan]),
  DS: SELECTORS,
  ES: SELECTORS,
  FS: SELECTORS,
  GS: SELECTORS,
  SS: SELECTORS,
  'FS base': ADDRESSES,
  'GS base': ADDRESSES,
  RFLAGS: bits(22, [0x24_4cd5n, 0x3f_ffffn]),
  MXCSR: bits(16, [0xffffn, 0n]),
  'x87 control': bits(13, [0n, 0xffffn]),
  'a pending x87 exception': [0n],
  MMX: [(1n << 64n) - 1n],
  RSP: [0n, 8n, ...ADDRESSES],
  'a transaction': [0n],
  'code of 32 bits': [0n],
  'the AMX tile configuration': [0n],
  'XRSTOR of ones': bits(20, [0n, 0x2e7n, 0x3n, 0x207n]),
};

function act(guest: ReadyGuest, index: number, value: bigint, end: number): Outcome {
  const limits = end === 2 ? { timeoutMs: STOP_MS } : {};
  return guest.call('act', words(BigInt(index), value, BigInt(end)), limits);
}

/** Another tenant's first call, and his Initialise, on the virtual machine or process that the one before left. */
async function assertOthersWork(context: Context, after: string): Promise<void> {
  const called = await context.ready('hostile/leak');
  assertInitial(called.output('look'), called.keepsBases);
  called.close();
  const { sandbox, snapshot } = await context.cold('examples/echo');
  const exit = sandbox.initialise(nextTicket(), PATIENT);
  assert.equal(exit.kind, 'ready', `another guest's Initialise after ${after}: ${show(exit)}`);
  sandbox.close();
  snapshot.close();
}

/** At most `most` of them, the last one among them. */
function sample(values: readonly bigint[], most: number): readonly bigint[] {
  const every = Math.ceil(values.length / most);
  return values.filter((_, at) => (values.length - 1 - at) % every === 0);
}

/** All values with the first end, where time allows; the registers do not know how a guest ends. */
function valuesFor(name: string, values: readonly bigint[], end: number): readonly bigint[] {
  if (end > 0) return sample(values, UNDER_QEMU ? 1 : 4);
  return sample(values, UNDER_QEMU && name !== 'PKRU' ? 6 : values.length);
}

for (const [index, [name, values]] of Object.entries(ACTS).entries()) {
  cases.add(`${name}: whatever a guest leaves there, the next calls are as ever`, async (context) => {
    const seen = new Set<string>();
    for (const [end, [how, kinds]] of Object.entries(ENDS).entries()) {
      for (const value of valuesFor(name, values, end)) {
        const after = `${name} 0x${value.toString(16)} and ${how}`;
        const guest = await context.ready(GUEST);
        const outcome = act(guest, index, value, end);
        assert(kinds.includes(outcome.kind), `${after}: ${show(outcome)}`);
        if (outcome.kind === 'hostCall') assertEnds(guest.answer(0), { kind: 'fault' });
        assert.equal(guest.text('ok'), 'ok', `the same guest after ${after}`);
        act(guest, index, value, end);
        guest.close();
        await assertOthersWork(context, after);
        seen.add(outcome.kind === 'fault' ? `vector ${outcome.fault.vector}` : outcome.kind);
      }
    }
    context.note(`ended with: ${[...seen].sort().join(', ')}`);
  });
}
