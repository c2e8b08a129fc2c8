/** What bounds a call: time, exits, logs, input, output, memory. The next call is not affected. */
import assert from 'node:assert/strict';
import { Cases } from './case.js';
import { assertEnds, type Expected, nextTicket, outcomeOf, PATIENT, scaled, show } from './guest.js';

const cases = new Cases('limits');
export const limitCases = cases.all;

const tooMuch: Expected = { kind: 'error', code: 'SNAPVM_GUEST_LIMIT' };
const outOfTime: Expected = { kind: 'stopped', reason: 'time' };
const outOfCpu: Expected = { kind: 'stopped', reason: 'cpu' };
const LONG_US = 60e6;

const nowUs = (): number => Number(process.hrtime.bigint()) / 1e3;

for (const [limit, expected] of [
  ['timeoutMs', outOfTime],
  ['cpuMs', outOfCpu],
] as const) {
  cases.add(`${limit} stops a guest that spins and one that writes, again and again`, async (context) => {
    const guest = await context.ready('examples/crash', { verifyRestore: true });
    for (const ms of [20, 0.001, 5, 1.5, 0.5]) {
      for (const fn of ['loop', 'loop_pages']) {
        assertEnds(guest.call(fn, '', { [limit]: ms }), expected, `${fn}, ${ms} ms`);
        assert.equal(guest.text('ok'), 'ok', `after ${fn}`);
      }
    }
  });
}

cases.add('the limit that comes first is the reason', async (context) => {
  const guest = await context.ready('examples/crash');
  assertEnds(guest.call('loop', '', { timeoutMs: 20, cpuMs: 50_000 }), outOfTime);
  assertEnds(guest.call('loop', '', { timeoutMs: 50_000, cpuMs: 20 }), outOfCpu);
  assertEnds(guest.call('loop', '', { timeoutMs: 20, cpuMs: 0 }), outOfTime);
});

cases.add('a limit of an earlier call does not stop a later one', async (context) => {
  const guest = await context.ready('examples/crash');
  for (let turn = 0; turn < scaled(20); turn++) {
    // Ends before its limit (on a busy machine perhaps by it), and its timers may be left to fire in what follows.
    const first = guest.call('ok', '', { timeoutMs: 15, cpuMs: 15 });
    assert(first.kind === 'result' || first.kind === 'stopped', show(first));
    const since = nowUs();
    assertEnds(guest.call('loop', '', { timeoutMs: 20 }), outOfTime);
    assert(nowUs() - since >= 19_900, 'not before its own limit');
    assert.equal(guest.text('ok'), 'ok');
  }
});

cases.add('a deadline ends a call at that moment, and the earlier of two limits counts', async (context) => {
  const guest = await context.ready('examples/crash');
  for (const [timeoutMs, deadlineMs] of [
    [60_000, 20],
    [20, 60_000],
    [0, 20],
  ] as const) {
    const since = nowUs();
    const limits = { timeoutMs, deadlineUs: since + deadlineMs * 1e3 };
    assertEnds(guest.call('loop', '', limits), outOfTime, show(limits));
    assert(nowUs() - since >= 20e3, 'not before');
  }
  assert.equal(guest.call('ok', '', { deadlineUs: nowUs() + LONG_US }).kind, 'result');
});

cases.add('behind its deadline a call ends without the guest running', async (context) => {
  const guest = await context.ready('examples/hostcall');
  for (const deadlineUs of [nowUs() - 1, 1, 0.0001]) {
    assertEnds(guest.call('say', 'it ran', { deadlineUs }), outOfTime);
    assert.deepEqual(guest.logs().lines, []);
  }
  assert.equal(guest.text('say', 'it ran'), 'said');
  assert.equal(guest.logs().lines.length, 1);
});

cases.add('Initialise and the call after it have deadlines too', async (context) => {
  const { sandbox } = await context.cold('examples/crash');
  const initialise = (deadlineUs: number) => sandbox.initialise(nextTicket(), { ...PATIENT, deadlineUs });
  assertEnds(initialise(nowUs() - 1), outOfTime);
  assert.equal(initialise(nowUs() + LONG_US).kind, 'ready');
  const late = { ...PATIENT, deadlineUs: nowUs() - 1 };
  assertEnds(
    outcomeOf(() => sandbox.callReady(new Uint8Array(0), 0, nextTicket(), late)),
    outOfTime,
  );
});

cases.add('answers to host calls do not renew the time of a call', async (context) => {
  const guest = await context.ready('hostile/forge', { maxExits: 0xffff_ffff });
  let outcome = guest.call('host_call_flood', '', { timeoutMs: 50 });
  while (outcome.kind === 'hostCall') outcome = guest.answer(0);
  assertEnds(outcome, outOfTime);
  assert.equal(guest.text('ok'), 'ok');
});

cases.add('maxExits counts host calls', async (context) => {
  const guest = await context.ready('hostile/forge', { maxExits: 50 });
  let outcome = guest.call('host_call_flood');
  let answered = 0;
  for (; outcome.kind === 'hostCall'; answered++) outcome = guest.answer(0, 'yes');
  assert.equal(answered, 50);
  assertEnds(outcome, tooMuch);
  assert.equal(guest.text('ok'), 'ok');
});

cases.add('maxExits counts anew in every call', async (context) => {
  const guest = await context.ready('examples/hostcall', { maxExits: 3 });
  for (let turn = 0; turn < 5; turn++) assert.equal(guest.text('say', `line ${turn}`), 'said');
  const none = await context.ready('examples/hostcall', { maxExits: 0 });
  assertEnds(none.call('say', 'x'), tooMuch);
  assertEnds(none.call('lookup', 'x'), tooMuch);
});

cases.add('a call that ends in an error keeps its log, up to maxLogBytes', async (context) => {
  const guest = await context.ready('hostile/forge', { maxExits: 100, maxLogBytes: 5000 });
  assertEnds(guest.call('log_flood'), tooMuch);
  const { lines, dropped } = guest.logs();
  assert.deepEqual([lines.length, dropped], [4, 96]);
  assert.equal(guest.text('ok'), 'ok');
  assert.deepEqual(guest.logs(), { lines: [], dropped: 0 });
});

cases.add('input fits to the last byte, and not one byte more', async (context) => {
  const guest = await context.ready('examples/echo', { config: { inputBytes: 0x6000, outputBytes: 0x8000 } });
  const room = 0x6000 - 64;
  const input = Uint8Array.from({ length: room }, (_, i) => i * 7 + (i >> 8));
  assert.deepEqual(guest.output('echo', input), Buffer.from(input));
  assertEnds(guest.call('echo', new Uint8Array(room + 1)), {
    kind: 'error',
    code: 'SNAPVM_CALL_INPUT_TOO_LARGE',
  });
  assert.equal(guest.text('echo', 'still'), 'still');
});

cases.add('large buffers hold what they say', async (context) => {
  const bytes = 1 << 20;
  const guest = await context.ready('examples/echo', { config: { inputBytes: bytes, outputBytes: bytes } });
  const input = Buffer.alloc(bytes - 64);
  for (let at = 0; at < input.length; at += 4) input.writeUInt32LE((at * 2_654_435_761) % 2 ** 32, at);
  assert(guest.output('echo', input).equals(input));
  assert.equal(guest.text('echo', 'small'), 'small');
});
