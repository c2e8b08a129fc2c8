// What a sandbox says of itself after a run: the memory it holds, the time its guest took, the time that is left.
import test from 'ava';
import { coldGuest, nextTicket, PATIENT, readyGuest, scaled, show } from '../support/sandbox.js';

const PAGE = 4096;
/** A ring, kvm_run and what the kernel keeps: native/kvm/vm_cache.cc. */
const SMALL = 1 << 20;

const sleepSync = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

test('resident bytes grow with the pages a guest writes, once, and do not shrink with what is put back', async (t) => {
  const guest = await readyGuest(t, 'hostile/pages');
  t.is(guest.text('check'), '0');
  const small = guest.stats.residentBytes;
  t.true(small > 0 && small < SMALL, `${small} bytes`);
  guest.call('fill');
  t.is(guest.text('check'), '0');
  const large = guest.stats.residentBytes;
  // Under AMD-V the processor writes the guest's page tables too.
  t.true(large - small >= 512 * PAGE && large - small <= 540 * PAGE, `${large - small} bytes more`);
  // Long enough for the set to be learned anew, and to shrink.
  for (let turn = 0; turn < 150; turn++) guest.call('check');
  t.true(guest.stats.stickyPages < 512, show(guest.stats));
  t.is(guest.stats.residentBytes, large);
  guest.call('fill');
  t.is(guest.text('check'), '0');
  t.is(guest.stats.residentBytes, large, 'the same pages again');
});

test('resident bytes hold the input the host wrote', async (t) => {
  const guest = await readyGuest(t, 'examples/crash', { config: { inputBytes: 1 << 20 } });
  t.is(guest.text('ok'), 'ok');
  t.is(guest.text('ok'), 'ok');
  const before = guest.stats.residentBytes;
  t.is(guest.text('ok', new Uint8Array(100 * PAGE)), 'ok');
  // The header of 64 bytes makes it a page more than the payload; one page was there before.
  t.is(guest.stats.residentBytes - before, 100 * PAGE);
  t.is(guest.text('ok', new Uint8Array(50 * PAGE)), 'ok');
  t.is(guest.stats.residentBytes - before, 100 * PAGE);
});

test('run time is that of the guest, over all its runs, without the time the host takes', async (t) => {
  const guest = await readyGuest(t, 'examples/crash');
  t.is(guest.call('loop', '', { timeoutMs: 500 }).kind, 'stopped');
  t.true(guest.stats.runUs >= 499_000, `${guest.stats.runUs} us`);
  t.is(guest.text('ok'), 'ok');
  t.true(guest.stats.runUs > 0 && guest.stats.runUs < 400_000, `${guest.stats.runUs} us`);
  const asking = await readyGuest(t, 'examples/hostcall');
  let outcome = asking.call('many', '3');
  let last = 0;
  for (let turn = 0; turn < 3; turn++) {
    t.is(outcome.kind, 'hostCall');
    t.true(asking.stats.runUs > last);
    last = asking.stats.runUs;
    sleepSync(150);
    outcome = asking.answer(0, 'x');
  }
  t.is(outcome.kind, 'result');
  t.true(asking.stats.runUs > last && asking.stats.runUs < 400_000, `${asking.stats.runUs} us`);
});

test('a call that begins with Initialise has the run time of both', async (t) => {
  const { sandbox } = await coldGuest(t, 'examples/crash');
  t.is(sandbox.initialise(nextTicket(), PATIENT).kind, 'ready');
  const { runUs } = sandbox.stats;
  t.true(runUs > 0);
  sandbox.callReady(new Uint8Array(0), 0, nextTicket(), PATIENT);
  t.true(sandbox.stats.runUs > runUs);
});

test('a guest that waits for the host has some of its time left', async (t) => {
  const guest = await readyGuest(t, 'examples/hostcall');
  const { sandbox } = guest;
  for (let turn = 0; turn < scaled(20); turn++) {
    t.is(guest.call('many', '2', { timeoutMs: 60_000 }).kind, 'hostCall');
    const first = sandbox.wallLeftUs;
    t.true(first > 0 && first <= 60e6, `${first} us`);
    sleepSync(2);
    t.is(guest.answer(0, 'x').kind, 'hostCall');
    t.true(sandbox.wallLeftUs <= first - 1000, `${sandbox.wallLeftUs} us`);
    t.is(guest.answer(0, 'x').kind, 'result');
    t.is(sandbox.wallLeftUs, 0, 'nothing waits');
  }
  const deadlineUs = Number(process.hrtime.bigint()) / 1e3 + 30e6;
  t.is(guest.call('lookup', 'x', { timeoutMs: 0, deadlineUs }).kind, 'hostCall');
  t.true(sandbox.wallLeftUs > 0 && sandbox.wallLeftUs <= 30e6);
  t.is(guest.call('lookup', 'x', { timeoutMs: 0 }).kind, 'hostCall');
  t.is(sandbox.wallLeftUs, 0, 'no limit');
});
