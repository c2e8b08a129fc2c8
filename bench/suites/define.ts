/** What the first function of an engine takes to define, and how fast what is hashed is hashed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '../../src/index.js';
import { createBlake3 } from '../../src/snapshot/blake3.js';
import { measureApart, measureSync } from '../harness/measure.js';
import type { Suite, Variant } from '../harness/suite.js';
import { BENCH, MIB, PAGE } from './guests.js';

const DEFINITIONS: Readonly<Record<string, (engine: Engine) => Promise<unknown>>> = {
  native: (engine) => engine.define('echo', { elf: BENCH }),
  JavaScript: (engine) => engine.define('greet', { js: 'export default ({ name }) => ({ hello: name });' }),
};

/** Whether there is no store, an empty one, or one that has the function. */
type Store = 'cold' | 'saving' | 'stored';

/** Each time in an engine of its own: with nothing that an earlier definition left. */
function variant(kind: string, store: Store): Variant {
  return {
    name: `${kind}, ${store}`,
    slow: store === 'saving',
    open: async () => {
      const define = DEFINITIONS[kind] as (engine: Engine) => Promise<unknown>;
      let directory = '';
      let engine: Engine | undefined;
      const fresh = async (): Promise<void> => {
        await engine?.close();
        if (directory !== '' && store === 'saving') await rm(directory, { recursive: true });
        if (store === 'saving' || directory === '')
          directory = await mkdtemp(join(tmpdir(), 'snapvm-bench-'));
        engine = await Engine.start({ workers: 1, ...(store !== 'cold' && { store: directory }) });
      };
      return {
        round: (budgetMs) => measureApart(budgetMs, fresh, () => define(engine as Engine)),
        close: async () => {
          await engine?.close();
          await rm(directory, { recursive: true });
        },
      };
    },
  };
}

/** JavaScript that is bundled, in an engine that has its runtime and its bundler already. */
function further(kind: 'text' | 'file'): Variant {
  return {
    name: `JavaScript ${kind}, further`,
    open: async () => {
      const directory = await mkdtemp(join(tmpdir(), 'snapvm-bench-'));
      const file = join(directory, 'greet.ts');
      const engine = await Engine.start({ workers: 1 });
      let js: string | { readonly file: string } = { file };
      let turn = 0;
      // Each is another: the engine has seen none of them.
      const fresh = async (): Promise<void> => {
        const source = `export default ({ name }) => ({ hello: name, turn: ${turn++} });`;
        if (kind === 'text') js = source;
        else await writeFile(file, source);
      };
      const defineIt = async (): Promise<void> => {
        await (await engine.define('greet', { js })).undefine();
      };
      await fresh();
      await defineIt();
      return {
        round: (budgetMs) => measureApart(budgetMs, fresh, defineIt),
        close: async () => {
          await engine.close();
          await rm(directory, { recursive: true });
        },
      };
    },
  };
}

export const define: Suite = {
  name: 'define',
  title:
    'the first function of an engine, the JavaScript runtime included: made, made and saved to a store, from a store; and a further one',
  figure: 'p50_us',
  beside: [],
  variants: () => [
    ...Object.keys(DEFINITIONS).flatMap((kind) =>
      (['cold', 'saving', 'stored'] as const).map((store) => variant(kind, store)),
    ),
    further('text'),
    further('file'),
  ],
};

export const hash: Suite = {
  name: 'hash',
  title: 'BLAKE3 over pages of 4 KiB, with the native package and without',
  figure: 'mib_per_s',
  beside: [],
  variants: () =>
    (['best', 'javascript'] as const).map((kind) => ({
      name: kind,
      open: async () => {
        const page = new Uint8Array(PAGE).fill(7);
        return {
          round: (budgetMs) => {
            const hasher = createBlake3(kind);
            const { calls_per_s = 0 } = measureSync(budgetMs, () => {
              for (let i = 0; i < 16; i++) hasher.update(page);
            });
            return { mib_per_s: Math.round((calls_per_s * 16 * PAGE) / MIB) };
          },
          close: () => {},
        };
      },
    })),
};
