/** JavaScript that computes: a call in a guest beside the same function in Node, in turn in one process. */
import { fileURLToPath } from 'node:url';
import { Engine } from '../../src/index.js';
import { median, round } from '../harness/statistics.js';
import type { Suite, Variant } from '../harness/suite.js';
import { TASKS } from './compute-tasks.js';

const FILE = fileURLToPath(new URL('compute-tasks.js', import.meta.url));
/** A call begins from fresh state, as every call; what the module evaluates is in the snapshot. */
const LIMITS = { timeoutMs: 120_000, initTimeoutMs: 120_000 };
const LEAST_SAMPLES = 1;
/** Of Node each time: one is short for the clock. */
const NODE_RUNS = 5;
/** Until its compiler has seen a task. */
const NODE_WARM_UP = 30;

function timed(run: () => number): { readonly us: number; readonly answer: number } {
  const start = performance.now();
  const answer = run();
  return { us: (performance.now() - start) * 1000, answer };
}

function variant([name, task]: [string, () => number]): Variant {
  return {
    name,
    open: async () => {
      const engine = await Engine.start({ workers: 1 });
      const handle = await engine.define('compute', { js: { file: FILE } }, LIMITS);
      for (let i = 0; i < NODE_WARM_UP; i++) task();
      return {
        round: async (budgetMs) => {
          const start = performance.now();
          const [guest, node, over]: [number[], number[], number[]] = [[], [], []];
          while (guest.length < LEAST_SAMPLES || performance.now() - start < budgetMs) {
            const native = Array.from({ length: NODE_RUNS }, () => timed(task));
            const before = performance.now();
            const answer = await handle.call(name);
            guest.push((performance.now() - before) * 1000);
            if (answer !== native[0]?.answer)
              throw new Error(`${name} answers ${answer}, and ${native[0]?.answer} in Node`);
            node.push(median(native.map(({ us }) => us)));
            over.push((guest.at(-1) ?? 0) / (node.at(-1) ?? 0));
          }
          return {
            p50_us: round(median(guest)),
            node_us: round(median(node)),
            over_node: round(median(over)),
          };
        },
        close: () => engine.close(),
      };
    },
  };
}

export const compute: Suite = {
  name: 'compute',
  title: 'JavaScript that computes: a call from fresh state over the same function in Node',
  figure: 'over_node',
  beside: ['p50_us', 'node_us'],
  variants: () => Object.entries(TASKS).map(variant),
};
