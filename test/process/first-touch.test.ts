// A page costs the process backend a fault when it is first written: neighbours are made writable with it.
import { Context, Fixtures } from '../conformance/context.js';
import { wordAt, words } from '../conformance/guest.js';
import { PROCESSES } from '../support/processes.js';
import { testWith } from '../support/test-with.js';

const PAGE = 4096;
const PAGES = 2048;
/** A fault has the guest's process stop twice, and this thread wait for each. */
const STOPS_A_FAULT = 2;
/** One page in eight, and what else a process waits for. */
const MOST_FAULTS = PAGES / 8;

for (const order of ['touch', 'touch_down']) {
  testWith(PROCESSES, `${order}: few faults for many pages that are written in sequence`, async (t) => {
    const fixtures = new Fixtures('process');
    t.teardown(() => fixtures.close());
    const context = new Context(fixtures, (done) => t.teardown(done));
    const config = { heapBytes: (PAGES + 16) * PAGE };
    const guest = await context.ready('conformance/probe', { verifyRestore: true, config });
    const { gva } = guest.snapshot.layout.heap;
    const range = words(gva + 4096n, gva + 4096n + BigInt(PAGES * PAGE));
    guest.output('header');
    const before = process.resourceUsage().voluntaryContextSwitches;
    t.is(wordAt(guest.output(order, range), 0), 0n);
    const waits = process.resourceUsage().voluntaryContextSwitches - before;
    t.log(`waited ${waits} times for ${PAGES} pages`);
    t.true(waits <= MOST_FAULTS * STOPS_A_FAULT, `waited ${waits} times`);
    t.is(wordAt(guest.output(order, range), 0), 0n, 'all of them were put back');
  });
}
