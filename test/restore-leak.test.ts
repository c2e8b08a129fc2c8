// Nothing of a call is left for the next one: guest/hostile/leak.c fills all it can reach, and then looks.
import test from 'ava';
import {
  coldGuest,
  nextTicket,
  PATIENT,
  type ReadyGuest,
  readyGuest,
  scaled,
  seeded,
  show,
} from './support/sandbox.js';
import { assertInitial, look, PLANTS, scan } from './support/sandbox-leak.js';

const STOP_MS = 5;

/** Plants and checks that it ended as leak.h says. Returns how, for messages. */
function plant(guest: ReadyGuest, fn: string): string {
  const expected = PLANTS[fn];
  const outcome = guest.call(fn, '', expected === 'stopped' ? { timeoutMs: STOP_MS } : {});
  if (outcome.kind !== expected) throw new Error(`${fn} ended as ${show(outcome)}, not ${expected}`);
  return show(outcome);
}

test('before anything is planted, a call has exactly the registers of the design', async (t) => {
  const guest = await readyGuest(t, 'hostile/leak', { verifyRestore: true });
  const first = guest.output('look');
  t.log(`XSAVE image: ${first.readUInt32LE(4)} bytes, components 0x${first.readBigUInt64LE(8).toString(16)}`);
  assertInitial(t, first);
  t.is(look(guest), look(guest));
  t.is(scan(guest), 0n);
});

for (const fn of Object.keys(PLANTS)) {
  test(`${fn}: the next call finds none of it, and memory equals the image`, async (t) => {
    const guest = await readyGuest(t, 'hostile/leak', { verifyRestore: true });
    const first = look(guest);
    for (let turn = 0; turn < scaled(20); turn++) {
      const how = plant(guest, fn);
      t.is(look(guest), first, `look after ${how}`);
      plant(guest, fn);
      t.is(scan(guest), 0n, 'scan');
    }
    assertInitial(t, guest.output('look'));
    t.deepEqual([...guest.functions].sort(), [...Object.keys(PLANTS), 'look', 'scan'].sort());
  });
}

test('plants in any order leave nothing', async (t) => {
  const guest = await readyGuest(t, 'hostile/leak', { verifyRestore: true });
  const first = look(guest);
  const random = seeded(20261122);
  const names = Object.keys(PLANTS);
  const order: string[] = [];
  for (let turn = 0; turn < scaled(400, 20); turn++) {
    const fn = names[Math.floor(random() * names.length)] ?? '';
    order.push(fn);
    plant(guest, fn);
    const after = `after ${order.slice(-4).join(', ')}`;
    if (random() < 0.7) t.is(look(guest), first, after);
    if (random() < 0.7) t.is(scan(guest), 0n, after);
  }
});

test('a plant in ring 3 survives in no other sandbox of the thread', async (t) => {
  const one = await readyGuest(t, 'hostile/leak');
  const other = await readyGuest(t, 'hostile/leak');
  const first = look(other);
  for (const fn of Object.keys(PLANTS)) {
    plant(one, fn);
    t.is(look(other), first, `after ${fn}`);
    t.is(scan(other), 0n, `after ${fn}`);
  }
});

test('a guest that is initialised in every call starts from the same registers', async (t) => {
  const { sandbox, snapshot } = await coldGuest(t, 'hostile/leak', { verifyRestore: true });
  const call = (index: number, timeoutMs = PATIENT.timeoutMs): Buffer | undefined => {
    const ready = sandbox.initialise(nextTicket(), PATIENT);
    t.is(ready.kind, 'ready');
    const exit = sandbox.callReady(new Uint8Array(0), index, nextTicket(), { timeoutMs, cpuMs: 0 });
    return exit.kind === 'result' ? Buffer.from(exit.output) : undefined;
  };
  t.is(snapshot.descriptor.entry.kind, 'initialise');
  const names = [...Object.keys(PLANTS), 'look', 'scan'];
  for (const [index, fn] of Object.keys(PLANTS).entries()) {
    call(index, PLANTS[fn] === 'stopped' ? STOP_MS : PATIENT.timeoutMs);
    const bytes = call(names.indexOf('look'));
    assertInitial(t, bytes ?? Buffer.alloc(0));
    t.is(call(names.indexOf('scan'))?.readBigUInt64LE(0), 0n, `after ${fn}`);
  }
});
