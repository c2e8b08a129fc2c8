/** Guests in ring 0: the same machinery without a monitor. Emulated by a software KVM, native elsewhere. */
import assert from 'node:assert/strict';
import { Cases } from './case.js';
import { assertEnds, outputOf, scaled, show } from './guest.js';

const cases = new Cases('supervisor', {
  process:
    'a process has no ring 0: supervisor guests need the page tables and registers of a virtual machine',
});
export const supervisorCases = cases.all;

const RINGS = 'hostile/supervisor.supervisor';

cases.add('supervisor guests answer as the user guests do', async (context) => {
  const echo = await context.ready('examples/echo.supervisor', { verifyRestore: true });
  const count = await context.ready('examples/wordcount.supervisor', { verifyRestore: true });
  const counter = await context.ready('examples/counter.supervisor', { verifyRestore: true });
  for (let turn = 0; turn < 3; turn++) {
    assert.equal(echo.text('echo', `hello ${turn}`), `hello ${turn}`);
    assert.equal(echo.text('reverse', 'stressed'), 'desserts');
    assert.equal(count.text('count', 'one two\nthree\n'), '2 3 14');
    assert.equal(count.text('top', 'b a b'), '2 b\n1 a\n');
    assert.equal(counter.text('count'), '1');
  }
});

cases.add('supervisor guests call the host and log', async (context) => {
  const guest = await context.ready('examples/hostcall.supervisor', { verifyRestore: true });
  assertEnds(guest.call('lookup', 'key'), { kind: 'hostCall', name: 'lookup' });
  assert.equal(outputOf(guest.answer(0, 'value')).toString(), 'value');
  assert.equal(guest.text('say', 'a line'), 'said');
  assert.deepEqual(guest.logs().lines, [{ level: 3, text: 'a line' }]);
});

cases.add('a triple fault costs a new virtual machine, and the next call works', async (context) => {
  const guest = await context.ready(RINGS, { verifyRestore: true });
  for (let turn = 1; turn <= scaled(10); turn++) {
    assert.deepEqual(guest.call('triple'), { kind: 'shutdown' });
    assert.equal(guest.text('ok'), 'ok');
    assert.equal(guest.stats.rebuilds, turn);
  }
});

cases.add('hlt in ring 0 is named, and the next call works', async (context) => {
  const guest = await context.ready(RINGS, { verifyRestore: true });
  for (let turn = 0; turn < 3; turn++) {
    assert.deepEqual(guest.call('hlt'), { kind: 'unsupported', reason: 'executed hlt' });
    assert.equal(guest.text('ok'), 'ok');
  }
});

cases.add('a loop in ring 0 is stopped by its limit, and the next call works', async (context) => {
  const guest = await context.ready(RINGS, { verifyRestore: true });
  for (let turn = 0; turn < 3; turn++) {
    assert.deepEqual(guest.call('loop', '', { timeoutMs: 20 }), { kind: 'stopped', reason: 'time' });
    assert.equal(guest.text('ok'), 'ok');
  }
});

// A KVM that emulates ring 0 notes each of its stores in the dirty ring, and more than the ring holds before it looks.
cases.add('a loop in ring 0 that writes one page for ever is put back whole', async (context) => {
  const guest = await context.ready('examples/hostcall.supervisor', { verifyRestore: true });
  for (let turn = 0; turn < scaled(12, 3); turn++) {
    const asks = guest.call('hang', '7', { timeoutMs: 40 });
    const ends = asks.kind === 'hostCall' ? guest.answer(0, '8') : asks;
    assert.deepEqual(ends, { kind: 'stopped', reason: 'time' });
    assert.equal(guest.text('say', `turn ${turn}`), 'said');
  }
  context.note(show(guest.stats));
});

/** supervisor.c's `enum slot`: what `look` reports. */
const SLOTS =
  'CR0 CR2 CR3 CR4 CR8 DR0 DR1 DR2 DR3 DR6 DR7 EFER STAR LSTAR CSTAR SFMASK FS_BASE GS_BASE KERNEL_GS_BASE PAT GDT_BASE GDT_LIMIT IDT_BASE IDT_LIMIT CS_SS DS_ES LDT_TASK FLAGS'.split(
    ' ',
  );

function registers(look: Buffer): Record<string, string> {
  return Object.fromEntries(SLOTS.map((name, i) => [name, look.readBigUInt64LE(i * 8).toString(16)]));
}

for (const plant of ['msr_plant', 'cr_plant', 'gdt_plant', 'triple', 'hlt', 'loop']) {
  cases.add(`${plant}: no register of ring 0 keeps anything of it`, async (context) => {
    const guest = await context.ready(RINGS, { verifyRestore: true });
    const look = (): Record<string, string> => registers(guest.output('look'));
    const first = look();
    for (let turn = 0; turn < scaled(10); turn++) {
      const outcome = guest.call(plant, '', plant === 'loop' ? { timeoutMs: 5 } : {});
      if (plant.endsWith('_plant')) assert.equal(outcome.kind, 'result', show(outcome));
      assert.deepEqual(look(), first);
    }
  });
}

// Some emulations of ring 0 have no SSE; they say so, and there is nothing to leak then.
cases.add('MXCSR of ring 0 is put back', async (context) => {
  const guest = await context.ready(RINGS, { verifyRestore: true });
  const before = guest.call('mxcsr');
  if (before.kind === 'unsupported') {
    context.note(`not tried: this KVM emulates ring 0, and the guest ${before.reason}`);
    assert.match(before.reason, /internal error of KVM/);
    return;
  }
  assert.equal(outputOf(before).readUInt32LE(), 0x1f80);
  assert.equal(guest.text('mxcsr_plant'), 'planted');
  assert.deepEqual(guest.call('mxcsr'), before);
});

cases.add('a counter in ring 0 answers 1 in every call', async (context) => {
  const guest = await context.ready('examples/counter.supervisor', { verifyRestore: true });
  for (let turn = 0; turn < scaled(200, 20); turn++) assert.equal(guest.text('count'), '1', `call ${turn}`);
});
