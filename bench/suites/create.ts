/** Sandboxes made and dropped, in one thread: with a new VM, and with one that a closed sandbox left. */
import { addon } from '../../src/addon/addon.js';
import { runCreate } from '../floor/floor.js';
import { measureApart } from '../harness/measure.js';
import type { Suite, Variant } from '../harness/suite.js';
import { Callee, needKvm, PAGE, readyGuest } from './guests.js';

/** More than a thread's cache of shells holds. */
const HELD = 32;
const RAW_RUNS = 1000;

type Make = () => Callee;

/** A subject that makes sandboxes of the bench guest; `round` gets how. */
function variant(
  name: string,
  round: (budgetMs: number, make: Make) => ReturnType<typeof measureApart>,
): Variant {
  return {
    name,
    open: async () => {
      const guest = await readyGuest();
      return {
        round: (budgetMs) => round(budgetMs, () => new Callee(guest.descriptor)),
        close: () => guest.close(),
      };
    },
  };
}

async function cold(budgetMs: number, make: Make): ReturnType<typeof measureApart> {
  const held: Callee[] = [];
  const figures = await measureApart(
    budgetMs,
    () => {
      if (held.length >= HELD) for (const callee of held.splice(0)) callee.sandbox.close();
      while (addon().keptMachines() > 0) held.push(make());
    },
    () => held.push(make()),
  );
  for (const callee of held) callee.sandbox.close();
  return figures;
}

async function warm(budgetMs: number, make: Make): ReturnType<typeof measureApart> {
  let last = make();
  const figures = await measureApart(
    budgetMs,
    () => last.sandbox.close(),
    () => {
      last = make();
    },
  );
  last.sandbox.close();
  return figures;
}

const createAndDrop = (budgetMs: number, make: Make): ReturnType<typeof measureApart> =>
  measureApart(
    budgetMs,
    () => {},
    () => make().sandbox.close(),
  );

/** What the engine's sandbox is made of, on nothing but KVM. */
const raw: Variant = {
  name: 'raw KVM',
  open: async () => {
    await needKvm();
    const { descriptor, close } = await readyGuest();
    const scratchPages = descriptor.memory.scratchBytes / PAGE;
    close();
    return {
      round: async () => {
        const { vm_us, shell_us, shell_least_us } = await runCreate({
          imagePages: 1024, // the least that its guest takes
          scratchPages,
          runs: RAW_RUNS,
          machines: 1,
        });
        return { p10_us: shell_least_us, p50_us: shell_us, vm_us };
      },
      close: () => {},
    };
  },
};

export const create: Suite = {
  name: 'create',
  title:
    'a sandbox: with a new VM (cold), with a cached one (warm), and the system calls that the warm one needs',
  // Slots wait for grace periods, for which a processor may have to wake up: that says nothing of either side.
  figure: 'p10_us',
  beside: ['p50_us', 'p99_us', 'vm_us'],
  variants: () => [variant('cold', cold), variant('warm', warm), raw],
};

export const createAndDropSuite: Suite = {
  name: 'create_and_drop',
  title: 'a sandbox with a cached VM, made and closed again',
  figure: 'p10_us',
  beside: ['p50_us', 'p99_us', 'calls_per_s'],
  variants: () => [variant('warm', createAndDrop)],
};
