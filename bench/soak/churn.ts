/** What changes under the load: definitions come and go, and worker threads die. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { type Engine, type FunctionHandle, type GuestEnvironment, SnapvmError } from '../../src/index.js';
import { HOSTILE_TEXT } from './attackers.js';
import { guest, initData, PATIENT_MS } from './functions.js';
import type { Job, Want } from './jobs.js';
import { LOST, outcomeOf, settle } from './load.js';
import type { Tally } from './tally.js';

const REDEFINE_MS = 3000;
const BRIEF_MS = 2000;
const TERMINATE_MS = 60_000;
/** Each keeps both processors busy for seconds, in which no latency is judged. */
const HOSTILE_MS = 60_000;
const UNKNOWN = 'SNAPVM_ENGINE_UNKNOWN';

/** The two guests that one name has by turns, and what the same call comes to in each. */
const QUESTION = 'which one?';
const FACES = [
  { elf: 'examples/counter', answer: '1' },
  { elf: 'examples/echo', answer: QUESTION },
] as const;

const workers = new Map<number, Worker>();

/** To be called before the engine starts: the only way to its threads. */
export function watchWorkers(): void {
  process.on('worker', (worker) => {
    const { threadId } = worker;
    workers.set(threadId, worker);
    worker.once('exit', () => workers.delete(threadId));
  });
}

export class Churn {
  terminated = 0;
  readonly #engine: Engine;
  readonly #tally: Tally;
  readonly #signal: AbortSignal;
  #running: Promise<unknown> = Promise.resolve();
  #changing: FunctionHandle | undefined;
  /** What `changing` may answer to a call made now: two things while it is being redefined. */
  #answers: readonly string[] = [];
  #redefined = 0;
  #briefs = 0;

  constructor(engine: Engine, tally: Tally, signal: AbortSignal) {
    this.#engine = engine;
    this.#tally = tally;
    this.#signal = signal;
  }

  /** Calls the name that is redefined again and again. Only after `start`. */
  readonly job: Job = {
    kind: 'redefined name',
    weight: 200,
    start: () => {
      if (this.#changing === undefined) throw new Error('nothing was defined yet');
      return { reply: this.#changing.call(QUESTION), wants: this.#answers };
    },
  };

  async start(runMs: number): Promise<void> {
    await this.#redefine();
    this.#running = Promise.all([
      this.#every(REDEFINE_MS, () => this.#redefine()),
      this.#every(BRIEF_MS, () => this.#brief()),
      // In a short run more often, so that there are some at all.
      this.#every(Math.min(TERMINATE_MS, runMs / 5), () => this.#terminate()),
      this.#every(HOSTILE_MS, () => this.#defineHostile()),
    ]);
  }

  /** Resolves when the signal has aborted and nothing changes any more. */
  async ended(): Promise<void> {
    await this.#running;
  }

  async #redefine(): Promise<void> {
    const { elf, answer } = FACES[++this.#redefined % 2] as (typeof FACES)[number];
    const before = this.#answers;
    this.#answers = [...before, answer];
    const source = { elf: guest(elf), initData: initData(this.#redefined) };
    const handle = await this.#define('changing', source);
    if (handle !== undefined) this.#changing = handle;
    this.#answers = handle === undefined ? before : [answer];
  }

  /** A name that is there for three calls. */
  async #brief(): Promise<void> {
    const name = `brief-${++this.#briefs}`;
    const handle = await this.#define(name, {
      elf: guest('examples/echo'),
      initData: initData(this.#briefs),
    });
    if (handle === undefined) return;
    const call = async (...wants: Want[]): Promise<void> =>
      settle(this.#tally, 'short-lived name', await outcomeOf(handle.call(name)), wants);
    await Promise.all([call(name), call(name), call(name)]);
    const last = call(name);
    await handle.undefine();
    await Promise.all([last, call(UNKNOWN)]);
  }

  async #terminate(): Promise<void> {
    if (this.#engine.workers < 2) return; // one that starts is not one that serves
    const ids = this.#engine.threadIds;
    const worker = workers.get(ids[randomInt(Math.max(1, ids.length))] ?? 0);
    if (worker === undefined) return;
    this.terminated += 1;
    await worker.terminate();
  }

  async #defineHostile(): Promise<void> {
    const js = { source: HOSTILE_TEXT, language: 'ts' } as const;
    const defined = this.#engine.define('hostile', { js });
    const error = await defined.then(
      () => new Error('it was defined'),
      (reason: unknown) => reason as Error,
    );
    const code = error instanceof SnapvmError ? error.code : error.name;
    this.#tally.ended('attack, define', code);
    if (code !== 'SNAPVM_JS_BUNDLE') this.#tally.surprise(`a hostile text: ${error.stack}`);
  }

  /** Nothing when the worker that initialised it died meanwhile. */
  async #define(name: string, source: GuestEnvironment): Promise<FunctionHandle | undefined> {
    try {
      const handle = await this.#engine.define(name, source, { timeoutMs: PATIENT_MS });
      this.#tally.ended('define', 'ok');
      return handle;
    } catch (error) {
      if (!(error instanceof SnapvmError) || error.code !== LOST) throw error;
      this.#tally.ended('define', error.code);
      return undefined;
    }
  }

  async #every(ms: number, act: () => Promise<void>): Promise<void> {
    for (;;) {
      await sleep(ms, undefined, { signal: this.#signal }).catch(() => {});
      if (this.#signal.aborted) return;
      try {
        await act();
      } catch (error) {
        this.#tally.surprise(`a change: ${error instanceof Error ? error.stack : error}`);
      }
    }
  }
}
