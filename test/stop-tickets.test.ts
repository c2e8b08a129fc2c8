// Stops by ticket when a thread has many calls under way, and deadlines that do not wait for the guest to start.
import test from 'ava';
import { native } from '../src/native.js';
import { coldGuest, nextTicket, outcomeOf, PATIENT, readyGuest, show } from './support/sandbox.js';

const ABORTED = { kind: 'stopped', reason: 'abort' } as const;
const OUT_OF_TIME = { kind: 'stopped', reason: 'time' } as const;
const LONG_US = 60e6;

const nowUs = (): number => Number(process.hrtime.bigint()) / 1e3;

test.serial('every ticket that was interrupted before it began stops, whatever the order', async (t) => {
  const guest = await readyGuest(t, 'examples/crash');
  const id = native().interrupterId();
  const tickets = Array.from({ length: 20 }, nextTicket);
  const others = Array.from({ length: 20 }, nextTicket);
  for (const ticket of tickets) native().interrupt(id, ticket);
  for (const ticket of tickets.toReversed()) {
    t.deepEqual(guest.call('loop', '', {}, ticket), ABORTED);
    t.is(guest.call('ok', '', {}, others.pop()).kind, 'result', 'a ticket nobody interrupted');
    t.deepEqual(guest.call('ok', '', {}, ticket), ABORTED, 'it stays stopped until it is settled');
  }
  for (const ticket of tickets) native().settleTicket(id, ticket);
});

test.serial('a ticket that was settled no longer stops, and the others still do', async (t) => {
  const guest = await readyGuest(t, 'examples/crash');
  const id = native().interrupterId();
  const [first, second] = [nextTicket(), nextTicket()];
  for (const ticket of [first, second, first]) native().interrupt(id, ticket);
  native().settleTicket(id, first);
  t.is(guest.call('ok', '', {}, first).kind, 'result');
  t.deepEqual(guest.call('ok', '', {}, second), ABORTED);
  native().settleTicket(id, second);
  t.is(guest.call('ok', '', {}, second).kind, 'result');
});

test.serial('settling what nobody interrupted, or a thread that is not there, is harmless', async (t) => {
  const guest = await readyGuest(t, 'examples/crash');
  const id = native().interrupterId();
  t.notThrows(() => {
    native().settleTicket(id, nextTicket());
    native().settleTicket(id + 12_345, 1);
    native().settleTicket(0, 0);
  });
  t.is(guest.text('ok'), 'ok');
});

test.serial('a call that waits for the host is stopped when it goes on', async (t) => {
  const guest = await readyGuest(t, 'examples/hostcall');
  const id = native().interrupterId();
  const ticket = nextTicket();
  t.is(guest.call('lookup', 'x', {}, ticket).kind, 'hostCall');
  native().interrupt(id, ticket);
  t.deepEqual(
    outcomeOf(() => guest.sandbox.answer(0, new Uint8Array(0), ticket)),
    ABORTED,
  );
  native().settleTicket(id, ticket);
  t.is(guest.call('lookup', 'x').kind, 'hostCall');
});

test.serial('a deadline ends a call at that moment, and the earlier of two limits counts', async (t) => {
  const guest = await readyGuest(t, 'examples/crash');
  for (const [timeoutMs, deadlineMs] of [
    [60_000, 20],
    [20, 60_000],
    [0, 20],
  ] as const) {
    const since = nowUs();
    const limits = { timeoutMs, deadlineUs: since + deadlineMs * 1e3 };
    t.deepEqual(guest.call('loop', '', limits), OUT_OF_TIME, show(limits));
    t.true(nowUs() - since >= 20e3, 'not before');
  }
  t.is(guest.call('ok', '', { deadlineUs: nowUs() + LONG_US }).kind, 'result');
});

test.serial('behind its deadline a call ends without the guest running', async (t) => {
  const guest = await readyGuest(t, 'examples/hostcall');
  for (const deadlineUs of [nowUs() - 1, 1, 0.0001]) {
    t.deepEqual(guest.call('say', 'it ran', { deadlineUs }), OUT_OF_TIME);
    t.deepEqual(guest.logs().lines, []);
  }
  t.is(guest.text('say', 'it ran'), 'said');
  t.is(guest.logs().lines.length, 1);
});

test.serial('Initialise and the call after it have deadlines too', async (t) => {
  const { sandbox } = await coldGuest(t, 'examples/crash');
  const initialise = (deadlineUs: number) => sandbox.initialise(nextTicket(), { ...PATIENT, deadlineUs });
  t.deepEqual(initialise(nowUs() - 1), OUT_OF_TIME);
  t.is(initialise(nowUs() + LONG_US).kind, 'ready');
  const late = { ...PATIENT, deadlineUs: nowUs() - 1 };
  t.deepEqual(sandbox.callReady(new Uint8Array(0), 0, nextTicket(), late), OUT_OF_TIME);
});
