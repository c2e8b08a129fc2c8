/**
 * Worker side of the `inThread` suite: restore and run, and nothing of the pool. The thread keeps one sandbox of the
 * echo guest and measures a round of calls whenever it is asked.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { SnapshotDescriptor } from '../src/snapshot/descriptor.js';
import { Sandbox } from '../workers/sandbox.js';
import { median, percentile } from './statistics.js';

export interface InThreadRound {
  /** Microseconds of one call. */
  readonly p50_us: number;
  readonly p99_us: number;
  readonly calls_per_s: number;
  readonly dirty_pages: number;
}

export interface InThreadData {
  readonly descriptor: SnapshotDescriptor;
  readonly functionIndex: number;
  readonly inputBytes: number;
}

const WARM_UP = 500;
const LIMITS = { timeoutMs: 1000, cpuMs: 0 };

function main(): void {
  const { descriptor, functionIndex, inputBytes } = workerData as InThreadData;
  const sandbox = new Sandbox(descriptor, { maxExits: 100, maxLogBytes: 0, verifyRestore: false });
  const input = new Uint8Array(inputBytes).fill(0x61);
  let ticket = 0;
  const call = (): void => {
    const exit = sandbox.call(input, functionIndex, ++ticket, LIMITS);
    if (exit.kind !== 'result' || exit.output.length !== inputBytes)
      throw new Error(`the echo guest gave ${exit.kind}`);
  };
  for (let i = 0; i < WARM_UP; i++) call();
  parentPort?.on('message', (calls: number) => parentPort?.postMessage(measure(call, sandbox, calls)));
}

function measure(call: () => void, sandbox: Sandbox, calls: number): InThreadRound {
  const times = new Float64Array(calls);
  const start = performance.now();
  let before = start;
  for (let i = 0; i < calls; i++) {
    call();
    const now = performance.now();
    times[i] = (now - before) * 1000;
    before = now;
  }
  return {
    p50_us: median(times),
    p99_us: percentile(times, 0.99),
    calls_per_s: (calls / (before - start)) * 1000,
    dirty_pages: sandbox.stats.stickyPages,
  };
}

main();
