/** The backends beside each other: the same guests, the same memory to put back. */

import type { Backend } from '../../src/base/backend-name.js';
import { BACKENDS } from '../../src/base/backend-name.js';
import { probeBackend } from '../../src/engine/backend.js';
import { Engine } from '../../src/index.js';
import { measureApart, measureAsync } from '../harness/measure.js';
import { type Figures, Skip, type Subject, type Suite, type Variant } from '../harness/suite.js';
import { openInThread } from './call.js';
import { echo, RUN_IN_MS, WARM_UP_MS } from './end-to-end.js';
import { BENCH, Callee, MIB, PAGE, PAYLOAD, readyGuest, touchInput } from './guests.js';
import { systemBytes } from './memory.js';

const FLOOR_RUNS = 4000;
const PAGES = [8, 64, 512];
const IN_FLIGHT = 64;
const SANDBOXES = 100;
const JS = { js: 'export default (input) => input' } as const;

/** One variant for each backend, `kvm, WHAT` and `process, WHAT`. */
export function ofEach(
  what: string,
  open: (backend: Backend) => Promise<Subject>,
  more: Pick<Variant, 'floor' | 'slow'> = {},
): Variant[] {
  return BACKENDS.map((backend) => ({
    name: `${backend}, ${what}`,
    group: what,
    ...more,
    open: async () => {
      const report = await probeBackend(backend);
      if (report.error !== undefined) throw new Skip(report.error.message);
      return await open(backend);
    },
  }));
}

/** A call in the thread of its sandbox, and the floor with as many pages to put back. */
function inThread(what: string, call: (callee: Callee) => void, slow = false): Variant[] {
  const floor = ({ dirty_pages = 1 }: Figures) => ({ threads: 1, pages: dirty_pages, runs: FLOOR_RUNS });
  return ofEach(what, (backend) => openInThread(4 * MIB, call, backend), { floor, slow });
}

export const backendsCall: Suite = {
  name: 'backends_call',
  title: 'restore + call in the thread of the sandbox on each backend, over the floor of KVM',
  figure: 'p50_us',
  runInMs: 50,
  over: 'invoke_us',
  beside: ['p99_us', 'calls_per_s', 'dirty_pages'],
  variants: () => [
    ...inThread('echo', (callee) => callee.call(PAYLOAD, 'echo', PAYLOAD.length)),
    ...PAGES.flatMap((pages) => {
      const input = touchInput(pages, PAGE);
      return inThread(`${pages} pages`, (callee) => callee.call(input, 'touch', 0), pages !== 64);
    }),
  ],
};

async function throughput(backend: Backend, source: typeof JS | { readonly elf: string }): Promise<Subject> {
  const engine = await Engine.start({ backend });
  const call =
    'js' in source
      ? await engine.define('f', source).then((handle) => async () => void (await handle.call('x')))
      : await engine.define('f', source).then((handle) => () => echo(handle));
  return { round: (budgetMs) => measureAsync(budgetMs, call, IN_FLIGHT), close: () => engine.close() };
}

export const backendsThroughput: Suite = {
  name: 'backends_throughput',
  title: 'calls a second through the public API on each backend, 2 workers, 64 in flight',
  warmUpMs: WARM_UP_MS,
  runInMs: RUN_IN_MS,
  figure: 'calls_per_s',
  beside: ['p50_us', 'p99_us'],
  variants: () => [
    ...ofEach('echo', (backend) => throughput(backend, { elf: BENCH })),
    ...ofEach('JavaScript', (backend) => throughput(backend, JS)),
  ],
};

/** Makes a sandbox and calls it once, which has it touch its first pages. */
async function create(backend: Backend): Promise<Subject> {
  const guest = await readyGuest({}, backend);
  return {
    round: (budgetMs) =>
      measureApart(
        budgetMs,
        () => {},
        () => {
          const callee = new Callee(guest.descriptor, backend);
          callee.call(PAYLOAD, 'echo', PAYLOAD.length);
          callee.sandbox.close();
        },
      ),
    close: () => guest.close(),
  };
}

export const backendsCreate: Suite = {
  name: 'backends_create',
  title: 'a sandbox made, called once and closed on each backend',
  figure: 'p50_us',
  beside: ['p99_us', 'calls_per_s'],
  variants: () => ofEach('warm', create),
};

/** Makes some more sandboxes in each round, calls each twice, and keeps them. */
async function memory(backend: Backend): Promise<Subject> {
  const guest = await readyGuest({}, backend);
  const held: Callee[] = [];
  return {
    round: async () => {
      const before = await systemBytes();
      for (let i = 0; i < SANDBOXES; i++) {
        const callee = new Callee(guest.descriptor, backend);
        for (let call = 0; call < 2; call++) callee.call(PAYLOAD, 'echo', PAYLOAD.length);
        held.push(callee);
      }
      return {
        system_bytes: Math.round(((await systemBytes()) - before) / SANDBOXES),
        counted_bytes: held[0]?.sandbox.stats.residentBytes ?? 0,
      };
    },
    close: () => {
      for (const { sandbox } of held) sandbox.close();
      guest.close();
    },
  };
}

export const backendsMemory: Suite = {
  name: 'backends_memory',
  title:
    "bytes of the system's memory that a further sandbox takes on each backend, and what the engine counts",
  figure: 'system_bytes',
  beside: ['counted_bytes'],
  variants: () => ofEach('sandbox', memory),
};
