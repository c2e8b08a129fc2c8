/** What defining a function costs: initialised, and loaded from a store; in memory; and how fast hashing is. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineTenant } from '../src/cli/bench.js';
import { density } from '../src/cli/density.js';
import { Engine } from '../src/index.js';
import { createBlake3 } from '../src/snapshot/blake3.js';
import { ECHO, type Plan } from './plan.js';
import { median, round } from './statistics.js';

export interface DefineResult {
  /** Median milliseconds of `define` without a store. */
  readonly cold_ms: number;
  /** The same with one that has nothing yet: what saving durably costs, too. */
  readonly saving_ms: number;
  /** The same when the store has it. */
  readonly stored_ms: number;
  /** The same three of a JavaScript function, the first of its engine: the runtime is made or loaded as well. */
  readonly javascript: Pick<DefineResult, 'cold_ms' | 'saving_ms' | 'stored_ms'>;
  /** Most image bytes that a JavaScript function costs beyond the first on the same runtime. */
  readonly tenant_bytes: number;
  /** BLAKE3, pages of 4 KiB one after the other. */
  readonly blake3_mib_s: number;
  /** The same without the native package. */
  readonly blake3_javascript_mib_s: number;
}

const TENANTS = 20;

type Define = (engine: Engine) => Promise<unknown>;
const native: Define = (engine) => engine.define('echo', { elf: ECHO });
const javascript: Define = (engine) => engine.define('js', { js: 'export default (value) => value' });

export async function define(plan: Plan): Promise<DefineResult> {
  plan.progress('define');
  return {
    ...(await times(plan, native)),
    javascript: await times(plan, javascript),
    tenant_bytes: await tenantBytes(),
    blake3_mib_s: hashed('best', 64),
    blake3_javascript_mib_s: hashed('javascript', 4),
  };
}

async function times(plan: Plan, what: Define): Promise<DefineResult['javascript']> {
  const all = { cold: [] as number[], saving: [] as number[], stored: [] as number[] };
  for (let round = 0; round < plan.rounds; round++) {
    const store = await mkdtemp(join(tmpdir(), 'snapvm-bench-'));
    try {
      all.cold.push(await timed(what));
      all.saving.push(await timed(what, store));
      all.stored.push(await timed(what, store));
    } finally {
      await rm(store, { recursive: true });
    }
  }
  return {
    cold_ms: round(median(all.cold)),
    saving_ms: round(median(all.saving)),
    stored_ms: round(median(all.stored)),
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

async function tenantBytes(): Promise<number> {
  const engine = await Engine.start({ workers: 1 });
  try {
    const { further } = await density(engine, { tenants: TENANTS, define: defineTenant, progress: () => {} });
    return further.max;
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
