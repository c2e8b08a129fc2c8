/** What defining a function costs: initialised, and loaded from a store; and how fast what is hashed is hashed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '../src/index.js';
import { createBlake3 } from '../src/snapshot/blake3.js';
import { ECHO, type Plan } from './plan.js';
import { median, round } from './statistics.js';

/** Median milliseconds of the first `define` of an engine. */
export interface DefineTimes {
  /** Without a store. */
  readonly cold_ms: number;
  /** With one that has nothing yet: what saving durably costs, too. */
  readonly saving_ms: number;
  /** When the store has it. */
  readonly stored_ms: number;
}

export interface DefineResult {
  readonly native: DefineTimes;
  /** The JavaScript runtime, and a function on it. */
  readonly javascript: DefineTimes;
  /** BLAKE3, pages of 4 KiB one after the other. */
  readonly blake3_mib_s: number;
  /** The same without the native package. */
  readonly blake3_javascript_mib_s: number;
}

type Define = (engine: Engine) => Promise<unknown>;

export async function define(plan: Plan): Promise<DefineResult> {
  return {
    native: await measure(plan, 'native', (engine) => engine.define('echo', { elf: ECHO })),
    javascript: await measure(plan, 'javascript', (engine) =>
      engine.define('greet', { js: 'export default ({ name }) => ({ hello: name });' }),
    ),
    blake3_mib_s: hashed('best', 64),
    blake3_javascript_mib_s: hashed('javascript', 4),
  };
}

async function measure({ rounds, progress }: Plan, name: string, what: Define): Promise<DefineTimes> {
  const times = { cold: [] as number[], saving: [] as number[], stored: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    progress(`define ${name}: round ${round + 1} of ${rounds}`);
    const store = await mkdtemp(join(tmpdir(), 'snapvm-bench-'));
    try {
      times.cold.push(await timed(what));
      times.saving.push(await timed(what, store));
      times.stored.push(await timed(what, store));
    } finally {
      await rm(store, { recursive: true });
    }
  }
  return {
    cold_ms: round(median(times.cold)),
    saving_ms: round(median(times.saving)),
    stored_ms: round(median(times.stored)),
  };
}

/** In an engine of its own: with nothing that an earlier definition left. */
async function timed(what: Define, store?: string): Promise<number> {
  const engine = await Engine.start({ workers: 1, ...(store !== undefined && { store }) });
  try {
    const started = performance.now();
    await what(engine);
    return performance.now() - started;
  } finally {
    await engine.close();
  }
}

function hashed(kind: Parameters<typeof createBlake3>[0], mib: number): number {
  const page = new Uint8Array(4096).fill(7);
  const hasher = createBlake3(kind);
  const started = performance.now();
  for (let i = 0; i < mib * 256; i++) hasher.update(page);
  hasher.digest();
  return round((mib * 1000) / (performance.now() - started), 0);
}
