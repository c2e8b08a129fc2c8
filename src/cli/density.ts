/**
 * Measures the memory of many functions of one runtime: the runtime's pages, once, and those of each
 * function.
 */
import type { Engine } from '../engine/engine.js';
import type { FunctionHandle } from '../engine/function-handle.js';
import type { SnapshotBytes } from '../engine/snapshot-bytes.js';

/** How the tenants are defined and looked at. */
export interface DensityPlan {
  readonly tenants: number;
  /** Defines one tenant's function. */
  readonly define: (engine: Engine, tenant: number) => Promise<Pick<FunctionHandle, 'snapshotBytes'>>;
  /** Called after each. */
  readonly progress: (defined: number) => void;
}

/** What was measured, in bytes and milliseconds. */
export interface Density {
  readonly tenants: number;
  /** Image bytes of the first tenant: its own, and those of the runtime, which the others share. */
  readonly first: SnapshotBytes;
  /** Image bytes of each further one. */
  readonly further: Spread;
  /** Image bytes of all. */
  readonly total: number;
  /** Resident memory of the process before, after the first tenant, and after the last. */
  readonly rss: { readonly before: number; readonly first: number; readonly last: number };
  /** What defining took: the first tenant, with the runtime; each further one. */
  readonly defineMs: { readonly first: number; readonly further: Spread };
}

/** How the values of all tenants but the first are spread; all 0 when there is only one tenant. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly mean: number;
  readonly max: number;
}

export async function density(engine: Engine, { tenants, define, progress }: DensityPlan): Promise<Density> {
  const [sizes, times]: [SnapshotBytes[], number[]] = [[], []];
  const { rss: before } = process.memoryUsage();
  let first = before;
  for (let tenant = 0; tenant < tenants; tenant++) {
    const started = performance.now();
    const { snapshotBytes } = await define(engine, tenant);
    times.push(performance.now() - started);
    sizes.push(snapshotBytes);
    if (tenant === 0) first = process.memoryUsage().rss;
    progress(tenant + 1);
  }
  const own = sizes.map((bytes) => bytes.own);
  const firstBytes = sizes[0] ?? { own: 0, shared: 0 };
  return {
    tenants,
    first: firstBytes,
    further: spread(own.slice(1)),
    total: firstBytes.shared + own.reduce((sum, bytes) => sum + bytes, 0),
    rss: { before, first, last: process.memoryUsage().rss },
    defineMs: { first: times[0] ?? 0, further: spread(times.slice(1)) },
  };
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? 0;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / Math.max(1, sorted.length);
  return { min: at(0), median: at(sorted.length >> 1), mean, max: at(sorted.length - 1) };
}
