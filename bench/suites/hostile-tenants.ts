/** Victims beside tenants that attack the main thread, and beside honest ones with as much guest time. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Engine, type FunctionHandle, type JsHandle, type Logger } from '../../src/index.js';
import { measureAsync } from '../harness/measure.js';
import { round } from '../harness/statistics.js';
import type { Figures, Suite } from '../harness/suite.js';
import { echo } from './end-to-end.js';
import { BENCH } from './guests.js';

const TENANTS = 16;
const WARM_UP_MS = 100;
const NS_PER_MS = 1e6;
/** A round is so many times as long as another suite's: its p99 needs thousands of calls. */
const ROUND_FACTOR = 30;
/** Functions with one call each on its way: a turn of all tenants gives so many samples. */
const VICTIMS = 64;
/** Of a call of an attacker that never ends. */
const TIMEOUT_MS = 5;
const LONG_MS = 60_000;
/** Until it is known better, an honest tenant's loops in a microsecond of guest time. */
const LOOPS_PER_US = 10;
/** In a bundle as large as fits: what is looked up in it for every frame costs the more. */
const PADDING = `export const padding = () => ${JSON.stringify('x'.repeat(400_000))};`;
const HONEST =
  'export default (n) => { let x = 0; for (let i = 0; i < n; i++) x = (x * 31 + i) | 0; return x; };';

interface Attack {
  /** What is done once, so that it takes no guest time of a call. */
  readonly module?: string;
  readonly body: string;
  /** What the call ends with; absent: it answers. */
  readonly code?: string;
  readonly timeoutMs?: number;
}

/** Each has the main thread do as much as it can, with little guest time; one has it read what takes longest. */
const ATTACKS: readonly Attack[] = [
  {
    module: "const frames = '    at a (function.js)\\n'.repeat(300);",
    body: 'console.log(frames);',
  },
  {
    module: "const frames = '    at a (function.js)\\n'.repeat(200);",
    body: "const e = new Error('x'); e.stack = frames; throw e;",
    code: 'SNAPVM_JS_ERROR',
  },
  {
    module: 'const bytes = Array.from({ length: 2000 }, () => new Uint8Array(1));',
    body: 'return bytes;',
  },
  { body: "for (let i = 0; i < 200; i++) console.log('x');" },
  {
    module: "const objects = Array.from({ length: 500 }, (_, i) => ({ ['k' + i]: i }));",
    body: 'for (let i = 0; i < 3; i++) await host.answer(i, objects);',
  },
  { body: 'const f = () => 1 + f(); return f();', code: 'SNAPVM_JS_RECURSION' },
  {
    module: "const fields = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => ['k' + i, i]));",
    body: 'return fields;',
  },
  {
    module: "const objects = Array.from({ length: 3000 }, (_, i) => ({ ['k' + i]: i }));",
    body: 'return objects;',
  },
  { module: 'const small = Array.from({ length: 5000 }, () => ({}));', body: 'return small;' },
  { body: 'for (;;);', code: 'SNAPVM_CALL_TIMEOUT', timeoutMs: TIMEOUT_MS },
  { module: 'const objects = Array.from({ length: 100_000 }, () => ({}));', body: 'return objects;' },
];

interface Tenant {
  readonly handle: JsHandle;
  call(): Promise<void>;
}

/** Reads nothing, but has lines decoded and mapped. */
const ignore = (): void => {};
const logger: Logger = { error: ignore, warn: ignore, info: ignore, debug: ignore, trace: ignore };

async function attacker(engine: Engine, index: number): Promise<Tenant> {
  const { module = '', body, code, timeoutMs = LONG_MS } = ATTACKS[index % ATTACKS.length] as Attack;
  const js = `${module} export default async () => { ${body} };\n${PADDING}`;
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
    return us / calls;
  });
  return {
    stop: () => {
      stopped = true;
      return Promise.all(loops);
    },
  };
}

/** Gives a mean call's guest time of each tenant, too. */
async function beside(tenants: readonly Tenant[], victims: readonly FunctionHandle[], budgetMs: number) {
  const idle = [...victims];
  const call = async (): Promise<void> => {
    const victim = idle.pop() as FunctionHandle;
    await echo(victim);
    idle.push(victim);
  };
  const running = begin(tenants);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const figures = await measureAsync(budgetMs, call, victims.length).finally(() => delay.disable());
  return { figures, eventLoopMs: delay.max / NS_PER_MS, meanUs: await running.stop() };
}

/** Spends as much guest time in a call as an attacker. */
class HonestTenant implements Tenant {
  readonly handle: JsHandle;
  #loopsPerUs = LOOPS_PER_US;
  #loops = 1;

  constructor(handle: JsHandle) {
    this.handle = handle;
  }

  readonly call = async (): Promise<void> => void (await this.handle.call(this.#loops));

  /** Its next calls take `us`. */
  takes(us: number): void {
    this.#loops = Math.ceil(us * this.#loopsPerUs);
  }

  /** Its calls took `us`: beside others, as those of the attackers do. */
  took(us: number): void {
    this.#loopsPerUs = this.#loops / us;
  }
}

async function round16(
  attackers: readonly Tenant[],
  honest: readonly HonestTenant[],
  victims: readonly FunctionHandle[],
  budgetMs: number,
): Promise<Figures> {
  const worst = await beside(attackers, victims, budgetMs / 2);
  for (const [i, tenant] of honest.entries()) tenant.takes(worst.meanUs[i] as number);
  const best = await beside(honest, victims, budgetMs / 2);
  for (const [i, tenant] of honest.entries()) tenant.took(best.meanUs[i] as number);
  const [attacked, quiet] = [worst, best].map(({ figures }) => figures['p99_us'] as number) as [
    number,
    number,
  ];
  return {
    ...worst.figures,
    honest_p99_us: quiet,
    tail: round(attacked / quiet, 3),
    event_loop_ms: round(worst.eventLoopMs),
    honest_loop_ms: round(best.eventLoopMs),
    honest_time: round(sum(best.meanUs) / sum(worst.meanUs), 3),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

export const hostileTenants: Suite = {
  name: 'hostile_tenants',
  warmUpMs: WARM_UP_MS,
  title: 'echoes beside 16 tenants that attack the main thread, over beside 16 that use as much guest time',
  figure: 'tail',
  beside: [
    'event_loop_ms',
    'honest_loop_ms',
    'p99_us',
    'honest_p99_us',
    'p50_us',
    'honest_time',
    'calls_per_s',
  ],
  variants: () => [
    {
      name: 'attackers',
      open: async () => {
        const answer = (input: Uint8Array): Uint8Array => input;
        const engine = await Engine.start({ workers: 2, hostFunctions: { answer }, logger });
        const victims: FunctionHandle[] = [];
        for (let i = 0; i < VICTIMS; i++) victims.push(await engine.define(`victim-${i}`, { elf: BENCH }));
        const attackers: Tenant[] = [];
        const honest: HonestTenant[] = [];
        for (let i = 0; i < TENANTS; i++) {
          attackers.push(await attacker(engine, i));
          const handle = await engine.define(`honest-${i}`, { js: HONEST }, { timeoutMs: LONG_MS });
          honest.push(new HonestTenant(handle));
        }
        return {
          round: (budgetMs) => round16(attackers, honest, victims, budgetMs * ROUND_FACTOR),
          close: () => engine.close(),
        };
      },
    },
  ],
};
