/** Samples of a run: what the process and the engine hold, and how the plain echo calls went since the last. */
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Engine } from '../../src/index.js';
import { round } from '../harness/statistics.js';
import { type Held, held, OthersCpu } from './process-state.js';

export interface Sample extends Held {
  /** Since the load began. */
  readonly seconds: number;
  readonly sandboxes: number;
  readonly sandbox_bytes: number;
  /** Since the load began, of every kind. */
  readonly calls: number;
  readonly calls_per_s: number;
  /** Of the plain echo calls, from `call` to the answer, since the last sample. */
  readonly echoes: number;
  readonly p50_us: number;
  readonly p99_us: number;
  readonly p999_us: number;
  readonly max_us: number;
  /** How late timers of the main thread were, since the last sample. */
  readonly loop_p99_ms: number;
  /** The latest of them: what is longer for a call than this is the engine's doing. */
  readonly loop_max_ms: number;
  /** Share of the machine's processors that others have used since the last sample. */
  readonly others_cpu: number;
}

const LOOP_MS = 10;
const NS_PER_MS = 1e6;

export class Sampler {
  readonly samples: Sample[] = [];
  readonly #engine: Engine;
  readonly #calls: () => number;
  // A histogram, which takes the same memory for any number of calls: the tool itself must not grow.
  readonly #echo = createHistogram();
  readonly #loop = monitorEventLoopDelay({ resolution: LOOP_MS });
  readonly #others = new OthersCpu();
  readonly #start = performance.now();

  constructor(engine: Engine, calls: () => number) {
    this.#engine = engine;
    this.#calls = calls;
    this.#loop.enable();
  }

  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  echoed(us: number): void {
    this.#echo.record(Math.max(1, Math.round(us)));
  }

  /** Starts the latencies anew, without a sample. */
  forget(): void {
    this.#echo.reset();
    this.#loop.reset();
  }

  take(): Sample {
    const before = this.samples.at(-1);
    const { seconds } = this;
    const calls = this.#calls();
    const { residents } = this.#engine.stats();
    const sample: Sample = {
      seconds: round(seconds, 1),
      ...held(),
      sandboxes: residents.sandboxes,
      sandbox_bytes: residents.bytes,
      calls,
      calls_per_s: Math.round((calls - (before?.calls ?? 0)) / (seconds - (before?.seconds ?? 0))),
      echoes: this.#echo.count,
      p50_us: this.#echo.percentile(50),
      p99_us: this.#echo.percentile(99),
      p999_us: this.#echo.percentile(99.9),
      max_us: this.#echo.count === 0 ? 0 : this.#echo.max,
      loop_p99_ms: late(this.#loop.percentile(99)),
      loop_max_ms: this.#loop.count === 0 ? 0 : late(this.#loop.max),
      others_cpu: round(this.#others.share()),
    };
    this.samples.push(sample);
    this.forget();
    return sample;
  }

  close(): void {
    this.#loop.disable();
  }
}

/** The histogram has the whole time between two timers. */
function late(ns: number): number {
  return round(Math.max(0, ns / NS_PER_MS - LOOP_MS), 1);
}
