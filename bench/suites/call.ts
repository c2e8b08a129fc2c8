/** Restore and run in one thread, without pool or message: the engine's own part of a call. */
import type { Backend } from '../../src/base/backend-name.js';
import { measureSync } from '../harness/measure.js';
import type { Subject, Suite, Variant } from '../harness/suite.js';
import { Callee, MIB, PAGE, PAYLOAD, readyGuest, touchInput } from './guests.js';

const FLOOR_RUNS = 4000;
const PAGES = [1, 8, 64, 512, 4096];
const QUICK_PAGES = [8, 512];
const IMAGES_MIB = [1, 16, 128, 1024];
const QUICK_IMAGES_MIB = [1, 1024];
/** Of a heap, so that blocks of that size fit whatever the allocator adds. */
const SLACK = 64 * 1024;

/** A call and its floor, with as many pages as the engine puts back. */
function variant(
  name: string,
  heapBytes: number,
  call: (callee: Callee) => void,
  runs = FLOOR_RUNS,
): Variant {
  return {
    name,
    floor: ({ dirty_pages = 1 }) => ({ threads: 1, pages: dirty_pages, runs }),
    open: () => openInThread(heapBytes, call),
  };
}

/** A sandbox of this thread that is called again and again. */
export async function openInThread(
  heapBytes: number,
  call: (callee: Callee) => void,
  backend?: Backend,
): Promise<Subject> {
  const guest = await readyGuest({ heapBytes }, backend);
  const callee = new Callee(guest.descriptor, backend);
  return {
    round: (budgetMs) => {
      const figures = measureSync(budgetMs, () => call(callee));
      // The set may just have been emptied, to be learned anew.
      for (let i = 0; i < 2; i++) call(callee);
      return { ...figures, dirty_pages: callee.sandbox.stats.stickyPages };
    },
    close: () => {
      callee.sandbox.close();
      guest.close();
    },
  };
}

const inThread = {
  figure: 'p50_us',
  runInMs: 50,
  over: 'invoke_us',
  beside: ['p99_us', 'calls_per_s', 'dirty_pages', 'own_us'],
} as const;

/** Every call of snapvm starts from a restored sandbox, so there is no call without one. */
export const call: Suite = {
  name: 'call',
  title: 'restore + call in the thread of the sandbox, 64-byte echo',
  ...inThread,
  variants: () => [variant('echo', MIB / 8, (callee) => callee.call(PAYLOAD, 'echo', PAYLOAD.length))],
};

export const callWithRestorePages: Suite = {
  name: 'call_with_restore_pages',
  title: 'the same by pages the guest writes in a call',
  ...inThread,
  variants: () =>
    PAGES.map((pages) => {
      const input = touchInput(pages);
      const runs = Math.min(FLOOR_RUNS, Math.ceil((FLOOR_RUNS * 64) / pages));
      const made = variant(
        `${pages}`,
        2 * MIB + pages * PAGE,
        (callee) => callee.call(input, 'touch', 0),
        runs,
      );
      return { ...made, slow: !QUICK_PAGES.includes(pages) };
    }),
};

export const callWithRestoreImage: Suite = {
  name: 'call_with_restore_image',
  title: 'the same by image size, 8 pages written all over the image',
  ...inThread,
  variants: () =>
    IMAGES_MIB.map((mib) => {
      const stride = Math.floor((mib * MIB - SLACK) / 8 / PAGE) * PAGE;
      const input = touchInput(8, stride);
      const made = variant(`${mib} MiB`, mib * MIB, (callee) => callee.call(input, 'touch', 0));
      return { ...made, slow: !QUICK_IMAGES_MIB.includes(mib) };
    }),
};
