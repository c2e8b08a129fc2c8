/** How a guest may leave, and what it may say when it does: guest/hostile/forge.c lies in every way there is. */
import assert from 'node:assert/strict';
import { SnapvmError } from '../../src/base/errors.js';
import { Cases } from './case.js';
import type { Context } from './context.js';
import { assertEnds, type Expected, nextTicket, outcomeOf, outputOf, PATIENT } from './guest.js';

const cases = new Cases('exits');
export const exitCases = cases.all;

const CAPACITY = 0x4000 - 64;
const UINT32_MAX = 0xffff_ffff;
const protocol: Expected = { kind: 'error', code: 'SNAPVM_GUEST_PROTOCOL' };
const limit: Expected = { kind: 'error', code: 'SNAPVM_GUEST_LIMIT' };
const empty: Expected = { kind: 'result', code: 0, output: new Uint8Array(0) };
const refused: Expected = { kind: 'fault', fault: { vector: 13, errorCode: 0 } };

/** Functions of forge.elf, by what they lie about. */
const FORGED: Readonly<Record<string, Readonly<Record<string, Expected>>>> = {
  'a result with a header that is none is refused': {
    abi_wrong: protocol,
    kind_zero: protocol,
    kind_unknown: protocol,
    kind_ready_in_call: protocol,
    no_header: protocol,
  },
  'a message of one kind at the port of another is refused': {
    kind_hostcall_on_done: protocol,
    kind_log_on_done: protocol,
    kind_result_on_log: protocol,
  },
  'lengths that reach past the buffer are refused, and one that just fits is not': {
    length_huge: protocol,
    length_just_over: protocol,
    length_full: { kind: 'result', code: 0, output: new Uint8Array(CAPACITY) },
    name_length_huge: protocol,
    name_and_length_overflow: protocol,
    log_huge: protocol,
    abort_huge: protocol,
    host_call_huge_name: protocol,
  },
  'what the design leaves open is taken as it is': {
    ok: { kind: 'result', code: 0, output: Buffer.from('ok') },
    // A name means nothing in a result; the bytes after it are the answer.
    name_in_result: { kind: 'result', code: 0, output: new Uint8Array(4) },
    code_any: { kind: 'result', code: UINT32_MAX, output: new Uint8Array(0) },
    reserved_filled: empty,
    log_level_any: empty,
  },
  'exits without end meet the limit': {
    log_flood: limit,
    print_flood: limit,
  },
  'a host call has the name the guest wrote, whatever it is': {
    host_call_flood: { kind: 'hostCall', name: 'lookup', payload: new Uint8Array(0) },
    host_call_long_name: { kind: 'hostCall', name: 'a'.repeat(4096) },
    host_call_bad_name: { kind: 'hostCall', name: '\ufffd\ufffd\0\ufffd' },
  },
  'a port may be named by a register too': {
    done_by_dx: empty,
  },
  'two and four bytes, input and strings are #GP at a port that is allowed': {
    done_wide: refused,
    done_word: refused,
    outs: refused,
    in_allowed_port: refused,
  },
  'a guest cannot make up a fault': {
    fault_port: refused,
  },
  'the port of the monitor for system calls is a system call': {
    syscall_port: { kind: 'syscall' },
  },
};

for (const [name, table] of Object.entries(FORGED)) {
  cases.add(name, async (context) => {
    const guest = await context.ready('hostile/forge', { verifyRestore: true, maxExits: 200 });
    for (const [fn, expected] of Object.entries(table)) {
      assertEnds(guest.call(fn), expected, fn);
      assert.equal(guest.text('ok'), 'ok', `after ${fn}`);
    }
  });
}

cases.add('the cases of this area name every function of forge.elf', async (context) => {
  const guest = await context.ready('hostile/forge');
  const named = Object.values(FORGED).flatMap((table) => Object.keys(table));
  assert.deepEqual(named.sort(), [...guest.functions].sort());
});

/** Init data's first byte makes Initialise itself lie. */
const INITIALISING: Readonly<Record<string, readonly [what: string, expected: Expected]>> = {
  r: ['without names', protocol],
  n: ['with a list longer than the buffer', protocol],
  m: ['with nothing but empty names', protocol],
  u: ['with a name that has no end', protocol],
  q: ['with the same name twice', protocol],
  h: ['by a host call', protocol],
  z: ['by a result', protocol],
  e: [
    'by returning from main',
    { kind: 'abort', code: 0x8000_0001, message: 'main() returned without calling snapvm_serve()' },
  ],
  a: ['by giving up', { kind: 'abort', code: 9, message: 'no wish to start' }],
  f: ['by a fault', { kind: 'fault', fault: { vector: 6 } }],
  l: ['never', { kind: 'stopped', reason: 'time' }],
};

cases.add('a guest that becomes ready wrongly is refused, every time it is tried', async (context) => {
  for (const [how, [what, expected]] of Object.entries(INITIALISING)) {
    const { sandbox } = await context.cold('hostile/forge', {
      initData: Buffer.from(how),
      verifyRestore: true,
    });
    for (let turn = 0; turn < 2; turn++) {
      const limits = { timeoutMs: how === 'l' ? 20 : PATIENT.timeoutMs, cpuMs: 0 };
      const outcome = outcomeOf(() => sandbox.initialise(nextTicket(), limits));
      assertEnds(outcome, expected, `ready ${what}, turn ${turn}`);
    }
  }
});

cases.add('a guest that becomes ready rightly does so every time it is tried', async (context) => {
  const { sandbox } = await context.cold('hostile/forge', { initData: Buffer.from('c') });
  for (let turn = 0; turn < 3; turn++)
    assertEnds(sandbox.initialise(nextTicket(), PATIENT), { kind: 'ready' }, `turn ${turn}`);
});

cases.add('a dispatch address no user guest can have is refused when it is frozen', async (context) => {
  for (const how of ['d', 'k']) {
    const { sandbox } = await context.cold('hostile/forge', { initData: Buffer.from(how) });
    assert.equal(sandbox.initialise(nextTicket(), PATIENT).kind, 'ready');
    assert.throws(
      () => sandbox.capture(),
      (error) => error instanceof SnapvmError && error.code === 'SNAPVM_GUEST_PROTOCOL',
    );
  }
});

cases.add('a wrong dispatch address or stack is the fault of the guest, call by call', async (context) => {
  const fault = (errorCode: number): Expected => ({ kind: 'fault', fault: { vector: 14, errorCode } });
  // x: dispatch is not executable. s: the stack pointer is 0.
  const jumps = await context.ready('hostile/forge', { initData: Buffer.from('x') });
  const stackless = await context.ready('hostile/forge', { initData: Buffer.from('s') });
  for (let turn = 0; turn < 3; turn++) {
    assertEnds(jumps.call('ok'), fault(21));
    assertEnds(stackless.call('ok'), fault(6));
  }
});

/** String I/O: KVM reports it like a plain `out` or `in`, and finishes it later by writing registers and memory. */
const PATTERN = Buffer.alloc(64, 0x5a);
for (const fn of ['rep_ins', 'disguised_rep_outs', 'disguised_outs']) {
  cases.add(`${fn}: #GP, and nothing of it in the next call`, async (context) => {
    const guest = await context.ready('hostile/strings', { verifyRestore: true });
    for (let turn = 0; turn < 3; turn++) {
      assertEnds(guest.call(fn, 'input'), refused, fn);
      assert.deepEqual(guest.output('peek'), PATTERN);
    }
  });
}

cases.add('string output right behind a plain `out` that ended a call is still a fault', async (context) => {
  const guest = await context.ready('hostile/strings', { verifyRestore: true });
  for (let turn = 0; turn < 3; turn++) {
    // Where RIP is behind the `out` when it is reported, the host cannot tell the two apart and refuses both.
    const plain = guest.call('behind_a_plain_out').kind;
    assert(['result', 'fault'].includes(plain), plain);
    assert.equal(guest.call('behind_a_plain_out', 'x').kind, 'fault');
    assert.deepEqual(guest.output('peek'), PATTERN);
  }
});

cases.add('log lines and printed bytes reach the host as the guest wrote them', async (context) => {
  const guest = await context.ready('hostile/forge');
  guest.call('log_level_any');
  const [line, ...more] = guest.logs().lines;
  assert.deepEqual([line?.level, line?.text.length, more.length], [UINT32_MAX, 4, 0]);
  const asking = await context.ready('examples/hostcall');
  assert.equal(asking.text('say', 'a line'), 'said');
  assert.deepEqual(asking.logs(), { lines: [{ level: 3, text: 'a line' }], dropped: 0 });
  assert.equal(guest.text('ok'), 'ok');
  assert.deepEqual(guest.logs(), { lines: [], dropped: 0 }, 'logs are those of the last call');
});

async function assertKept(context: Context, fn: string, answer: boolean): Promise<void> {
  const guest = await context.ready('conformance/probe', { verifyRestore: true });
  for (let turn = 0; turn < 3; turn++) {
    const first = guest.call(fn);
    if (answer) assertEnds(first, { kind: 'hostCall', name: 'lookup' });
    const last = answer ? guest.answer(0, 'an answer') : first;
    assert.equal(outputOf(last, fn).toString(), 'kept');
  }
}

cases.add('a log line leaves every register as it was', (context) =>
  assertKept(context, 'registers_of_log', false),
);
cases.add('a printed byte leaves every register as it was', (context) =>
  assertKept(context, 'registers_of_print', false),
);
cases.add('a host call leaves every register as it was', (context) =>
  assertKept(context, 'registers_of_host_call', true),
);

cases.add('an answer nobody waits for is refused', async (context) => {
  const guest = await context.ready('hostile/forge');
  const state: Expected = { kind: 'error', code: 'SNAPVM_SANDBOX_STATE' };
  assert.equal(guest.text('ok'), 'ok');
  assertEnds(guest.answer(0, 'unasked'), state);
  assertEnds(guest.call('host_call_flood'), { kind: 'hostCall' });
  assert.equal(guest.text('ok'), 'ok', 'a call may be left in its host call');
  assertEnds(guest.answer(0, 'late'), state);
  assert.equal(guest.text('ok'), 'ok');
});
