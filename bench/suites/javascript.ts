/** JavaScript functions beside native ones: one call at a time from end to end. */
import { Engine, type FunctionHandle } from '../../src/index.js';
import { measureAsync } from '../harness/measure.js';
import type { Suite, Variant } from '../harness/suite.js';
import { echo, RUN_IN_MS, WARM_UP_MS } from './end-to-end.js';
import { BENCH } from './guests.js';

const MODULE = 'export default () => {}; export const json = ({ name }) => ({ hello: name });';

type Called = { readonly handle: Pick<FunctionHandle, 'lastCost'>; call(): Promise<unknown> };

function variant(name: string, define: (engine: Engine) => Promise<Called>): Variant {
  return {
    name,
    open: async () => {
      const engine = await Engine.start({ workers: 1 });
      const { handle, call } = await define(engine);
      return {
        round: async (budgetMs) => ({
          ...(await measureAsync(budgetMs, call)),
          dirty_pages: handle.lastCost.stickyPages,
        }),
        close: () => engine.close(),
      };
    },
  };
}

export const javascript: Suite = {
  name: 'javascript',
  warmUpMs: WARM_UP_MS,
  runInMs: RUN_IN_MS,
  title: 'JavaScript from fresh state beside the native echo, one call at a time through the public API',
  figure: 'p50_us',
  beside: ['p99_us', 'calls_per_s', 'dirty_pages'],
  variants: () => [
    variant('native echo', async (engine) => {
      const handle = await engine.define('echo', { elf: BENCH });
      return { handle, call: () => echo(handle) };
    }),
    variant('no-op', async (engine) => {
      const handle = await engine.define('js', { js: MODULE });
      return { handle, call: () => handle.call() };
    }),
    variant('JSON', async (engine) => {
      const handle = await engine.define('js', { js: MODULE });
      return { handle, call: () => handle.call({ name: 'Ada' }, { fn: 'json' }) };
    }),
  ],
};
