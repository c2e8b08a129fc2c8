/** Snapshots built from an ELF file and its data, and loaded from a store. */
import { randomFillSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine, type GuestEnvironment } from '../../src/index.js';
import { Snapshot } from '../../src/snapshot/snapshot.js';
import { measureApart, measureAsync } from '../harness/measure.js';
import type { Suite, Variant } from '../harness/suite.js';
import { BENCH, MIB } from './guests.js';

const SIZES_MIB = [1, 16, 128];

/** An image of about that size with nothing in it that compresses, and no page that is zero. */
function guestOf(mib: number): GuestEnvironment {
  return { elf: BENCH, initData: randomFillSync(new Uint8Array(mib * MIB)) };
}

function build(name: string, mib: number, environment: () => GuestEnvironment, heapBytes?: number): Variant {
  return {
    name,
    slow: mib > 16,
    open: async () => {
      const given = environment();
      return {
        round: async (budgetMs) => ({
          ...(await measureAsync(budgetMs, async () => {
            const snapshot = await Snapshot.build(given, heapBytes === undefined ? {} : { heapBytes });
            snapshot.close();
          })),
        }),
        close: () => {},
      };
    },
  };
}

export const snapshotBuild: Suite = {
  name: 'snapshot_build',
  title: 'a snapshot from an ELF file, by the size of its image: laid out, copied, hashed',
  figure: 'p50_us',
  beside: ['p99_us'],
  variants: () => [
    ...SIZES_MIB.map((mib) => build(`${mib} MiB`, mib, () => guestOf(mib))),
    build('1 GiB, zeros', 1, () => ({ elf: BENCH }), 1024 * MIB),
  ],
};

export const snapshotLoad: Suite = {
  name: 'snapshot_load',
  title: 'a function defined from a store that has its ready snapshot, by the size of its image',
  figure: 'p50_us',
  beside: ['p99_us'],
  variants: () =>
    SIZES_MIB.map((mib) => ({
      name: `${mib} MiB`,
      slow: mib > 16,
      open: async () => {
        const store = await mkdtemp(join(tmpdir(), 'snapvm-bench-'));
        const engine = await Engine.start({ workers: 1, store });
        const guest = guestOf(mib);
        await engine.define('loaded', guest); // which saves it
        await engine.undefine('loaded');
        return {
          round: (budgetMs) =>
            measureApart(
              budgetMs,
              () => (engine.get('loaded') === undefined ? undefined : engine.undefine('loaded')),
              async () => {
                const handle = await engine.define('loaded', guest);
                if (!handle.loaded) throw new Error('it did not come from the store');
              },
            ),
          close: async () => {
            await engine.close();
            await rm(store, { recursive: true });
          },
        };
      },
    })),
};
