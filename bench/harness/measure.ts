/** Loops that measure for a time, not for a number of calls: what is measured differs by a factor of a million. */

import { percentile, round } from './statistics.js';
import type { Figures } from './suite.js';

const MOST_SAMPLES = 200_000;
const LEAST_SAMPLES = 3;
const samples = new Float64Array(MOST_SAMPLES);

/** One after the other. */
export function measureSync(budgetMs: number, call: () => void): Figures {
  const start = performance.now();
  let before = start;
  let count = 0;
  while (count < LEAST_SAMPLES || (before - start < budgetMs && count < MOST_SAMPLES)) {
    call();
    const now = performance.now();
    samples[count++] = (now - before) * 1000;
    before = now;
  }
  return summary(count, before - start);
}

/** `inFlight` at a time. */
export async function measureAsync(
  budgetMs: number,
  call: (index: number) => unknown,
  inFlight = 1,
): Promise<Figures> {
  const start = performance.now();
  let begun = 0;
  let count = 0;
  const caller = async (): Promise<void> => {
    for (let now = start; begun < LEAST_SAMPLES || (now - start < budgetMs && begun < MOST_SAMPLES); ) {
      const before = now === start ? performance.now() : now;
      await call(begun++);
      now = performance.now();
      samples[count++] = (now - before) * 1000;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return summary(count, performance.now() - start);
}

/** Times what `timed` does; what `untimed` does before it does not count. */
export async function measureApart<T>(
  budgetMs: number,
  untimed: () => T | Promise<T>,
  timed: (given: T) => unknown,
): Promise<Figures> {
  const start = performance.now();
  let count = 0;
  let spent = 0;
  while (count < LEAST_SAMPLES || (performance.now() - start < budgetMs && count < MOST_SAMPLES)) {
    const given = await untimed();
    const before = performance.now();
    await timed(given);
    const ms = performance.now() - before;
    spent += ms;
    samples[count++] = ms * 1000;
  }
  return summary(count, spent);
}

function summary(count: number, ms: number): Figures {
  const times = samples.subarray(0, count);
  return {
    p10_us: round(percentile(times, 0.1)),
    p50_us: round(percentile(times, 0.5)),
    p99_us: round(percentile(times, 0.99)),
    p999_us: round(percentile(times, 0.999)),
    calls_per_s: round((count * 1000) / ms, 1),
  };
}
