// Guests that lie about their messages, their exits and being ready: guest/hostile/forge.c.
import test from 'ava';
import { coldGuest, nextTicket, type Outcome, outcomeOf, readyGuest, show } from './support/sandbox.js';

type Expected = Partial<Outcome> & { readonly kind: Outcome['kind'] };

const CAPACITY = 0x4000 - 64;
const UINT32_MAX = 0xffff_ffff;
const protocol: Expected = { kind: 'error', code: 'SNAPVM_GUEST_PROTOCOL' };
const limit: Expected = { kind: 'error', code: 'SNAPVM_GUEST_LIMIT' };
const empty: Expected = { kind: 'result', code: 0, output: new Uint8Array(0) };
const refused = { kind: 'fault', fault: { vector: 13, errorCode: 0 } } as unknown as Expected;

const FORGED: Readonly<Record<string, Expected>> = {
  ok: { kind: 'result', code: 0, output: Buffer.from('ok') },
  abi_wrong: protocol,
  kind_zero: protocol,
  kind_unknown: protocol,
  kind_ready_in_call: protocol,
  kind_hostcall_on_done: protocol,
  kind_log_on_done: protocol,
  kind_result_on_log: protocol,
  length_huge: protocol,
  length_just_over: protocol,
  length_full: { kind: 'result', code: 0, output: new Uint8Array(CAPACITY) },
  name_length_huge: protocol,
  name_and_length_overflow: protocol,
  // A name means nothing in a result; the bytes after it are the answer.
  name_in_result: { kind: 'result', code: 0, output: new Uint8Array(4) },
  code_any: { kind: 'result', code: UINT32_MAX, output: new Uint8Array(0) },
  no_header: protocol,
  reserved_filled: empty,
  log_huge: protocol,
  log_level_any: empty,
  abort_huge: protocol,
  log_flood: limit,
  print_flood: limit,
  host_call_huge_name: protocol,
  host_call_flood: { kind: 'hostCall', name: 'lookup', payload: new Uint8Array(0) },
  host_call_long_name: { kind: 'hostCall', name: 'a'.repeat(4096) },
  host_call_bad_name: { kind: 'hostCall', name: '\ufffd\ufffd\0\ufffd' },
  done_by_dx: empty,
  // The bitmap denies ring 3 the neighbours of port 108.
  done_wide: refused,
  done_word: refused,
  outs: refused,
  in_allowed_port: refused,
  fault_port: refused,
  syscall_port: { kind: 'syscall' },
};

function matches(outcome: Outcome, expected: Expected): boolean {
  return Object.entries(expected).every(([name, value]) => {
    const actual = (outcome as unknown as Record<string, unknown>)[name];
    if (value instanceof Uint8Array)
      return actual instanceof Uint8Array && Buffer.compare(actual, value) === 0;
    if (typeof value === 'object') return matches(actual as Outcome, value as Expected);
    return actual === value;
  });
}

test('every forged message and exit is refused or taken as what it says, and the next call works', async (t) => {
  const guest = await readyGuest(t, 'hostile/forge', { verifyRestore: true, maxExits: 200 });
  t.deepEqual(Object.keys(FORGED).sort(), [...guest.functions].sort());
  for (const [fn, expected] of Object.entries(FORGED)) {
    const outcome = guest.call(fn);
    t.true(matches(outcome, expected), `${fn}: ${show(outcome)}`);
    t.is(guest.text('ok'), 'ok', `after ${fn}`);
  }
});

test('a guest that never stops calling the host meets maxExits', async (t) => {
  const guest = await readyGuest(t, 'hostile/forge', { maxExits: 50 });
  let outcome = guest.call('host_call_flood');
  let answered = 0;
  for (; outcome.kind === 'hostCall'; answered++) outcome = guest.answer(0, 'yes');
  t.is(answered, 50);
  t.like(outcome, { kind: 'error', code: 'SNAPVM_GUEST_LIMIT' });
  t.is(guest.text('ok'), 'ok');
});

test('an answer nobody waits for is refused', async (t) => {
  const guest = await readyGuest(t, 'hostile/forge');
  t.is(guest.text('ok'), 'ok');
  t.like(guest.answer(0, 'unasked'), { kind: 'error', code: 'SNAPVM_SANDBOX_STATE' });
  t.like(guest.call('host_call_flood'), { kind: 'hostCall' });
  t.is(guest.text('ok'), 'ok', 'a call may be left in its host call');
  t.like(guest.answer(0, 'late'), { kind: 'error', code: 'SNAPVM_SANDBOX_STATE' });
  t.is(guest.text('ok'), 'ok');
});

test('names of host calls and log levels reach the host as the guest wrote them', async (t) => {
  const guest = await readyGuest(t, 'hostile/forge');
  guest.call('log_level_any');
  t.deepEqual(
    guest.logs().lines.map(({ level, text }) => [level, text.length]),
    [[UINT32_MAX, 4]],
  );
});

test('a call that ends in an error keeps its log, up to maxLogBytes', async (t) => {
  const guest = await readyGuest(t, 'hostile/forge', { maxExits: 100, maxLogBytes: 5000 });
  t.like(guest.call('log_flood'), { kind: 'error', code: 'SNAPVM_GUEST_LIMIT' });
  const { lines, dropped } = guest.logs();
  t.is(lines.length, 4);
  t.is(dropped, 96);
  t.is(guest.text('ok'), 'ok');
  t.deepEqual(guest.logs(), { lines: [], dropped: 0 }, 'logs are those of the last call');
});

/** Init data's first byte makes Initialise itself lie. */
const INITIALISING: Readonly<Record<string, Expected>> = {
  r: protocol, // no names
  n: protocol, // a list longer than the buffer
  m: protocol, // nothing but empty names
  u: protocol, // the last name has no end
  q: protocol, // the same name twice
  h: protocol, // a host call
  z: protocol, // a result
  e: { kind: 'abort', code: 0x8000_0001, message: 'main() returned without calling snapvm_serve()' },
  a: { kind: 'abort', code: 9, message: 'no wish to start' },
  f: { kind: 'fault', fault: { vector: 6 } } as unknown as Expected,
  l: { kind: 'stopped', reason: 'time' },
  c: { kind: 'ready' }, // no lie
};

test('a guest that lies while it initialises is refused, every time it is tried', async (t) => {
  for (const [how, expected] of Object.entries(INITIALISING)) {
    const { sandbox } = await coldGuest(t, 'hostile/forge', {
      initData: Buffer.from(how),
      verifyRestore: true,
    });
    for (let turn = 0; turn < 3; turn++) {
      const limits = { timeoutMs: how === 'l' ? 20 : 60_000, cpuMs: 0 };
      const outcome = outcomeOf(() => sandbox.initialise(nextTicket(), limits));
      t.true(matches(outcome, expected), `'${how}', turn ${turn}: ${show(outcome)}`);
    }
  }
});

test('a dispatch address no user guest can have is refused when the guest is frozen', async (t) => {
  for (const how of ['d', 'k']) {
    const { sandbox } = await coldGuest(t, 'hostile/forge', { initData: Buffer.from(how) });
    t.is(sandbox.initialise(nextTicket(), { timeoutMs: 60_000, cpuMs: 0 }).kind, 'ready');
    t.throws(() => sandbox.capture(), { code: 'SNAPVM_GUEST_PROTOCOL', message: /dispatch address/ });
  }
});

test('a wrong dispatch address or stack is the fault of the guest, call by call', async (t) => {
  // x: dispatch is not executable. s: the stack pointer is 0.
  const jumps = await readyGuest(t, 'hostile/forge', { initData: Buffer.from('x'), verifyRestore: true });
  const stackless = await readyGuest(t, 'hostile/forge', { initData: Buffer.from('s'), verifyRestore: true });
  for (let turn = 0; turn < 3; turn++) {
    t.like(jumps.call('ok'), { kind: 'fault', fault: { vector: 14, errorCode: 21 } } as never);
    t.like(stackless.call('ok'), { kind: 'fault', fault: { vector: 14, errorCode: 6 } } as never);
  }
});
