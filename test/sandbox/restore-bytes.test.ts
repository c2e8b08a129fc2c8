/** What one call that wrote much leaves to the calls after it: a bounded number of pages, whatever came before. */
import test, { type ExecutionContext } from 'ava';
import { words } from '../conformance/guest.js';
import { type ReadyGuest, readyGuest, scaled, UNDER_QEMU } from '../support/sandbox.js';

const PAGE = 4096;
/** As native/memory/sticky_set.cc has it: what may be copied for nothing before the set is learned anew, in pages. */
const LEAST_WASTE = 2048;
const WASTE = 2;
/** A set of fewer pages is not learned anew. */
const SMALL = 32;
/** Estimates come from samples, and the last restore before the set is learned anew goes beyond the bound. */
const SLACK = 1.25;

interface Heap {
  readonly guest: ReadyGuest;
  readonly pages: number;
  /** A call that writes so many pages of the heap. */
  write(pages: number): void;
  /** A call that writes nothing of the heap; gives how many pages its own restore and the next one put back. */
  idle(): number;
}

async function withHeap(t: ExecutionContext, heapBytes: number): Promise<Heap> {
  const guest = await readyGuest(t, 'conformance/probe', { config: { heapBytes } });
  const { gva, bytes } = guest.snapshot.layout.heap;
  const first = gva + BigInt(PAGE); // Initialise wrote the page before: see guest/conformance/probe.c
  return {
    guest,
    pages: bytes / PAGE - 1,
    write: (pages) => {
      const dirty = guest.output('touch', words(first, first + BigInt(pages * PAGE)));
      t.is(dirty.readBigUInt64LE(), 0n, 'all of it had been put back');
    },
    idle: () => {
      t.is(guest.output('touch', words(first, first)).readBigUInt64LE(), 0n);
      return guest.stats.stickyPages;
    },
  };
}

/** Pages that `calls` calls which write nothing had put back, the first of which is what the call before them wrote. */
function wasted(heap: Heap, calls: number): number {
  let pages = 0;
  heap.idle();
  for (let call = 0; call < calls; call++) pages += Math.max(0, heap.idle() - SMALL);
  return pages;
}

test('a first call that wrote 64 MiB has 60 calls after it put back twice that at most', async (t) => {
  const heap = await withHeap(t, UNDER_QEMU ? 16 << 20 : 64 << 20);
  heap.write(heap.pages);
  const pages = wasted(heap, 60);
  t.log(`${heap.pages} pages written, ${pages} put back for nothing`);
  t.true(pages <= heap.pages * WASTE * SLACK, `${pages} pages`);
});

test('so does each of several such calls among small ones, also after many in a row', async (t) => {
  const heap = await withHeap(t, 16 << 20);
  for (const inARow of [1, 1, 20, 1]) {
    for (let call = 0; call < inARow; call++) heap.write(heap.pages);
    const pages = wasted(heap, 60);
    t.true(pages <= heap.pages * WASTE * SLACK, `${pages} pages after ${inARow} calls`);
  }
});

test('a call of two MiB has less than ten put back for nothing', async (t) => {
  const heap = await withHeap(t, 4 << 20);
  heap.write(512);
  const pages = wasted(heap, 60);
  t.true(pages <= (LEAST_WASTE + 512) * SLACK, `${pages} pages`);
});

test('a function that writes its pages in every call, or in every other, keeps them in the set', async (t) => {
  const heap = await withHeap(t, 4 << 20);
  for (let call = 0; call < scaled(300, 100); call++) {
    heap.write(512);
    if (call > 0) t.true(heap.guest.stats.stickyPages >= 512, `call ${call}`);
  }
  for (let call = 0; call < scaled(100, 40); call++) {
    t.true(heap.idle() >= 512, `turn ${call}`);
    heap.write(512);
  }
});
