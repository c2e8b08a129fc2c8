/** Nothing of a call is left for the next one: guest/hostile/leak.c fills all it can reach, and then looks. */
import assert from 'node:assert/strict';
import { Cases } from './case.js';
import { keepsBases } from './context.js';
import {
  assertEnds,
  nextTicket,
  outputOf,
  PATIENT,
  type ReadyGuest,
  scaled,
  seeded,
  show,
  UNDER_QEMU,
  wordAt,
  words,
} from './guest.js';
import { assertInitial, inUse, leakInput, look, PLANTS, scan } from './registers.js';

const cases = new Cases('restore');
export const restoreCases = cases.all;

const STOP_MS = 5;

/** Plants and checks that it ended as leak.h says. Returns how, for messages. */
function plant(guest: ReadyGuest, fn: string): string {
  const expected = PLANTS[fn];
  const outcome = guest.call(fn, '', expected === 'stopped' ? { timeoutMs: STOP_MS } : {});
  if (outcome.kind !== expected) throw new Error(`${fn} ended as ${show(outcome)}, not ${expected}`);
  return show(outcome);
}

for (const fn of Object.keys(PLANTS)) {
  cases.add(`${fn}: the next call finds none of it, and memory equals the image`, async (context) => {
    const guest = await context.ready('hostile/leak', { verifyRestore: true });
    const first = look(guest);
    for (let turn = 0; turn < scaled(10); turn++) {
      const how = plant(guest, fn);
      assert.equal(look(guest), first, `look after ${how}`);
      plant(guest, fn);
      assert.equal(scan(guest), 0n, 'scan');
    }
    assertInitial(guest.output('look'), guest.keepsBases);
    assert.deepEqual([...guest.functions].sort(), [...Object.keys(PLANTS), 'look', 'scan'].sort());
  });
}

/**
 * x87 and SSE: what switches threads in the middle of a call may use them, and a processor that puts them back need not
 * note that they are as they were at first (Intel SDM vol. 1, 13.6).
 */
const EVERYBODYS = 3n;

// By it a guest would learn which registers the call before it used.
cases.add(
  'xgetbv(1), the vector components in use, does not tell what the call before used',
  async (context) => {
    const guest = await context.ready('hostile/leak');
    const first = inUse(guest);
    if (first === undefined) return context.note('not looked at: this processor has no xgetbv(1)');
    const always = new Map<string, bigint>([['look', first]]);
    for (let turn = 0; turn < scaled(10, 5); turn++) {
      for (const fn of ['look', ...Object.keys(PLANTS)]) {
        const how = fn === 'look' ? 'result' : plant(guest, fn);
        const now = inUse(guest) ?? 0n;
        assert.equal(now & ~EVERYBODYS, first & ~EVERYBODYS, `after ${fn}: ${how}`);
        always.set(fn, (always.get(fn) ?? now) & now);
      }
    }
    const [unused = 0n] = always.values();
    context.note(`XINUSE 0x${unused.toString(16)}`);
    for (const [fn, components] of always) assert.equal(components, unused, `always after ${fn}`);
  },
);

cases.add('plants in any order leave nothing', async (context) => {
  const guest = await context.ready('hostile/leak', { verifyRestore: true });
  const first = look(guest);
  const random = seeded(20261122);
  const names = Object.keys(PLANTS);
  const order: string[] = [];
  for (let turn = 0; turn < scaled(200, 12); turn++) {
    const fn = names[Math.floor(random() * names.length)] ?? '';
    order.push(fn);
    plant(guest, fn);
    const after = `after ${order.slice(-4).join(', ')}`;
    if (random() < 0.7) assert.equal(look(guest), first, after);
    if (random() < 0.7) assert.equal(scan(guest), 0n, after);
  }
});

cases.add('a plant survives in no other sandbox of the thread', async (context) => {
  const one = await context.ready('hostile/leak');
  const other = await context.ready('hostile/leak');
  const first = look(other);
  for (const fn of Object.keys(PLANTS)) {
    plant(one, fn);
    assert.equal(look(other), first, `after ${fn}`);
    assert.equal(scan(other), 0n, `after ${fn}`);
  }
});

cases.add('nor in one that is made after the sandbox was closed', async (context) => {
  for (const fn of Object.keys(PLANTS)) {
    const one = await context.ready('hostile/leak');
    plant(one, fn);
    one.close();
    const next = await context.ready('hostile/leak', { verifyRestore: true });
    assertInitial(next.output('look'), next.keepsBases);
    assert.equal(scan(next), 0n, `after ${fn}`);
    next.close();
  }
});

cases.add('a guest that is initialised in every call starts from the same registers', async (context) => {
  const { sandbox } = await context.cold('hostile/leak', { verifyRestore: true });
  const bases = keepsBases(context.backend);
  const call = (
    index: number,
    timeoutMs = PATIENT.timeoutMs,
    input: Uint8Array = Buffer.alloc(0),
  ): Buffer => {
    assert.equal(sandbox.initialise(nextTicket(), PATIENT).kind, 'ready');
    const exit = sandbox.callReady(input, index, nextTicket(), { timeoutMs, cpuMs: 0 });
    return exit.kind === 'result' ? Buffer.from(exit.output) : Buffer.alloc(0);
  };
  const names = [...Object.keys(PLANTS), 'look', 'scan'];
  for (const [index, fn] of Object.keys(PLANTS).entries()) {
    call(index, PLANTS[fn] === 'stopped' ? STOP_MS : PATIENT.timeoutMs);
    assertInitial(call(names.indexOf('look')), bases);
    const found = call(names.indexOf('scan'), PATIENT.timeoutMs, leakInput(bases));
    assert.equal(found.readBigUInt64LE(0), 0n, `after ${fn}`);
  }
});

cases.add('a counter in static memory answers 1 in every call', async (context) => {
  const guest = await context.ready('examples/counter', { verifyRestore: true });
  for (let turn = 0; turn < scaled(500, 20); turn++) assert.equal(guest.text('count'), '1', `call ${turn}`);
  assert.equal(guest.stats.rebuilds, 0);
  assert(guest.stats.restores >= scaled(500, 20) - 1);
});

cases.add('two sandboxes of one snapshot do not see what the other writes', async (context) => {
  const [one, other] = [await context.ready('hostile/pages'), await context.ready('hostile/pages')];
  for (let turn = 0; turn < 3; turn++) {
    assert.equal(one.text('fill'), 'ok');
    assert.equal(other.text('check'), '0');
    assert.equal(one.text('check'), '0');
  }
});

cases.add('every page of a large heap is put back, call after call', async (context) => {
  const heapBytes = UNDER_QEMU ? 8 << 20 : 32 << 20;
  const guest = await context.ready('conformance/probe', { verifyRestore: true, config: { heapBytes } });
  const { gva, bytes } = guest.snapshot.layout.heap;
  // Its first page has what Initialise allocated.
  const [first, end] = [gva + 4096n, gva + BigInt(bytes)];
  for (let turn = 0; turn < scaled(4, 3); turn++)
    assert.equal(wordAt(guest.output('touch', words(first, end)), 0), 0n, `call ${turn}`);
});

cases.add('calls that write much and little by turns find every page as it was', async (context) => {
  const guest = await context.ready('hostile/pages', { verifyRestore: true });
  for (let turn = 0; turn < scaled(120, 4); turn++) {
    if (turn % 3 === 0) guest.text('fill');
    assert.equal(guest.text('check'), '0', `call ${turn}`);
  }
});

cases.add('a call that was left in a host call leaves nothing', async (context) => {
  const asking = await context.ready('examples/hostcall', { verifyRestore: true });
  for (let turn = 0; turn < scaled(20); turn++) {
    assertEnds(asking.call('many', '5'), { kind: 'hostCall' });
    if (turn % 2 === 1) assertEnds(asking.answer(0, 'one'), { kind: 'hostCall' });
    assertEnds(asking.call('lookup', `key ${turn}`), {
      kind: 'hostCall',
      payload: Buffer.from(`key ${turn}`),
    });
    assert.equal(outputOf(asking.answer(0, `value ${turn}`)).toString(), `value ${turn}`);
  }
});

cases.add('a stop in mid-fault leaves nothing, whenever it comes', async (context) => {
  const config = { heapBytes: 2 << 20 };
  const leak = await context.ready('hostile/leak', { verifyRestore: true, config });
  const crash = await context.ready('examples/crash', { verifyRestore: true, config });
  const first = look(leak);
  for (let turn = 0; turn < scaled(40, 4); turn++) {
    const limits = { timeoutMs: 0.3 + (turn % 20) / 2 + turn / 100 };
    assert.equal(leak.call('plant_fault_loop', '', limits).kind, 'stopped');
    assert.equal(look(leak), first, show(limits));
    assert.equal(scan(leak), 0n, show(limits));
    assert.equal(crash.call('loop_pages', '', limits).kind, 'stopped');
    assert.equal(crash.text('ok'), 'ok', show(limits));
  }
});

// The first fault of a new sandbox takes a while to be delivered, in which a stop may leave it pending.
cases.add('a fault whose delivery was cut short is not delivered to the next guest', async (context) => {
  let stopped = 0;
  for (let turn = 0; turn < scaled(100, 5); turn++) {
    const crash = await context.ready('examples/crash');
    const fn = ['undefined', 'divide', 'null_write'][turn % 3] ?? '';
    const { kind } = crash.call(fn, '', { timeoutMs: (20 + ((turn * 7) % 230)) / 1000 });
    if (kind === 'stopped') stopped++;
    else assert.equal(kind, 'fault');
    assert.equal(crash.text('ok'), 'ok');
    crash.close();
    const counter = await context.ready('examples/counter');
    assert.equal(counter.text('count'), '1');
    counter.close();
  }
  context.note(`${stopped} were stopped before their fault arrived`);
});
