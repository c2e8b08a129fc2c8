/** What a further sandbox and a further tenant take, with all that the kernel keeps for them. */
import { readFileSync } from 'node:fs';
import { defineTenant } from '../../src/cli/bench.js';
import { density } from '../../src/cli/density.js';
import { Engine } from '../../src/index.js';
import { runCreate } from '../floor/floor.js';
import type { Suite, Variant } from '../harness/suite.js';
import { Callee, needKvm, PAYLOAD, readyGuest } from './guests.js';

const SANDBOXES = 150;
/** For the kernel to have freed what processes that ended have left. */
const SETTLE_MS = 500;
const TENANTS = 30;
const RAW = { imagePages: 1024, scratchPages: 128, runs: 1, machines: SANDBOXES };

/** KiB of the named lines, added up. */
function kib(file: string, ...names: readonly string[]): number {
  const text = readFileSync(file, 'latin1');
  return names.reduce(
    (sum, name) => sum + Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0),
    0,
  );
}

/**
 * What the system has in use and cannot give away. Other programs' doings are in it, and what the kernel keeps of what was
 * freed is not: only on a machine that had as many virtual machines never before is the growth what they take.
 */
function usedBytes(): number {
  const file = '/proc/meminfo';
  return (kib(file, 'MemTotal', 'Shmem') - kib(file, 'MemFree', 'Buffers', 'Cached')) * 1024;
}

/** The same, once the kernel has freed what ended before. */
export async function systemBytes(): Promise<number> {
  await settled();
  return usedBytes();
}

function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}

function residentBytes(): number {
  return kib('/proc/self/smaps_rollup', 'Rss') * 1024;
}

/** Makes some more sandboxes in each round, calls each twice, and keeps them. */
const sandbox: Variant = {
  name: 'sandbox',
  group: 'sandbox',
  open: async () => {
    const guest = await readyGuest();
    const held: Callee[] = [];
    return {
      round: async () => {
        await settled();
        const [used, resident] = [usedBytes(), residentBytes()];
        for (let i = 0; i < SANDBOXES; i++) {
          const callee = new Callee(guest.descriptor);
          for (let call = 0; call < 2; call++) callee.call(PAYLOAD, 'echo', PAYLOAD.length);
          held.push(callee);
        }
        return {
          process_bytes: Math.round((residentBytes() - resident) / SANDBOXES),
          system_bytes: Math.round((usedBytes() - used) / SANDBOXES),
          private_bytes: held[0]?.sandbox.stats.privateBytes ?? 0,
        };
      },
      close: () => {
        for (const { sandbox } of held) sandbox.close();
        guest.close();
      },
    };
  },
};

/** The same of virtual machines without an engine. */
const raw: Variant = {
  name: 'raw KVM',
  group: 'raw KVM',
  open: async () => {
    await needKvm();
    return {
      round: async () => {
        await settled();
        return { system_bytes: (await runCreate(RAW)).vm_bytes };
      },
      close: () => {},
    };
  },
};

/** A further JavaScript function: the image it adds to the runtime's. */
const tenant: Variant = {
  name: 'tenant',
  group: 'tenant',
  open: async () => ({
    round: async () => {
      await using engine = await Engine.start({ workers: 1 });
      const { first, further, defineMs } = await density(engine, {
        tenants: TENANTS,
        define: defineTenant,
        progress: () => {},
      });
      return {
        process_bytes: further.median,
        shared_bytes: first.shared,
        define_ms: defineMs.further.median,
      };
    },
    close: () => {},
  }),
};

export const memory: Suite = {
  name: 'memory',
  title:
    'bytes of a further sandbox that was called: resident in the process, its own pages of it, and of the system; a VM on nothing but KVM; a further JavaScript function',
  figure: 'process_bytes',
  beside: ['private_bytes', 'system_bytes', 'shared_bytes', 'define_ms'],
  variants: () => [sandbox, raw, tenant],
};
