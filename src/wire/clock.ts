import { hrtime, now } from '../base/globals.js';

export const US_PER_MS = 1000;

/** CLOCK_MONOTONIC minus `now()`, microseconds: the closest of some pairs of readings, the first are slow. */
const OFFSET_US = Math.min(
  ...Array.from({ length: 16 }, () => {
    const before = now();
    const [seconds, nanoseconds] = hrtime();
    return seconds * 1e6 + nanoseconds / 1e3 - before * 1e3;
  }),
);

/** Microseconds of CLOCK_MONOTONIC, which every thread and the addon share. */
export function monotonicUs(): number {
  return now() * 1e3 + OFFSET_US;
}
