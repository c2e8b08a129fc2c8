/** How long after its limit a Linux program is stopped in the midst of a long system call. */
import { fileURLToPath } from 'node:url';
import type { Backend } from '../../src/base/backend-name.js';
import { Engine } from '../../src/index.js';
import { median, round } from '../harness/statistics.js';
import type { Subject, Suite } from '../harness/suite.js';
import { ofEach } from './backends.js';
import { MIB } from './guests.js';

/** guest/bench/lateness.c */
const PROGRAM = fileURLToPath(new URL('../../guest/bench/lateness.elf', import.meta.url));
/** As its first argument says. */
const CALLS = ['getrandom', 'read', 'write', 'truncate', 'map', 'sendfile'];
const HEAP_BYTES = 512 * MIB;
/** Limits from LIMIT_MS on, a step apart, so that they fall anywhere in a system call. */
const [LIMIT_MS, STEP_MS, STEPS] = [300, 7, 11];
const LEAST_SAMPLES = 3;

async function open(backend: Backend, name: string): Promise<Subject> {
  const engine = await Engine.start({ backend, workers: 1 });
  const program = await engine.define(
    `late in ${name}`,
    { linux: PROGRAM, args: [name] },
    { heapBytes: HEAP_BYTES, maxExits: 0xffff_ffff, cpuMs: 60_000 },
  );
  let calls = 0;
  /** Milliseconds that the program, and the host for it, ran beyond its limit. */
  const late = async (): Promise<number> => {
    const timeoutMs = LIMIT_MS + STEP_MS * (calls++ % STEPS);
    const ended = await program.call('', { timeoutMs }).then(
      () => undefined,
      (error: unknown) => error as { readonly code?: string },
    );
    if (ended?.code !== 'SNAPVM_CALL_TIMEOUT') throw new Error(`${name} ended with ${String(ended)}`);
    return program.lastCost.runUs / 1000 - timeoutMs;
  };
  return {
    round: async (budgetMs) => {
      const start = performance.now();
      const samples: number[] = [];
      while (samples.length < LEAST_SAMPLES || performance.now() - start < budgetMs)
        samples.push(await late());
      return { late_ms: round(Math.max(...samples)), p50_ms: round(median(samples)) };
    },
    close: () => engine.close(),
  };
}

export const lateness: Suite = {
  name: 'lateness',
  title: 'how long after its limit a Linux program with 512 MiB is stopped in a long system call: the worst',
  figure: 'late_ms',
  beside: ['p50_ms'],
  variants: () => CALLS.flatMap((name) => ofEach(name, (backend) => open(backend, name))),
};
