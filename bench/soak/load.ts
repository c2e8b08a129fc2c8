/** The callers: a closed loop, paced so that latency says something. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SnapvmError } from '../../src/index.js';
import type { Job, Want } from './jobs.js';
import type { Tally } from './tally.js';

export interface LoadTools {
  readonly tally: Tally;
  readonly pick: () => Job;
  /** A plain echo call took so long. */
  readonly echoed: (us: number) => void;
  /** Aborts when the run ends. */
  readonly signal: AbortSignal;
}

export const CALLERS = 16;
/** Of what the same callers reach without pauses: the machine is busy, and no queue grows. */
const SHARE = 0.5;
/** What a call comes to that was lost with its worker. */
export const LOST = 'SNAPVM_ENGINE_WORKER_LOST';

/**
 * A fixed number of callers, each of which makes one call at a time, at moments of its own that are jittered. One that
 * is late calls at once, and does not catch up: an engine that becomes slow gets less to do, and no queue hides it. How
 * often they call is half of what they reached without any pause, so that workers and main thread have work about half
 * of the time whatever the machine is; the rate is fixed then, for the whole run.
 */
export class Load {
  readonly #tools: LoadTools;
  /** Milliseconds between two calls of a caller; 0 for no pause. */
  #intervalMs = 0;
  #running: Promise<unknown> = Promise.resolve();

  constructor(tools: LoadTools) {
    this.#tools = tools;
  }

  /** Starts the callers, without pauses. They end when the signal aborts and their last calls have. */
  start(): void {
    this.#running = Promise.all(Array.from({ length: CALLERS }, () => this.#caller()));
  }

  /** For so long without pauses; gives how many calls a second that came to, and paces them from then on. */
  async calibrate(seconds: number): Promise<{ saturated: number; target: number }> {
    await this.#pause(seconds * 500); // the first half warms up
    const [calls, since] = [this.#tools.tally.calls, performance.now()];
    await this.#pause(seconds * 500);
    const saturated = ((this.#tools.tally.calls - calls) / (performance.now() - since)) * 1000;
    this.#intervalMs = (CALLERS / (saturated * SHARE)) * 1000;
    return { saturated: Math.round(saturated), target: Math.round(saturated * SHARE) };
  }

  /** Resolves when the last call has ended. */
  async ended(): Promise<void> {
    await this.#running;
  }

  async #caller(): Promise<void> {
    const { signal, pick } = this.#tools;
    let next = performance.now();
    while (!signal.aborted) {
      const wait = next - performance.now();
      // Timers count whole milliseconds; what one is late or early the next makes up for.
      if (wait > 0.5) await this.#pause(wait);
      else if (wait < 0) next = performance.now();
      next += this.#intervalMs * (0.5 + Math.random());
      await this.#call(pick());
    }
  }

  async #call({ kind, start }: Job): Promise<void> {
    const { tally, echoed } = this.#tools;
    const began = performance.now();
    const started = start();
    const outcome = await outcomeOf(started.reply);
    if (started.plain && outcome instanceof Uint8Array) echoed((performance.now() - began) * 1000);
    settle(tally, kind, outcome, started.wants);
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#tools.signal }).catch(() => {});
  }
}

type Outcome = Uint8Array | Error;

export async function outcomeOf(reply: Promise<unknown>): Promise<Outcome> {
  try {
    const answer = await reply;
    return answer instanceof Uint8Array ? answer : new Error(`answered ${JSON.stringify(answer)}`);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Counts how a call ended, and compares it with what it had to come to. */
export function settle(tally: Tally, kind: string, outcome: Outcome, wants: readonly Want[]): void {
  if (!(outcome instanceof Uint8Array)) {
    const code = outcome instanceof SnapvmError ? outcome.code : outcome.name;
    tally.ended(kind, code);
    if (code !== LOST && !wants.some((want) => want === code)) tally.surprise(`${kind}: ${outcome.stack}`);
  } else if (wants.some((want) => isSame(want, outcome))) {
    tally.ended(kind, 'ok');
  } else {
    tally.ended(kind, 'wrong answer');
    const start = Buffer.from(outcome.subarray(0, 80)).toString('latin1');
    tally.surprise(`${kind}: answered ${outcome.length} bytes: ${JSON.stringify(start)}`);
  }
}

function isSame(want: Want, bytes: Uint8Array): boolean {
  return Buffer.compare(typeof want === 'string' ? Buffer.from(want) : want, bytes) === 0;
}
