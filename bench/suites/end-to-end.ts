/** Calls through the public API. */
import { Engine, type EngineOptions, type FunctionHandle, type Policy } from '../../src/index.js';
import { measureApart, measureAsync } from '../harness/measure.js';
import type { Figures, Suite, Variant } from '../harness/suite.js';
import { BENCH, MIB, PAYLOAD } from './guests.js';

const FLOOR_RUNS = 6000;
const IN_FLIGHT = [1, 2, 8, 64, 512];
const WORKERS = [1, 2];
const QUICK_IN_FLIGHT = [1, 64];
/** How long a guest spins before it is stopped. */
const SPIN_MS = 2;
const LONG_MS = 60_000;

type Opened = { readonly engine: Engine; readonly handle: FunctionHandle };
type Round = (budgetMs: number, opened: Opened) => Figures | Promise<Figures>;

async function open(engineOptions: EngineOptions, policy: Policy, round: Round) {
  const engine = await Engine.start(engineOptions);
  const handle = await engine.define('bench', { elf: BENCH }, policy);
  return {
    round: (budgetMs: number) => round(budgetMs, { engine, handle }),
    close: () => engine.close(),
  };
}

/** @throws Error unless the guest answers with the input */
export async function echo(handle: FunctionHandle, input = PAYLOAD): Promise<void> {
  const output = await handle.call(input);
  if (output.length !== input.length) throw new Error('the echo guest answered something else');
}

/** What a call runs through in the main thread is compiled for good only after so long. */
export const WARM_UP_MS = 1000;
export const RUN_IN_MS = 200;

export const throughput: Suite = {
  name: 'throughput',
  warmUpMs: WARM_UP_MS,
  runInMs: RUN_IN_MS,
  title: 'calls a second through the public API by workers and calls in flight, 64-byte echo',
  figure: 'calls_per_s',
  over: 'invokes_per_s',
  beside: ['p50_us', 'p99_us', 'p999_us'],
  variants: () =>
    WORKERS.flatMap((workers) =>
      IN_FLIGHT.map((inFlight) => ({
        name: `${workers} × ${inFlight}`,
        slow: !QUICK_IN_FLIGHT.includes(inFlight),
        floor: ({ dirty_pages = 1 }: Figures) => ({ threads: workers, pages: dirty_pages, runs: FLOOR_RUNS }),
        open: () =>
          open({ workers }, {}, async (budgetMs, { handle }) => {
            const figures = await measureAsync(budgetMs, () => echo(handle), inFlight);
            return { ...figures, dirty_pages: handle.lastCost.stickyPages };
          }),
      })),
    ),
};

export const latency: Suite = {
  name: 'latency',
  warmUpMs: WARM_UP_MS,
  runInMs: RUN_IN_MS,
  title: 'one call at a time through the public API, 2 workers, 64-byte echo',
  figure: 'p50_us',
  over: 'invoke_us',
  beside: ['p99_us', 'p999_us', 'calls_per_s'],
  variants: () => [
    {
      name: 'echo',
      floor: ({ dirty_pages = 1 }: Figures) => ({ threads: 1, pages: dirty_pages, runs: FLOOR_RUNS }),
      open: () =>
        open({ workers: 2 }, {}, async (budgetMs, { handle }) => {
          const figures = await measureAsync(budgetMs, () => echo(handle));
          return { ...figures, dirty_pages: handle.lastCost.stickyPages };
        }),
    },
  ],
};

/** A call that calls the host once, which answers at once or after a turn of the event loop. */
export const callWithHostFunction: Suite = {
  name: 'call_with_host_function',
  warmUpMs: WARM_UP_MS,
  runInMs: RUN_IN_MS,
  title: 'a call that calls one host function with 64 bytes, which answers 64',
  figure: 'p50_us',
  beside: ['p99_us', 'calls_per_s'],
  variants: () =>
    Object.entries({
      sync: (input: Uint8Array) => input,
      async: (input: Uint8Array) => new Promise<Uint8Array>((resolve) => setImmediate(resolve, input)),
    }).map(([name, answer]) => ({
      name,
      open: () =>
        open(
          { workers: 1, hostFunctions: { answer } },
          { hostFunctions: ['answer'] },
          (budgetMs, { handle }) =>
            measureAsync(budgetMs, async () => {
              const output = await handle.call(PAYLOAD, { fn: 'ask' });
              if (output.length !== PAYLOAD.length) throw new Error('the host answered something else');
            }),
        ),
    })),
};

export const largeInputOutput: Suite = {
  name: 'large_input_output',
  title: 'an echo of much data, one call at a time',
  figure: 'p50_us',
  beside: ['p99_us', 'mib_per_s'],
  variants: () =>
    [1, 16].map((mib) => ({
      name: `${mib} MiB`,
      open: () => {
        const input = new Uint8Array(mib * MIB).fill(0x61);
        const bytes = { inputBytes: mib * MIB + 4096, outputBytes: mib * MIB + 4096 };
        return open({ workers: 1 }, bytes, async (budgetMs, { handle }) => {
          const figures = await measureAsync(budgetMs, () => echo(handle, input));
          // Each way.
          return { ...figures, mib_per_s: Math.round(mib * (figures['calls_per_s'] ?? 0)) };
        });
      },
    })),
};

/** From the moment at which a guest that spins is to stop until its call has ended. */
function stopped(name: string, stop: (opened: Opened) => Promise<number>): Variant {
  return {
    name,
    open: () =>
      open({ workers: 1 }, { timeoutMs: LONG_MS }, async (budgetMs, opened) => {
        const late: number[] = [];
        await measureApart(
          budgetMs,
          () => echo(opened.handle),
          async () => late.push(await stop(opened)),
        );
        late.sort((a, b) => a - b);
        const at = (share: number): number => (late[Math.floor(late.length * share)] ?? Number.NaN) * 1000;
        return { p50_us: at(0.5), p99_us: at(0.99), stops: late.length };
      }),
  };
}

async function ended(call: Promise<unknown>, code: string): Promise<number> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const at = performance.now();
  if ((error as { code?: string } | undefined)?.code !== code)
    throw new Error(`it ended with ${String(error)}`);
  return at;
}

export const interruptLatency: Suite = {
  name: 'interrupt_latency',
  title: 'from the moment a spinning guest is to stop until its call has ended, its sandbox put back after',
  figure: 'p50_us',
  beside: ['p99_us'],
  variants: () => [
    stopped('AbortSignal', async ({ handle }) => {
      const controller = new AbortController();
      const call = ended(handle.call('', { fn: 'spin', signal: controller.signal }), 'SNAPVM_CALL_ABORTED');
      await new Promise((resolve) => setTimeout(resolve, SPIN_MS));
      const since = performance.now();
      controller.abort();
      return (await call) - since;
    }),
    stopped('time limit', async ({ handle }) => {
      await ended(handle.call('', { fn: 'spin', timeoutMs: SPIN_MS }), 'SNAPVM_CALL_TIMEOUT');
      return handle.lastCost.runUs / 1000 - SPIN_MS; // how long the guest ran beyond it
    }),
  ],
};
