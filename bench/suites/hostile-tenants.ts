/** A victim beside tenants that attack the main thread, and beside honest ones with as much guest time. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Engine, type FunctionHandle, type JsHandle, type Logger } from '../../src/index.js';
import { measureAsync } from '../harness/measure.js';
import { round } from '../harness/statistics.js';
import type { Figures, Suite } from '../harness/suite.js';
import { echo, RUN_IN_MS, WARM_UP_MS } from './end-to-end.js';
import { BENCH } from './guests.js';

const TENANTS = 16;
const NS_PER_MS = 1e6;
/** Of a call of an attacker that never ends. */
const TIMEOUT_MS = 20;
const LONG_MS = 60_000;
const CALIBRATION_LOOPS = 100_000;
/** In a bundle as large as fits: what is looked up in it for every frame costs the more. */
const PADDING = `export const padding = () => ${JSON.stringify('x'.repeat(400_000))};`;
const HONEST =
  'export default (n) => { let x = 0; for (let i = 0; i < n; i++) x = (x * 31 + i) | 0; return x; };';

interface Attack {
  readonly body: string;
  /** What the call ends with; absent: it answers. */
  readonly code?: string;
  readonly timeoutMs?: number;
}

const ATTACKS: readonly Attack[] = [
  { body: "console.log('    at a (function.js)\\n'.repeat(1150));" },
  {
    body: "const e = new Error('x'); e.stack = '    at a (function.js)\\n'.repeat(200); throw e;",
    code: 'SNAPVM_JS_ERROR',
  },
  { body: 'return Array.from({ length: 40000 }, () => new Uint8Array(1));' },
  { body: "for (let i = 0; i < 5000; i++) console.log('x');" },
  { body: 'for (let i = 0; i < 100; i++) await host.answer(i);' },
  { body: 'const f = () => 1 + f(); return f();', code: 'SNAPVM_JS_RECURSION' },
  { body: 'return Array.from({ length: 100000 }, () => ({}));' },
  { body: 'for (;;);', code: 'SNAPVM_CALL_TIMEOUT', timeoutMs: TIMEOUT_MS },
];

interface Tenant {
  readonly handle: JsHandle;
  call(): Promise<void>;
}

/** Reads nothing, but has lines decoded and mapped. */
const ignore = (): void => {};
const logger: Logger = { error: ignore, warn: ignore, info: ignore, debug: ignore, trace: ignore };

async function attacker(engine: Engine, index: number): Promise<Tenant> {
  const { body, code, timeoutMs = LONG_MS } = ATTACKS[index % ATTACKS.length] as Attack;
  const js = `export default async () => { ${body} };\n${PADDING}`;
  const handle = await engine.define(`attacker-${index}`, { js }, { timeoutMs, hostFunctions: ['answer'] });
  return {
    handle,
    call: async () => {
      const ended = await handle.call().then(
        () => undefined,
        (error: unknown) => error as { readonly code?: string },
      );
      if (ended?.code !== code) throw new Error(`attack ${index} ended with ${String(ended)}`);
    },
  };
}

/** Calls of all tenants, one of each at a time, until `stop` is called. */
function begin(tenants: readonly Tenant[]): { stop(): Promise<readonly number[]> } {
  let stopped = false;
  const loops = tenants.map(async ({ handle, call }) => {
    let us = 0;
    let calls = 0;
    while (!stopped) {
      await call();
      us += handle.lastCost.runUs;
      calls++;
    }
    return calls === 0 ? 0 : us / calls;
  });
  return {
    stop: () => {
      stopped = true;
      return Promise.all(loops);
    },
  };
}

async function beside(tenants: readonly Tenant[], victim: FunctionHandle, budgetMs: number) {
  const running = begin(tenants);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const figures = await measureAsync(budgetMs, () => echo(victim)).finally(() => delay.disable());
  return { figures, eventLoopMs: delay.max / NS_PER_MS, meanUs: await running.stop() };
}

/** An honest tenant's loops in a microsecond of guest time. */
async function loopsPerUs(handle: JsHandle): Promise<number> {
  await handle.call(CALIBRATION_LOOPS);
  await handle.call(CALIBRATION_LOOPS);
  return CALIBRATION_LOOPS / Math.max(1, handle.lastCost.runUs);
}

export const hostileTenants: Suite = {
  name: 'hostile_tenants',
  warmUpMs: WARM_UP_MS,
  runInMs: RUN_IN_MS,
  title: 'an echo beside 16 tenants that attack the main thread, over beside 16 that use as much guest time',
  figure: 'tail',
  beside: ['event_loop_ms', 'p99_us', 'honest_p99_us', 'p50_us'],
  variants: () => [
    {
      name: 'attackers',
      open: async () => {
        const answer = (input: Uint8Array): Uint8Array => input;
        const engine = await Engine.start({ workers: 2, hostFunctions: { answer }, logger });
        const victim = await engine.define('victim', { elf: BENCH });
        const attackers: Tenant[] = [];
        const honest: JsHandle[] = [];
        for (let i = 0; i < TENANTS; i++) {
          attackers.push(await attacker(engine, i));
          honest.push(await engine.define(`honest-${i}`, { js: HONEST }, { timeoutMs: LONG_MS }));
        }
        const speed = await loopsPerUs(honest[0] as JsHandle);
        return {
          round: async (budgetMs): Promise<Figures> => {
            const worst = await beside(attackers, victim, budgetMs / 2);
            const tenants = honest.map((handle, i) => {
              const loops = Math.round(speed * (worst.meanUs[i] ?? 0));
              return { handle, call: async () => void (await handle.call(loops)) };
            });
            const best = await beside(tenants, victim, budgetMs / 2);
            const [attacked = Number.NaN, quiet = Number.NaN] = [worst, best].map(
              (of) => of.figures['p99_us'],
            );
            return {
              ...worst.figures,
              honest_p99_us: quiet,
              tail: round(attacked / quiet, 3),
              event_loop_ms: round(worst.eventLoopMs),
            };
          },
          close: () => engine.close(),
        };
      },
    },
  ],
};
