/** What a program pays for its first call: 8 MiB written a hundred times, over its own run on Linux. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Engine } from '../../src/index.js';
import { median, round } from '../harness/statistics.js';
import type { Suite, Variant } from '../harness/suite.js';

/** guest/bench/first-touch.c */
const PROGRAM = fileURLToPath(new URL('../../guest/bench/first-touch.elf', import.meta.url));
const INPUT = 'go\n';
const LIMITS = { timeoutMs: 120_000, cpuMs: 120_000 };
const LEAST_SAMPLES = 3;

/** @returns the microseconds that it says its writes took */
function read(answer: string): number {
  const [ns, wrong] = answer.split(' ').map(Number);
  if (ns === undefined || wrong !== 0) throw new Error(`first-touch.elf answered ${answer}`);
  return ns / 1000;
}

/** In which order the pages are written. */
function variant(order: string): Variant {
  return {
    name: order,
    open: async () => {
      const engine = await Engine.start({ workers: 1 });
      let defined = 0;
      /** Of a function nobody has called: guest time of its only call, with all that the host did meanwhile. */
      const first = async (): Promise<number> => {
        const guest = { linux: PROGRAM, args: [order] };
        const program = await engine.define(`first-touch ${defined++}`, guest, { warm: 'stdin', ...LIMITS });
        const { stdout } = await program.call(INPUT);
        read(Buffer.from(stdout).toString());
        return program.lastCost.runUs;
      };
      return {
        round: async (budgetMs) => {
          const start = performance.now();
          const [guest, native, over]: [number[], number[], number[]] = [[], [], []];
          while (guest.length < LEAST_SAMPLES || performance.now() - start < budgetMs) {
            const mine = await first();
            const plain = read(execFileSync(PROGRAM, [order], { input: INPUT, encoding: 'utf8' }));
            guest.push(mine);
            native.push(plain);
            over.push(mine / plain);
          }
          return {
            first_us: round(median(guest)),
            native_us: round(median(native)),
            over_native: round(median(over)),
          };
        },
        close: () => engine.close(),
      };
    },
  };
}

export const firstTouch: Suite = {
  name: 'first_touch',
  title: "guest time of a program's first call that writes 8 MiB a hundred times, and of its run on Linux",
  figure: 'over_native',
  beside: ['first_us', 'native_us'],
  variants: () => ['up', 'down', 'scattered'].map(variant),
};
