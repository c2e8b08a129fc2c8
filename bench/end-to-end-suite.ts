/** Calls through the public API beside the floor, each round right after one of the floor. */
import { Engine, type FunctionHandle } from '../src/index.js';
import { type FloorResult, runFloor } from './floor/floor.js';
import { ECHO, PAYLOAD_BYTES, type Plan } from './plan.js';
import { median, percentile, round } from './statistics.js';

const WORKERS = 2;
const MANY = 64;

export interface EndToEndResult {
  readonly workers: number;
  readonly in_flight: number;
  readonly calls_per_s: number;
  readonly p50_us: number;
  readonly p99_us: number;
}

export interface EndToEnd {
  /** 64 in flight over the invokes_per_s of a floor with as many threads as there are workers. */
  readonly throughput: number;
  readonly throughputSpread: readonly [least: number, most: number];
  /** Median of one in flight, minus the floor's invoke_us. */
  readonly latencyOverFloorUs: number;
  readonly latencySpread: readonly [least: number, most: number];
  readonly single: EndToEndResult;
  readonly many: EndToEndResult;
  readonly floor: { readonly invoke_us: number; readonly invokes_per_s: number };
}

/** 64-byte echo calls. */
export async function endToEnd({ rounds, calls, progress }: Plan): Promise<EndToEnd> {
  await using engine = await Engine.start({ workers: WORKERS });
  const echo = await engine.define('echo', { elf: ECHO });
  await measure(echo, MANY, calls); // warms up
  const pages = echo.lastCost.stickyPages;
  const floor = { one: [] as FloorResult[], all: [] as FloorResult[] };
  const engineRounds = { single: [] as EndToEndResult[], many: [] as EndToEndResult[] };
  for (let i = 0; i < rounds; i++) {
    progress(`endToEnd: round ${i + 1} of ${rounds}`);
    floor.all.push(await runFloor({ threads: WORKERS, pages, runs: calls }));
    engineRounds.many.push(await measure(echo, MANY, calls * WORKERS));
    floor.one.push(await runFloor({ threads: 1, pages, runs: calls }));
    engineRounds.single.push(await measure(echo, 1, calls));
  }
  const throughput = engineRounds.many.map((r, i) => r.calls_per_s / (floor.all[i]?.invokes_per_s ?? 0));
  const latency = engineRounds.single.map((r, i) => r.p50_us - (floor.one[i]?.invoke_us ?? Number.NaN));
  return {
    throughput: round(median(throughput), 3),
    throughputSpread: [round(Math.min(...throughput), 3), round(Math.max(...throughput), 3)],
    latencyOverFloorUs: round(median(latency), 1),
    latencySpread: [round(Math.min(...latency), 1), round(Math.max(...latency), 1)],
    single: middle(engineRounds.single),
    many: middle(engineRounds.many),
    floor: {
      invoke_us: round(median(floor.one.map((f) => f.invoke_us))),
      invokes_per_s: round(median(floor.all.map((f) => f.invokes_per_s)), 0),
    },
  };
}

async function measure(echo: FunctionHandle, inFlight: number, calls: number): Promise<EndToEndResult> {
  const input = new Uint8Array(PAYLOAD_BYTES).fill(0x61);
  const times = new Float64Array(calls);
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < calls) {
      const index = next++;
      const began = performance.now();
      const output = await echo.call(input);
      if (output.length !== input.length) throw new Error('the echo guest answered something else');
      times[index] = (performance.now() - began) * 1000;
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: inFlight }, caller));
  const seconds = (performance.now() - began) / 1000;
  return {
    workers: WORKERS,
    in_flight: inFlight,
    calls_per_s: round(calls / seconds, 0),
    p50_us: round(median(times)),
    p99_us: round(percentile(times, 0.99)),
  };
}

function middle(rounds: readonly EndToEndResult[]): EndToEndResult {
  const of = (pick: (one: EndToEndResult) => number): number => round(median(rounds.map(pick)));
  return {
    workers: WORKERS,
    in_flight: rounds[0]?.in_flight ?? 0,
    calls_per_s: of((r) => r.calls_per_s),
    p50_us: of((r) => r.p50_us),
    p99_us: of((r) => r.p99_us),
  };
}
