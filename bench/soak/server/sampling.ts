/** Samples of a server: what its process holds, and how long plain calls took. */
import { createHistogram } from 'node:perf_hooks';
import { round } from '../../harness/statistics.js';
import { cpuOf, heldBy, OthersCpu, type Resources } from '../process-state.js';
import { type Life, processesBelow } from './server-process.js';

export interface ServerSample extends Resources {
  /** Since the server that is looked at began to have load. */
  readonly seconds: number;
  /** Of the server: guests on the process backend, and bundlers. */
  readonly processes: number;
  /** Since the load began, of every kind. */
  readonly requests: number;
  readonly requests_per_s: number;
  /** Of plain echo calls, from request to answer, since the last sample. */
  readonly p50_us: number;
  readonly p99_us: number;
  /** Share of the machine's processors that others have used since the last sample. */
  readonly others_cpu: number;
}

/** Of one life of the server. */
export class ServerSampler {
  readonly samples: ServerSample[] = [];
  readonly #life: Life;
  readonly #requests: () => number;
  readonly #echo = createHistogram();
  readonly #others: OthersCpu;
  readonly #start = performance.now();
  #before: { readonly seconds: number; readonly requests: number };

  constructor(life: Life, requests: () => number) {
    this.#life = life;
    this.#requests = requests;
    this.#before = { seconds: 0, requests: requests() };
    this.#others = new OthersCpu(() => cpuOf(life.pid));
  }

  echoed(us: number): void {
    this.#echo.record(Math.max(1, Math.round(us)));
  }

  take(): ServerSample {
    const seconds = (performance.now() - this.#start) / 1000;
    const requests = this.#requests();
    const sample = {
      seconds: round(seconds, 1),
      ...heldBy(this.#life.pid),
      processes: processesBelow(this.#life.pid).length,
      requests,
      requests_per_s: Math.round((requests - this.#before.requests) / (seconds - this.#before.seconds)),
      p50_us: this.#echo.percentile(50),
      p99_us: this.#echo.percentile(99),
      others_cpu: round(this.#others.share()),
    };
    this.samples.push(sample);
    this.#before = { seconds, requests };
    this.#echo.reset();
    return sample;
  }
}
