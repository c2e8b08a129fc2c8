/** The sticky set is learned anew now and then; no page may get lost on the way. */
import test from 'ava';
import { wordAt, words } from '../conformance/guest.js';
import { readyGuest, scaled, show } from '../support/sandbox.js';

/** Pages that "fill" writes (guest/hostile/pages.c). */
const PAGES = 512;
/**
 * Calls that write little, after one that filled: before these the set is learned anew, as some 2,048 pages were copied
 * for nothing by then (native/memory/sticky_set.cc). Which of them it is depends on a sample.
 */
const UNTIL_LEARNED = 8;

// The engine's alarms are signals, and a signal that is pending makes the kernel end the reset of the dirty ring early.
test('an alarm while the set is learned anew loses no page', async (t) => {
  const sandboxes = scaled(150, 3);
  for (let i = 0; i < sandboxes; i++) {
    const guest = await readyGuest(t, 'hostile/pages');
    guest.call('fill');
    // An alarm that is armed for about the moment of the next restore: 60 to 310 us from here.
    for (let call = 0; call < UNTIL_LEARNED; call++)
      guest.call('check', '', { timeoutMs: (60 + ((i * 37) % 250)) / 1000 });
    t.true(guest.stats.stickyPages < PAGES, show(guest.stats));
    guest.call('fill');
    t.is(guest.text('check'), '0', `sandbox ${i}`);
    guest.close();
  }
});

test('a set that has been learned anew still brings every page back', async (t) => {
  const guest = await readyGuest(t, 'hostile/pages', { verifyRestore: true });
  for (let turn = 0; turn < scaled(32, 2); turn++) {
    guest.call('fill');
    for (let call = 0; call < UNTIL_LEARNED; call++) t.is(guest.text('check'), '0');
    if (turn === 0) t.true(guest.stats.stickyPages < PAGES, show(guest.stats));
  }
});

test('after one call that wrote much, the others soon put back little again', async (t) => {
  const guest = await readyGuest(t, 'hostile/pages');
  for (let call = 0; call < 20; call++) guest.text('check');
  const { stickyPages } = guest.stats;
  guest.call('fill');
  guest.text('check');
  t.true(guest.stats.stickyPages >= PAGES, show(guest.stats));
  for (let call = 0; call < 8; call++) t.is(guest.text('check'), '0');
  t.true(guest.stats.stickyPages <= stickyPages, show(guest.stats));
});

// On KVM the pages that went through a full ring are protected anew by other means than those still in it.
test('a set larger than the dirty ring is learned anew too, and every page is found again', async (t) => {
  const heapBytes = 6 << 20;
  const guest = await readyGuest(t, 'conformance/probe', { verifyRestore: true, config: { heapBytes } });
  const { gva, bytes } = guest.snapshot.layout.heap;
  // Behind the page that Initialise wrote: see guest/conformance/probe.c.
  const range = words(gva + 4096n, gva + BigInt(bytes));
  const small = (): number => {
    guest.output('header');
    return guest.stats.stickyPages;
  };
  small();
  for (let round = 0; round < 2; round++) {
    t.is(wordAt(guest.output('touch', range), 0), 0n, `round ${round}`);
    t.true(small() >= bytes / 4096 - 1, show(guest.stats));
    let calls = 0;
    while (small() >= bytes / 4096 - 1 && calls <= 2 * UNTIL_LEARNED) calls++;
    t.true(calls <= 2 * UNTIL_LEARNED, `learned anew: ${show(guest.stats)}`);
  }
  for (const fn of ['touch', 'touch_down', 'touch']) t.is(wordAt(guest.output(fn, range), 0), 0n, fn);
  t.is(guest.stats.rebuilds, 0);
});
