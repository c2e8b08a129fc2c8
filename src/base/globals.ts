/**
 * The global functions that the engine uses, as they were when it was loaded. A test that fakes timers, or a
 * program that replaces a global, does so for its own code; snapvm keeps the real ones. Timers come from
 * `node:timers`, so that they are real even if the globals were faked before snapvm was loaded. biome.json
 * refuses these names elsewhere.
 */
import { performance } from 'node:perf_hooks';
import timers from 'node:timers';
import timerPromises from 'node:timers/promises';
import { types } from 'node:util';

export const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate } = timers;

/** Resolves in the next turn of the event loop. */
export const nextTurn: () => Promise<void> = timerPromises.setImmediate;

/** Milliseconds of a clock that only goes forwards. */
export const now: () => number = performance.now.bind(performance);

/** The same clock as the addon's: CLOCK_MONOTONIC in seconds and nanoseconds. */
export const hrtime: () => [seconds: number, nanoseconds: number] = process.hrtime.bind(process);

/** Aborts when one of the signals does. */
export const anySignal: (signals: AbortSignal[]) => AbortSignal = AbortSignal.any.bind(AbortSignal);

const report = queueMicrotask;

const { now: wallClock, prototype: dates } = Date;
const { getTime } = dates;

const { random: randomNumber } = Math;

/** A random number from 0 up to, not including, 1; no secret is made of it. */
export function random(): number {
  return randomNumber();
}

/** Milliseconds since 1970. */
export function wallMs(): number {
  return wallClock();
}

const Wall = Date;

/** A time as `2026-01-31T12:00:00.000Z`. @param ms Milliseconds since 1970. */
export function isoTime(ms: number): string {
  return new Wall(ms).toISOString();
}

/** The time of a Date of any realm, in milliseconds since 1970; NaN if the value is not a Date. */
export function msOfDate(value: unknown): number {
  return types.isDate(value) ? getTime.call(value) : Number.NaN;
}

/**
 * Runs `action` after the code that runs now. An error it throws is an uncaught exception. It waits by
 * `await`, which belongs to the language and cannot be faked.
 */
export function soon(action: () => void): void {
  void afterwards(action);
}

async function afterwards(action: () => void): Promise<void> {
  await undefined;
  try {
    action();
  } catch (error) {
    report(() => {
      throw error;
    });
  }
}
