/** What a guest can do wrong, one function of guest/examples/faults.c each: how it ends, and that the next call works. */
import assert from 'node:assert/strict';
import { Cases } from './case.js';
import type { Context } from './context.js';
import { assertEnds, type Expected, matches, type Outcome, type ReadyGuest, show } from './guest.js';

const cases = new Cases('faults');
export const faultCases = cases.all;

// Page-fault error codes: what the access was (Intel SDM vol. 3, 4.7).
const [PRESENT, WRITE, USER, FETCH] = [1, 2, 4, 16];
const [DE, DB, BP, UD, GP, PF, AC] = [0, 1, 3, 6, 13, 14, 17];
const NAMES: Readonly<Record<number, string>> = {
  [DE]: '#DE',
  [DB]: '#DB',
  [BP]: '#BP',
  [UD]: '#UD',
  [GP]: '#GP',
  [PF]: '#PF',
};
const KERNEL_CODE = 0x10;
const IN_THE_IDT = 2;
const NON_CANONICAL = 0x8000_0000_0000_0000n;

type Range = readonly [first: bigint, end: bigint];
const HEAP: Range = [0x5810_0000_0000n, 0x5810_0002_0000n];
const STACK: Range = [0x5fff_fffb_0000n, 0x5fff_ffff_0000n];
// The guard page and what is below it: a frame may be larger than a page.
const BELOW_STACK: Range = [0x5fff_fffa_0000n, 0x5fff_fffb_0000n];
const CODE: Range = [0x40_0000n, 0x41_0000n];
const exactly = (address: bigint): Range => [address, address + 1n];
const MONITOR = exactly(0xffff_ffff_8000_0000n);

interface Fault {
  readonly vector: number;
  readonly errorCode?: number;
  /** Where CR2 points: page faults only. */
  readonly at?: Range;
  /** RIP is where CR2 is, not in the function: jumps into what is not executable. */
  readonly jumped?: boolean;
  /** Another address RIP may have. */
  readonly mayStandAt?: bigint;
}
const pageFault = (errorCode: number, at: Range): Fault => ({ vector: PF, errorCode, at });
const jump = (at: Range, errorCode = PRESENT | USER | FETCH): Fault => ({
  vector: PF,
  errorCode,
  at,
  jumped: true,
});
const general: Fault = { vector: GP, errorCode: 0 };
const undefinedCode: Fault = { vector: UD };

const FAULTS: Readonly<Record<string, Fault>> = {
  null_read: pageFault(USER, exactly(0n)),
  null_write: pageFault(USER | WRITE, exactly(0n)),
  write_code: pageFault(PRESENT | USER | WRITE, CODE),
  write_rodata: pageFault(PRESENT | USER | WRITE, CODE),
  write_peb: pageFault(PRESENT | USER | WRITE, exactly(0x5800_0000_0000n)),
  write_input: pageFault(PRESENT | USER | WRITE, exactly(0x5801_0000_0040n)),
  output_overrun: pageFault(USER | WRITE, exactly(0x5802_0000_4000n)),
  read_monitor: pageFault(PRESENT | USER, MONITOR),
  write_stub: pageFault(PRESENT | USER | WRITE, exactly(0xffff_ffff_8000_2000n)),
  stack_overflow: pageFault(USER | WRITE, BELOW_STACK),
  non_canonical: general,
  execute_heap: jump(HEAP),
  execute_stack: jump(STACK),
  execute_output: jump(exactly(0x5802_0000_0040n)),
  execute_monitor: jump(MONITOR),
  // Intel refuses the jump; AMD makes it and refuses the fetch.
  noncanonical_jump: { ...general, mayStandAt: NON_CANONICAL },
  far_jump: { vector: GP, errorCode: KERNEL_CODE },
  iretq: { vector: GP, errorCode: KERNEL_CODE },
  divide: { vector: DE },
  undefined: undefinedCode,
  int3: { vector: BP },
  bound: undefinedCode,
  single_step: { vector: DB },
  privileged: general,
  cli: general,
  lldt: general,
  rdmsr: general,
  wrmsr: general,
  mov_cr0: general,
  mov_dr7: general,
  xsetbv: general,
  swapgs: general,
  invlpg: general,
  rdpmc: general,
  port: general,
  in_port: general,
  fault_port: general,
};

function guestOf(context: Context): Promise<ReadyGuest> {
  return context.ready('examples/crash', { verifyRestore: true });
}

/** Memory is compared with the snapshot before the second call. */
function assertWorks(guest: ReadyGuest, fn: string): void {
  assert.equal(guest.text('ok'), 'ok', `after ${fn}`);
  assert.equal(guest.stats.rebuilds, 0, `${fn} cost a new virtual machine`);
}

function assertFault(guest: ReadyGuest, fn: string, expected: Fault): void {
  const outcome = guest.call(fn);
  const { vector, errorCode = 0, at, jumped, mayStandAt } = expected;
  assertEnds(outcome, { kind: 'fault', fault: { vector, errorCode } }, fn);
  const { rip, cr2 } = (outcome as Extract<Outcome, { kind: 'fault' }>).fault;
  if (at !== undefined) assert(cr2 >= at[0] && cr2 < at[1], `CR2 is 0x${cr2.toString(16)}`);
  if (jumped === true) assert.equal(rip, cr2, 'RIP is where it jumped to');
  else if (rip !== mayStandAt) assert.equal(guest.snapshot.symbolize(rip)?.replace(/\+.*/, ''), fn);
}

for (const [fn, expected] of Object.entries(FAULTS)) {
  const code = expected.errorCode === undefined ? '' : `, error code 0x${expected.errorCode.toString(16)}`;
  cases.add(`${fn}: ${NAMES[expected.vector]}${code}, and the next call works`, async (context) => {
    const guest = await guestOf(context);
    for (let turn = 0; turn < 2; turn++) {
      assertFault(guest, fn, expected);
      assertWorks(guest, fn);
    }
  });
}

cases.add('the faulting access is told to the byte', async (context) => {
  const guest = await guestOf(context);
  const cr2Of = (fn: string): bigint => {
    const outcome = guest.call(fn);
    return outcome.kind === 'fault' ? outcome.fault.cr2 : -1n;
  };
  assert.equal(guest.snapshot.symbolize(cr2Of('write_code')), 'write_code+0x0');
  assert.equal(guest.snapshot.symbolize(cr2Of('execute_heap')), undefined);
});

/** Where processors and backends differ, each way that is right: hardware's first. */
const EITHER: Readonly<Record<string, readonly ((outcome: Outcome) => boolean)[]>> = {
  // Not in the IDT: #GP that says so on hardware (qemu's emulation gets the gate's index wrong); a software KVM says
  // #UD.
  int80: [isFault(GP, IN_THE_IDT), isFault(UD)],
  // SYSENTER_CS is 0: #GP by Intel's, #UD by AMD's (no sysenter in long mode).
  sysenter: [isFault(GP), isFault(UD)],
  // qemu's emulation of AMD-V does not know icebp, and never checks alignment.
  icebp: [isFault(DB), isFault(UD)],
  alignment: [isFault(AC), cameBack],
  // KVM answers a hypercall of ring 3 with "not permitted" and the guest goes on; the other vendor's instruction
  // is #UD, or #GP or a page fault when KVM would rewrite it and the page is read-only.
  vmcall: [isFault(GP), isFault(UD), isFault(PF), cameBack],
  vmmcall: [cameBack, isFault(GP), isFault(UD), isFault(PF)],
};

function isFault(vector: number, errorBits = 0): (outcome: Outcome) => boolean {
  return (outcome) =>
    outcome.kind === 'fault' &&
    outcome.fault.vector === vector &&
    (outcome.fault.errorCode & errorBits) === errorBits;
}
function cameBack(outcome: Outcome): boolean {
  return matches(outcome, { kind: 'result', code: 99 });
}

for (const [fn, ways] of Object.entries(EITHER)) {
  cases.add(`${fn}: ends in one of the documented ways, and the next call works`, async (context) => {
    const guest = await guestOf(context);
    const outcome = guest.call(fn);
    context.note(show(outcome));
    assert(
      ways.some((way) => way(outcome)),
      show(outcome),
    );
    if (outcome.kind === 'fault')
      assert.equal(
        guest.snapshot.symbolize(outcome.fault.rip)?.replace(/\+.*/, ''),
        fn,
        'at its own address',
      );
    assertWorks(guest, fn);
  });
}

/** The rest of crash.elf: these end in an orderly way. */
const ORDERLY: Readonly<Record<string, Expected>> = {
  syscall: { kind: 'syscall' },
  syscall_noncanonical: { kind: 'syscall' },
  heap_exhausted: { kind: 'abort', code: 12, message: 'the heap is exhausted' },
  double_free: {
    kind: 'abort',
    code: 0x8000_0003,
    message: "heap: double free, or a block's header was overwritten",
  },
  abort_code: { kind: 'abort', code: 42, message: 'giving up: the answer is all there is' },
  big_output: { kind: 'result', code: 7 },
};

for (const [fn, expected] of Object.entries(ORDERLY)) {
  cases.add(`${fn}: ends as ${expected.kind}, and the next call works`, async (context) => {
    const guest = await guestOf(context);
    assertEnds(guest.call(fn), expected, fn);
    assertWorks(guest, fn);
  });
}

cases.add('the cases of this area name every function of crash.elf', async (context) => {
  const guest = await guestOf(context);
  const named = [FAULTS, EITHER, ORDERLY].flatMap((table) => Object.keys(table));
  // The loops are stopped by limits: see the area of that name.
  assert.deepEqual([...named, 'ok', 'loop', 'loop_pages'].sort(), [...guest.functions].sort());
});
