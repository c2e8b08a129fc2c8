/** What the demo does, apart from how it looks: each step gives what it saw and whether that proves the point. */

import { GuestThrownError, SnapvmError } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
import type { FunctionHandle } from '../engine/function-handle.js';
import { exampleGuest } from './examples.js';
import { rounded } from './output.js';

export const LOOP_LIMIT_MS = 50;
/** Beyond this a stopped loop is not stopped in time, even on a busy machine. */
const LOOP_LATEST_MS = LOOP_LIMIT_MS * 20;

export interface ManyCalls {
  readonly proved: boolean;
  readonly calls: number;
  /** Calls that wait or run at any time. */
  readonly inFlight: number;
  /** Calls that answered exactly "1". */
  readonly fresh: number;
  /** The first answer that was something else. */
  readonly wrong?: string;
  readonly ms: number;
  readonly callsPerSecond: number;
  /** Per call from end to end, waiting for a free worker included. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Calls the counter again and again: state that survived a call would show as an answer above 1. */
export async function callMany(
  counter: FunctionHandle,
  { calls, inFlight }: { readonly calls: number; readonly inFlight: number },
  progress: (done: number) => void,
): Promise<ManyCalls> {
  const times = new Float64Array(calls);
  const decoder = new TextDecoder();
  let next = 0;
  let done = 0;
  let fresh = 0;
  let wrong: string | undefined;
  const lane = async (): Promise<void> => {
    while (next < calls) {
      const index = next++;
      const began = performance.now();
      const answer = decoder.decode(await counter.call());
      times[index] = performance.now() - began;
      if (answer === '1') fresh++;
      else wrong ??= answer;
      progress(++done);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: inFlight }, lane));
  const ms = performance.now() - started;
  times.sort();
  return {
    proved: fresh === calls,
    calls,
    inFlight,
    fresh,
    ...(wrong !== undefined && { wrong }),
    ms: rounded(ms),
    callsPerSecond: Math.round((calls / ms) * 1000),
    p50Ms: rounded(percentile(times, 0.5)),
    p99Ms: rounded(percentile(times, 0.99)),
  };
}

export interface Contained {
  /** The error was the expected one, and the next call of the same function worked. */
  readonly proved: boolean;
  readonly code: string;
  readonly message: string;
  readonly symbol?: string;
  readonly ms: number;
  /** What the next call answered. */
  readonly next: string;
}

/** A write to address 0: it must come back as a typed error that names the guest's function. */
export async function crash(guest: FunctionHandle): Promise<Contained> {
  const seen = await provoke(guest, 'null_write', {});
  const { code, symbol = '', next } = seen;
  const proved = code === 'SNAPVM_GUEST_FAULT' && symbol.startsWith('null_write') && next === 'ok';
  return { proved, ...seen };
}

/** An endless loop: it must be stopped by its time limit. */
export async function endlessLoop(guest: FunctionHandle): Promise<Contained> {
  const seen = await provoke(guest, 'loop', { timeoutMs: LOOP_LIMIT_MS });
  const inTime = seen.ms >= LOOP_LIMIT_MS - 1 && seen.ms <= LOOP_LATEST_MS;
  return { proved: seen.code === 'SNAPVM_CALL_TIMEOUT' && inTime && seen.next === 'ok', ...seen };
}

export interface WordCount {
  readonly proved: boolean;
  readonly text: string;
  readonly lines: number;
  readonly words: number;
  readonly bytes: number;
}

/** A function that does something: it must count as this thread does. */
export async function countWords(engine: Engine, text: string): Promise<WordCount> {
  const wordcount = await engine.define('wordcount', { elf: exampleGuest('wordcount.elf') });
  const answer = new TextDecoder().decode(await wordcount.call(text, { fn: 'count' }));
  const [lines = Number.NaN, words = Number.NaN, bytes = Number.NaN] = answer.split(' ').map(Number);
  const expected = [text.split('\n').length - 1, text.trim().split(/\s+/).length, Buffer.byteLength(text)];
  return { proved: answer === expected.join(' '), text, lines, words, bytes };
}

export interface HostCalls {
  readonly proved: boolean;
  /** What the guest answered after it had asked the host. */
  readonly answer: string;
  /** What the guest answered after it called a host function that it may not call. */
  readonly refused: string;
  /** Host calls of one call, each answered. */
  readonly many: number;
}

/** What the demo's guests may ask the host. */
export const HOST_FUNCTIONS = {
  lookup: async (key: Uint8Array) => `value of ${new TextDecoder().decode(key)}`,
};

const MANY_HOST_CALLS = 100;

/** A guest that asks the host: what its definition allows is answered, anything else is refused. */
export async function askHost(engine: Engine): Promise<HostCalls> {
  const guest = await engine.define(
    'hostcall',
    { elf: exampleGuest('hostcall.elf') },
    { hostFunctions: ['lookup'] },
  );
  const decoder = new TextDecoder();
  const answer = decoder.decode(await guest.call('Ada'));
  const refused = decoder.decode(await guest.call('Ada', { fn: 'ghost' }));
  const answers = decoder.decode(await guest.call(`${MANY_HOST_CALLS}`, { fn: 'many' }));
  const expected = Array.from({ length: MANY_HOST_CALLS }, (_, i) => `value of ${i + 1};`).join('');
  return {
    proved: answer === 'value of Ada' && refused === 'not allowed' && answers === expected,
    answer,
    refused,
    many: answers.split(';').length - 1,
  };
}

export interface ScriptCalls {
  /** Every answer was right, and none saw what a call before it had changed. */
  readonly proved: boolean;
  readonly calls: number;
  readonly answer: unknown;
  /** What a call that threw came to: its own error, with a line of its own source. */
  readonly thrown: string;
  readonly p50Ms: number;
}

const SCRIPT = `let calls = 0;
export default async ({ name }) => ({ hello: await host.lookup(name), calls: ++calls });
export const fail = () => {
  throw new RangeError('no such luck');
};
`;
const SCRIPT_CALLS = 1000;

/** A JavaScript function that awaits the host, keeps nothing, and fails in its own words. */
export async function callScript(engine: Engine): Promise<ScriptCalls> {
  const script = await engine.define('script', { js: SCRIPT }, { hostFunctions: ['lookup'] });
  const times = new Float64Array(SCRIPT_CALLS);
  const expected = JSON.stringify({ hello: 'value of Ada', calls: 1 });
  let answer: unknown;
  let right = 0;
  for (let i = 0; i < SCRIPT_CALLS; i++) {
    const began = performance.now();
    answer = await script.call({ name: 'Ada' });
    times[i] = performance.now() - began;
    if (JSON.stringify(answer) === expected) right++;
  }
  const thrown = await failureOf(script.call(undefined, { fn: 'fail' }));
  const said = thrown instanceof GuestThrownError ? thrown.thrown.stack : (thrown?.code ?? 'nothing');
  times.sort();
  return {
    proved: right === SCRIPT_CALLS && said.startsWith('RangeError: no such luck\n') && /:4\b/.test(said),
    calls: SCRIPT_CALLS,
    answer,
    thrown: said,
    p50Ms: rounded(percentile(times, 0.5)),
  };
}

export interface Counted {
  readonly proved: boolean;
  readonly calls: number;
  readonly failed: number;
  readonly restores: number;
  readonly runUsP50: number;
  readonly queueUsP50: number;
  readonly sandboxes: number;
  readonly residentBytes: number;
}

/**
 * The engine's statistics must agree with what the demo did: so many calls ended, three of them in errors.
 */
export function readStats(engine: Engine, calls: number): Counted {
  const stats = engine.stats();
  const failed = Object.values(stats.errors).reduce((sum, count) => sum + count, 0);
  return {
    proved: stats.calls === calls && failed === 3 && stats.pending === 0,
    calls: stats.calls,
    failed,
    restores: stats.restores,
    runUsP50: stats.runUs.p50,
    queueUsP50: stats.queueUs.p50,
    sandboxes: stats.residents.sandboxes,
    residentBytes: stats.residents.bytes,
  };
}

async function provoke(
  guest: FunctionHandle,
  fn: string,
  limits: { readonly timeoutMs?: number },
): Promise<Omit<Contained, 'proved'>> {
  const started = performance.now();
  const error = await failureOf(guest.call(undefined, { fn, ...limits }));
  const ms = rounded(performance.now() - started);
  const next = new TextDecoder().decode(await guest.call(undefined, { fn: 'ok' }));
  if (error === undefined) return { code: 'none', message: `${fn} came back`, ms, next };
  const symbol = error.details['symbol'];
  return {
    code: error.code,
    message: error.message,
    ...(typeof symbol === 'string' && { symbol }),
    ms,
    next,
  };
}

async function failureOf(call: Promise<unknown>): Promise<SnapvmError | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof SnapvmError) return error;
    throw error;
  }
}

/** The percentile of ascending values, by nearest rank. */
function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
