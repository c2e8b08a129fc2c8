// Guests in ring 0: the same machinery without a monitor. Emulated on the development machine, native elsewhere.
import test from 'ava';
import { readyGuest, scaled, show } from './support/sandbox.js';

test('supervisor guests answer as the user guests do', async (t) => {
  const echo = await readyGuest(t, 'examples/echo.supervisor', { verifyRestore: true });
  const words = await readyGuest(t, 'examples/wordcount.supervisor', { verifyRestore: true });
  const counter = await readyGuest(t, 'examples/counter.supervisor', { verifyRestore: true });
  for (let turn = 0; turn < 3; turn++) {
    t.is(echo.text('echo', `hello ${turn}`), `hello ${turn}`);
    t.is(echo.text('reverse', 'stressed'), 'desserts');
    t.is(words.text('count', 'one two\nthree\n'), '2 3 14');
    t.is(words.text('top', 'b a b'), '2 b\n1 a\n');
    t.is(counter.text('count'), '1');
  }
});

test('supervisor guests call the host and log', async (t) => {
  const guest = await readyGuest(t, 'examples/hostcall.supervisor', { verifyRestore: true });
  t.like(guest.call('lookup', 'key'), { kind: 'hostCall', name: 'lookup' });
  const answered = guest.answer(0, 'value');
  t.is(answered.kind === 'result' ? Buffer.from(answered.output).toString() : show(answered), 'value');
  t.is(guest.text('say', 'a line'), 'said');
  t.deepEqual(guest.logs().lines, [{ level: 3, text: 'a line' }]);
});

test('a triple fault costs a new virtual machine, and the next call works', async (t) => {
  const guest = await readyGuest(t, 'hostile/supervisor.supervisor', { verifyRestore: true });
  for (let turn = 1; turn <= scaled(20); turn++) {
    t.deepEqual(guest.call('triple'), { kind: 'shutdown' });
    t.is(guest.text('ok'), 'ok');
    t.is(guest.stats.rebuilds, turn);
  }
});

test('hlt in ring 0 is named, and the next call works', async (t) => {
  const guest = await readyGuest(t, 'hostile/supervisor.supervisor', { verifyRestore: true });
  for (let turn = 0; turn < 3; turn++) {
    t.deepEqual(guest.call('hlt'), { kind: 'unsupported', reason: 'executed hlt' });
    t.is(guest.text('ok'), 'ok');
  }
});

test('a loop in ring 0 is stopped by its limit, and the next call works', async (t) => {
  const guest = await readyGuest(t, 'hostile/supervisor.supervisor', { verifyRestore: true });
  for (let turn = 0; turn < 3; turn++) {
    t.deepEqual(guest.call('loop', '', { timeoutMs: 20 }), { kind: 'stopped', reason: 'time' });
    t.is(guest.text('ok'), 'ok');
  }
});

/** supervisor.c's `enum slot`: what `look` reports. */
const SLOTS =
  'CR0 CR2 CR3 CR4 CR8 DR0 DR1 DR2 DR3 DR6 DR7 EFER STAR LSTAR CSTAR SFMASK FS_BASE GS_BASE KERNEL_GS_BASE PAT GDT_BASE GDT_LIMIT IDT_BASE IDT_LIMIT CS_SS DS_ES LDT_TASK FLAGS'.split(
    ' ',
  );

function registers(look: Buffer): Record<string, string> {
  return Object.fromEntries(SLOTS.map((name, i) => [name, look.readBigUInt64LE(i * 8).toString(16)]));
}

test('what ring 0 leaves in control, debug, descriptor and model-specific registers is gone in the next call', async (t) => {
  const guest = await readyGuest(t, 'hostile/supervisor.supervisor', { verifyRestore: true });
  const look = (): Record<string, string> => registers(guest.output('look'));
  const first = look();
  t.log(show(first));
  for (let turn = 0; turn < scaled(20); turn++) {
    for (const plant of ['msr_plant', 'cr_plant', 'gdt_plant', 'triple', 'hlt', 'loop']) {
      const outcome = guest.call(plant, '', plant === 'loop' ? { timeoutMs: 5 } : {});
      if (plant.endsWith('_plant')) t.is(outcome.kind, 'result', `${plant}: ${show(outcome)}`);
      t.deepEqual(look(), first, `after ${plant}`);
    }
  }
});

// Some emulations of ring 0 have no SSE; they say so, and there is nothing to leak then.
test('MXCSR of ring 0 is put back', async (t) => {
  const guest = await readyGuest(t, 'hostile/supervisor.supervisor', { verifyRestore: true });
  const before = guest.call('mxcsr');
  if (before.kind === 'unsupported') {
    t.log(`not tried: this KVM emulates ring 0, and the guest ${before.reason}`);
    t.regex(before.reason, /internal error of KVM/);
    return;
  }
  t.is(before.kind === 'result' ? Buffer.from(before.output).readUInt32LE() : show(before), 0x1f80);
  t.is(guest.text('mxcsr_plant'), 'planted');
  t.deepEqual(guest.call('mxcsr'), before);
});
