/** Throughput over many functions: what it costs to change from one virtual machine to the other. */
import { Engine, type FunctionHandle } from '../../src/index.js';
import { measureAsync } from '../harness/measure.js';
import type { Suite } from '../harness/suite.js';
import { echo, RUN_IN_MS, WARM_UP_MS } from './end-to-end.js';
import { BENCH } from './guests.js';

const COUNTS = [1, 10, 100, 1000];
const IN_FLIGHT = 64;
/** Functions of variants that are measured in turn. */
const MOST_TOGETHER = 100;
const MOST_PASSES = 20;

type Choose = (call: number) => number;

function roundRobin(count: number): Choose {
  return (call) => call % count;
}

/** Zipf with exponent 1: the second is called half as often as the first. The same sequence in every run. */
function zipf(count: number): Choose {
  const shares = Float64Array.from({ length: count }, (_, i) => 1 / (i + 1));
  const sum = shares.reduce((a, b) => a + b);
  const sequence = new Uint16Array(1 << 16);
  let seed = 1;
  for (let at = 0; at < sequence.length; at++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0; // Numerical Recipes' generator
    let left = (seed / 2 ** 32) * sum;
    let chosen = 0;
    while (chosen < count - 1 && left >= (shares[chosen] ?? 0)) left -= shares[chosen++] ?? 0;
    sequence[at] = chosen;
  }
  return (call) => sequence[call & (sequence.length - 1)] ?? 0;
}

/** Until every function has the sandboxes it needs: making one takes as long as a hundred calls. */
async function settle(engine: Engine, handles: readonly FunctionHandle[]): Promise<void> {
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const { restores } = engine.stats();
    let next = 0;
    const caller = async (): Promise<void> => {
      for (let at = next++; at < handles.length; at = next++) await echo(handles[at] as FunctionHandle);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, caller));
    if (engine.stats().restores - restores === handles.length) return;
  }
}

export const manyFunctions: Suite = {
  name: 'many_functions',
  warmUpMs: WARM_UP_MS,
  runInMs: RUN_IN_MS,
  title: 'calls a second over so many functions, 2 workers, 64 in flight, 64-byte echo',
  figure: 'calls_per_s',
  beside: ['p50_us', 'p99_us', 'sandboxes'],
  variants: () =>
    COUNTS.flatMap((count) =>
      Object.entries({ 'round robin': roundRobin, ...(count > 1 && { Zipf: zipf }) }).map(
        ([kind, choose]) => ({
          name: `${count} ${kind}`,
          slow: count > MOST_TOGETHER || kind !== 'round robin',
          // Beside thousands of virtual machines of other processes nothing is as fast as alone.
          ...(count > MOST_TOGETHER && { group: `${count} ${kind}` }),
          open: async () => {
            const engine = await Engine.start({ workers: 2 });
            const handles: FunctionHandle[] = [];
            for (let i = 0; i < count; i++) handles.push(await engine.define(`echo-${i}`, { elf: BENCH }));
            const chosen = choose(count);
            let calls = 0;
            const next = (): Promise<void> => echo(handles[chosen(calls++)] as FunctionHandle);
            await settle(engine, handles);
            return {
              round: async (budgetMs: number) => ({
                ...(await measureAsync(budgetMs, next, IN_FLIGHT)),
                sandboxes: engine.stats().residents.sandboxes,
              }),
              close: () => engine.close(),
            };
          },
        }),
      ),
    ),
};
