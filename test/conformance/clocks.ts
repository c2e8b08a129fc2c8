/**
 * What guests say of their clocks before and after they were frozen, and what holds of it on every machine. No bound is a
 * guess: a guest cannot have run for longer than the host saw `define` and the call take.
 */
import assert from 'node:assert/strict';
import type { Engine, LinuxHandle } from '../../src/index.js';
import { guestPath, PATIENT } from './guest.js';

/** One clock, in nanoseconds since it began: before the guest was frozen, and in a call. */
export interface Reading {
  readonly clock: string;
  readonly before: number;
  readonly after: number;
  /** By how much it has at least moved. @default 0 */
  readonly least?: number;
}

/** What a guest found, and for how long it can have run at most: until it was frozen, and in the call. */
export interface Readings {
  readonly readings: readonly Reading[];
  readonly definedNs: number;
  readonly calledNs: number;
  readonly loaded: boolean;
}

/** Where the clocks of a guest begin: a second after its machine. */
const START_NS = 1e9;
/** What a clock counts in, where that is no nanosecond. */
const UNITS_NS: Readonly<Record<string, number>> = { uptime: 1e9, ticks: 1e7 };
const FROM_ZERO: readonly string[] = ['process', 'thread'];
/** As doubles of milliseconds, moments are off by less. */
const ROUNDING_NS = 1e3;

/** Its clocks went on from where they stood when it was frozen, by no more than it has run since. */
export function assertGoesOn({ readings, definedNs, calledNs }: Readings, makerNs = definedNs): void {
  assert.notEqual(readings.length, 0);
  for (const { clock, before, after, least = 0 } of readings) {
    const unit = UNITS_NS[clock] ?? ROUNDING_NS;
    const first = FROM_ZERO.includes(clock) ? 0 : START_NS;
    assert(before >= first - unit, `${clock} began at ${before}`);
    assert(before <= first + makerNs, `${clock} had come to ${before} in ${makerNs} ns`);
    assert(after >= before + least, `${clock} went from ${before} to ${after}: at least ${before + least}`);
    const most = before + makerNs + calledNs + unit;
    assert(after <= most, `${clock} went from ${before} to ${after}: at most ${most}`);
  }
}

/** Frozen at its first read: every clock that Linux has. */
export async function linuxReadings(engine: Engine, name: string, wait: Wait = notAtAll): Promise<Readings> {
  const source = { linux: guestPath('conformance/linux'), args: ['frozen-clocks'] };
  const policy = { warm: 'stdin', timeoutMs: PATIENT.timeoutMs, initTimeoutMs: PATIENT.timeoutMs } as const;
  return await readingsOf(
    () => engine.define(name, source, policy),
    wait,
    async (handle) => linesOf((await handle.call('x')).stdout),
  );
}

const JS = `
  const made = performance.now();
  let fired = -1;
  setTimeout(() => { fired = performance.now(); }, 20);
  const until = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  await until(1);
  const evaluated = performance.now();
  export default async () => {
    const called = performance.now();
    await until(40);
    return { made, evaluated, called, fired };
  };`;

/** A module that is evaluated, waits, and leaves a timer, which the call's own, later one must find run. */
export async function javascriptReadings(
  engine: Engine,
  name: string,
  wait: Wait = notAtAll,
): Promise<Readings> {
  const policy = { timeoutMs: PATIENT.timeoutMs, initTimeoutMs: PATIENT.timeoutMs };
  return await readingsOf(
    () => engine.define(name, { js: JS }, policy),
    wait,
    async (handle) => {
      const { made, evaluated, called, fired } = (await handle.call()) as Record<string, number>;
      const moments = { made, evaluated, called, fired };
      for (const [moment, ms] of Object.entries(moments))
        assert(typeof ms === 'number' && ms >= 0, `${moment}: ${ms}`);
      return [
        { clock: 'performance.now', before: ns(evaluated), after: ns(called) },
        { clock: 'a timer of the module', before: ns(made), after: ns(fired), least: 20e6 - ROUNDING_NS },
      ];
    },
  );
}

/** Comes between `define`, which took that many milliseconds, and the call. */
export type Wait = (definedMs: number) => Promise<void>;
const notAtAll: Wait = async () => {};

/** Longer than the guest can have run, where that is not long: a clock that counted this would be found to have. */
export const waitLonger: Wait = (definedMs) =>
  new Promise((resolve) => setTimeout(resolve, Math.min(100 + 2 * definedMs, 5000)));

/** Defines, waits, calls. */
export async function readingsOf<H extends Pick<LinuxHandle, 'loaded' | 'undefine'>>(
  define: () => Promise<H>,
  wait: Wait,
  call: (handle: H) => Promise<readonly Reading[]>,
): Promise<Readings> {
  const started = performance.now();
  const handle = await define();
  const definedMs = performance.now() - started;
  await wait(definedMs);
  const called = performance.now();
  const readings = await call(handle);
  const calledNs = ns(performance.now() - called);
  await handle.undefine();
  return { readings, definedNs: ns(definedMs), calledNs, loaded: handle.loaded };
}

/** Lines of a name and two or three numbers. */
export function linesOf(text: Uint8Array): readonly Reading[] {
  const lines = Buffer.from(text).toString('latin1').trimEnd().split('\n');
  return lines.map((line) => {
    const [clock = '', before, after, least = 0] = line.split(' ');
    return { clock, before: Number(before), after: Number(after), least: Number(least) };
  });
}

function ns(ms: number | undefined): number {
  return (ms ?? Number.NaN) * 1e6;
}
