/** A Linux program no one here wrote: frozen at its first read, and run from its start. */
import { existsSync } from 'node:fs';
import { Engine, type LinuxPolicy } from '../../src/index.js';
import { measureAsync } from '../harness/measure.js';
import { Skip, type Suite, type Variant } from '../harness/suite.js';

const BUSYBOX = '/bin/busybox';
const PROGRAM = { linux: BUSYBOX, args: ['awk', '{ n += NF } END { print NR, n }'] };
const INPUT = 'a b c\nd\n';
const OUTPUT = Buffer.from('2 4\n');

function variant(name: string, policy: LinuxPolicy): Variant {
  return {
    name,
    open: async () => {
      if (!existsSync(BUSYBOX)) throw new Skip(`${BUSYBOX} is not installed (Debian: busybox-static)`);
      const engine = await Engine.start({ workers: 1 });
      const program = await engine.define('awk', PROGRAM, policy);
      return {
        round: async (budgetMs) => ({
          ...(await measureAsync(budgetMs, async () => {
            const { stdout } = await program.call(INPUT);
            if (!OUTPUT.equals(stdout)) throw new Error('awk counted otherwise');
          })),
          dirty_pages: program.lastCost.stickyPages,
        }),
        close: () => engine.close(),
      };
    },
  };
}

export const linux: Suite = {
  name: 'linux',
  title: "busybox's awk counting words, one call at a time through the public API",
  figure: 'p50_us',
  beside: ['p99_us', 'dirty_pages'],
  variants: () => [variant('frozen at its first read', { warm: 'stdin' }), variant('from its start', {})],
};
