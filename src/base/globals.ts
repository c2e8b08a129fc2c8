/**
 * What the engine needs of the process around it, taken when it is loaded. A test that fakes timers, or a program that
 * replaces a global, means its own code: calls go on by the real ones. Timers come from `node:timers`, so that they are
 * real also where only the globals are faked, before snapvm is loaded. biome.json refuses these names everywhere else.
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

const report = queueMicrotask;

const { now: wallClock, prototype: dates } = Date;
const { getTime } = dates;

/** Milliseconds since 1970. */
export function wallMs(): number {
  return wallClock();
}

/** The moment of a Date of any realm, in milliseconds since 1970; NaN for what is none. */
export function msOfDate(value: unknown): number {
  return types.isDate(value) ? getTime.call(value) : Number.NaN;
}

/**
 * Runs `action` once what runs now has ended. What it throws is an uncaught exception. `await` is the language's own:
 * there is no global to fake.
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
