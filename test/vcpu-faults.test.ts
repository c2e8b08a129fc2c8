// What a guest can do wrong, one function of guest/examples/faults.c each: how it ends, and that the next call works.
import test from 'ava';
import { native } from '../src/native.js';
import { loadMonitor } from '../src/snapshot/monitor.js';
import { type Outcome, readyGuest, show } from './support/sandbox.js';

// Page-fault error codes: what the access was (Intel SDM vol. 3, 4.7).
const [PRESENT, WRITE, USER, FETCH] = [1, 2, 4, 16];
const [DE, DB, BP, UD, GP, PF, AC] = [0, 1, 3, 6, 13, 14, 17];
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

const isIn = ([first, end]: Range, address: bigint): boolean => address >= first && address < end;

test('every fault arrives with vector, error code, address and symbol, and the next call works', async (t) => {
  const guest = await readyGuest(t, 'examples/crash', { verifyRestore: true });
  for (const [fn, expected] of Object.entries(FAULTS)) {
    const outcome = guest.call(fn);
    if (outcome.kind !== 'fault') {
      t.fail(`${fn}: ${show(outcome)}`);
      continue;
    }
    const { vector, errorCode, rip, cr2 } = outcome.fault;
    t.is(vector, expected.vector, fn);
    t.is(errorCode, expected.errorCode ?? 0, fn);
    if (expected.at !== undefined) t.true(isIn(expected.at, cr2), `${fn}: CR2 is 0x${cr2.toString(16)}`);
    if (expected.jumped === true) t.is(rip, cr2, fn);
    else if (rip !== expected.mayStandAt) t.is(guest.snapshot.symbolize(rip)?.replace(/\+.*/, ''), fn);
    t.is(guest.text('ok'), 'ok', `after ${fn}`);
  }
  t.is(guest.stats.rebuilds, 0, 'no fault costs a new virtual machine');
});

test('the faulting access is told to the byte', async (t) => {
  const guest = await readyGuest(t, 'examples/crash');
  const cr2Of = (fn: string): bigint => {
    const outcome = guest.call(fn);
    return outcome.kind === 'fault' ? outcome.fault.cr2 : -1n;
  };
  t.is(guest.snapshot.symbolize(cr2Of('write_code')), 'write_code+0x0');
  t.true(guest.snapshot.symbolize(cr2Of('execute_heap')) === undefined);
});

/** Where processors differ, each way that is right: this machine's KVM first, hardware after. */
const EITHER: Readonly<Record<string, readonly ((outcome: Outcome) => boolean)[]>> = {
  // Not in the IDT: #GP that says so on hardware (qemu's emulation gets the gate's index wrong); this machine's KVM
  // says #UD.
  int80: [isFault(UD), isFault(GP, IN_THE_IDT)],
  // SYSENTER_CS is 0: #GP by Intel's, #UD by AMD's (no sysenter in long mode).
  sysenter: [isFault(UD), isFault(GP)],
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
  return outcome.kind === 'result' && outcome.code === 99;
}

test('instructions that processors treat differently end in one of the documented ways', async (t) => {
  const guest = await readyGuest(t, 'examples/crash', { verifyRestore: true });
  for (const [fn, ways] of Object.entries(EITHER)) {
    const outcome = guest.call(fn);
    t.log(`${fn}: ${show(outcome)}`);
    t.true(
      ways.some((way) => way(outcome)),
      `${fn}: ${show(outcome)}`,
    );
    t.is(guest.text('ok'), 'ok', `after ${fn}`);
  }
});

/** The rest of crash.elf: these end in an orderly way. */
const ORDERLY: Readonly<Record<string, Partial<Outcome> & { readonly kind: Outcome['kind'] }>> = {
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

test('system calls, aborts and refused output end in an orderly way', async (t) => {
  const guest = await readyGuest(t, 'examples/crash', { verifyRestore: true });
  for (const [fn, expected] of Object.entries(ORDERLY)) {
    t.like(guest.call(fn), expected, fn);
    t.is(guest.text('ok'), 'ok', `after ${fn}`);
  }
});

test('a loop is stopped by its limit, and the next call works', async (t) => {
  const guest = await readyGuest(t, 'examples/crash', { verifyRestore: true });
  for (const fn of ['loop', 'loop_pages']) {
    t.deepEqual(guest.call(fn, '', { timeoutMs: 30 }), { kind: 'stopped', reason: 'time' }, fn);
    t.deepEqual(guest.call(fn, '', { cpuMs: 20 }), { kind: 'stopped', reason: 'cpu' }, fn);
    t.is(guest.text('ok'), 'ok', `after ${fn}`);
  }
});

test('the tables above name every function of crash.elf', async (t) => {
  const guest = await readyGuest(t, 'examples/crash');
  const named = [FAULTS, EITHER, ORDERLY].flatMap((table) => Object.keys(table));
  t.deepEqual([...named, 'ok', 'loop', 'loop_pages'].sort(), [...guest.functions].sort());
});

test('the machine is described', async (t) => {
  const capabilities = native().capabilities(await loadMonitor());
  t.true([0, 1, 2].includes(capabilities.portMode));
  t.log(show(capabilities));
});
