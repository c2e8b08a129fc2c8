/** What calls have cost and how they ended, counted as they end. */
import type { ErrorCode } from '../base/errors.js';
import type { CallCost } from '../wire/protocol.js';
import { Histogram } from './histogram.js';

/** How a quantity is distributed over calls; percentiles are at most 3 % off. All 0 while there was none. */
export interface Distribution {
  /** How many calls it was measured for. */
  readonly count: number;
  /** The least value. */
  readonly min: number;
  /** The average. */
  readonly mean: number;
  /** Half of the values are at most this. */
  readonly p50: number;
  /** 90 % of the values are at most this. */
  readonly p90: number;
  /** 99 % of the values are at most this. */
  readonly p99: number;
  /** The greatest value. */
  readonly max: number;
}

/** What the calls of one function, or of all, have cost and how they ended. */
export interface CallStats {
  /** How many calls have ended, in whatever way. */
  readonly calls: number;
  /** How many of these calls failed, by code. */
  readonly errors: Readonly<Partial<Record<ErrorCode, number>>>;
  /** Microseconds from `call` to the moment a worker began with it. */
  readonly queueUs: Distribution;
  /** Microseconds the guest ran; waiting for a host function does not count. */
  readonly runUs: Distribution;
  /** Microseconds before that to put the call's sandbox back to the snapshot: for what calls before it wrote. */
  readonly restoreUs: Distribution;
  /** How many pages had to be put back before a call. */
  readonly dirtyPages: Distribution;
  /** How many calls got a used sandbox that was put back; the others got a new one. */
  readonly restores: number;
  /** How many host functions were called. */
  readonly hostCalls: number;
}

/** Counts calls; `stats` gives what it has counted. */
export class Recorder {
  #calls = 0;
  #restores = 0;
  #hostCalls = 0;
  readonly #errors = new Map<ErrorCode, number>();
  readonly #queueUs = new Histogram();
  readonly #runUs = new Histogram();
  readonly #restoreUs = new Histogram();
  readonly #dirtyPages = new Histogram();

  /** Counts a call that ran; it was made at `submittedUs`. */
  ran(cost: CallCost, submittedUs: number): void {
    if (cost.startedUs === 0) return;
    this.#queueUs.record(cost.startedUs - submittedUs);
    this.#runUs.record(cost.runUs);
    this.#restoreUs.record(cost.restoreUs);
    this.#dirtyPages.record(cost.stickyPages);
    if (cost.restores > 0) this.#restores += 1;
  }

  /** Counts a call that ended, with that code if it failed. */
  ended(code?: ErrorCode): void {
    this.#calls += 1;
    if (code !== undefined) this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
  }

  calledHost(): void {
    this.#hostCalls += 1;
  }

  /** Counts what another has counted. */
  add(other: Recorder): void {
    this.#calls += other.#calls;
    this.#restores += other.#restores;
    this.#hostCalls += other.#hostCalls;
    for (const [code, count] of other.#errors) this.#errors.set(code, (this.#errors.get(code) ?? 0) + count);
    this.#queueUs.add(other.#queueUs);
    this.#runUs.add(other.#runUs);
    this.#restoreUs.add(other.#restoreUs);
    this.#dirtyPages.add(other.#dirtyPages);
  }

  get stats(): CallStats {
    return {
      calls: this.#calls,
      errors: Object.fromEntries(this.#errors),
      queueUs: distribution(this.#queueUs),
      runUs: distribution(this.#runUs),
      restoreUs: distribution(this.#restoreUs),
      dirtyPages: distribution(this.#dirtyPages),
      restores: this.#restores,
      hostCalls: this.#hostCalls,
    };
  }
}

function distribution(histogram: Histogram): Distribution {
  return {
    count: histogram.count,
    min: histogram.min,
    mean: Math.round(histogram.mean * 10) / 10,
    p50: histogram.percentile(0.5),
    p90: histogram.percentile(0.9),
    p99: histogram.percentile(0.99),
    max: histogram.max,
  };
}
