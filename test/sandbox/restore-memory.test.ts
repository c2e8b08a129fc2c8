// Memory between calls: results keep, the set of pages that is put back stays bounded, and is learned anew.
import test from 'ava';
import { wordAt, words } from '../conformance/guest.js';
import { readyGuest, scaled, show, UNDER_QEMU } from '../support/sandbox.js';

/**
 * What a call of a small guest may dirty: its stack, output and data; on hardware also the page tables, in which the
 * processor marks what was used.
 */
const FEW_PAGES = 32;

test('10,000 calls in a row keep their results and a bounded set of dirty pages', async (t) => {
  const guest = await readyGuest(t, 'examples/echo', { verifyRestore: true });
  const calls = scaled(10_000);
  for (let turn = 0; turn < calls; turn++) {
    const text = `call ${turn} ${'x'.repeat(turn % 50)}`;
    const answer = guest.text('echo', text);
    if (answer !== text) t.fail(`call ${turn} answered ${answer}`);
  }
  t.log(show(guest.stats));
  t.true(guest.stats.stickyPages <= FEW_PAGES, `${guest.stats.stickyPages} pages`);
  t.is(guest.stats.rebuilds, 0);
  t.true(guest.stats.restores >= calls - 1);
});

test('a large dirty set is given up when calls no longer use it', async (t) => {
  const guest = await readyGuest(t, 'examples/crash', {
    verifyRestore: true,
    config: { heapBytes: 4 << 20 },
  });
  for (let turn = 0; turn < 2; turn++) t.is(guest.text('ok'), 'ok');
  const small = guest.stats.stickyPages;
  t.like(guest.call('loop_pages', '', { timeoutMs: UNDER_QEMU ? 10_000 : 300 }), { kind: 'stopped' });
  t.is(guest.text('ok'), 'ok');
  const large = guest.stats.stickyPages;
  t.true(large >= 900, `most of a heap of 1,024 pages was written, ${large} are known`);
  for (let turn = 0; turn < 200; turn++) t.is(guest.text('ok'), 'ok');
  t.log(`${small} pages, then ${large}, then ${guest.stats.stickyPages}`);
  t.true(guest.stats.stickyPages <= small + 4, `${guest.stats.stickyPages} pages`);
});

test('a dirty set that is used is kept, not learned again and again', async (t) => {
  const guest = await readyGuest(t, 'hostile/leak', { verifyRestore: true });
  const sizes: number[] = [];
  for (let turn = 0; turn < scaled(500, 100); turn++) {
    t.is(guest.call('plant_memory').kind, 'result');
    // What a call wrote is known when it is put back.
    if (turn > 0) sizes.push(guest.stats.stickyPages);
  }
  // Heap and stack of leak.elf: 32 + 64 pages, its data and the output buffer. None known: just learned anew, which
  // happens after 64 calls and then after twice as many each time.
  const known = sizes.filter((pages) => pages > 0);
  for (const pages of known) t.true(pages >= 100 && pages <= 140, `${pages} pages`);
  t.true(sizes.length - known.length <= 4, `learned ${sizes.length - known.length} times`);
});

test('a guest that writes more pages than the dirty ring holds is put back whole', async (t) => {
  const heapBytes = scaled(64 << 20, 20 << 20);
  const guest = await readyGuest(t, 'conformance/probe', {
    verifyRestore: true,
    config: { heapBytes: Math.ceil(heapBytes / 4096) * 4096 },
  });
  const { gva, bytes } = guest.snapshot.layout.heap;
  for (let turn = 0; turn < scaled(10, 3); turn++) {
    // Behind the page that Initialise wrote: see guest/conformance/probe.c.
    const dirty = guest.output('touch', words(gva + 4096n, gva + BigInt(bytes)));
    t.is(wordAt(dirty, 0), 0n);
    if (turn > 0) t.true(guest.stats.stickyPages >= bytes / 4096 - 1, show(guest.stats));
  }
  t.log(show(guest.stats));
  t.is(guest.stats.rebuilds, 0, 'a full ring costs no virtual machine');
});
