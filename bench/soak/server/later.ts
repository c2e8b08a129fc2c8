/** Asynchronous calls: taken, asked for, cancelled; what was answered of them outlives a `kill -9`. */
import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, JSON_TYPE } from './functions.js';
import { RESULTS_SECONDS } from './server-process.js';
import { json, type Visitor } from './visitor.js';

/** How a call stands. */
interface Call {
  readonly id: string;
  readonly state: string;
  readonly result?: unknown;
}

/** One that was taken. */
interface Taken {
  readonly result: string;
  /** How it ended, once somebody was told. */
  ended?: string;
  readonly until: number;
}

export type LaterCall = readonly [id: string, taken: Taken];

const POLL_MS = 50;
const MOST_POLLS = 1200;
const GONE = '404 SNAPVM_SERVER_UNKNOWN';
const PATH = '/v1/functions/script/async';
const BUSY_MS = 150;

export class LaterCalls {
  readonly #taken = new Map<string, Taken>();

  readonly jobs: readonly Job[] = [
    { kind: 'asynchronous call', weight: 10, run: (visitor) => this.#call(visitor) },
    { kind: 'asynchronous call, cancelled', weight: 2, run: (visitor) => this.#cancel(visitor) },
    { kind: 'asynchronous call, left', weight: 2, run: (visitor) => this.#take(visitor, BUSY_MS) },
  ];

  /** Those that were taken until now. */
  taken(): readonly LaterCall[] {
    return [...this.#taken];
  }

  /** After a restart each call has ended: those that had are as they were, others are lost or had just ended. */
  async check(visitor: Visitor, before: readonly LaterCall[]): Promise<void> {
    for (const [id, taken] of before) {
      const kind = 'asynchronous call, after a restart';
      const path = `/v1/calls/${id}`;
      const answer = await visitor.ask(kind, { method: 'GET', path }, this.#wants(taken));
      if (answer?.status !== 200) continue;
      const call = json(answer) as Call;
      const wrong = taken.ended !== undefined ? call.state !== taken.ended : !MAY_BE.includes(call.state);
      if (wrong)
        visitor.tally.surprise(`${kind}: it is ${call.state}; before it was ${taken.ended ?? 'on its way'}`);
      this.#checkResult(visitor, taken, call);
      taken.ended = call.state;
    }
  }

  async #take(visitor: Visitor, busyMs = 0): Promise<string | undefined> {
    const result = busyMs > 0 ? 'done' : randomBytes(12).toString('hex');
    const headers = { ...JSON_TYPE, ...(busyMs > 0 && { 'snapvm-fn': 'busy' }) };
    const body = JSON.stringify(busyMs > 0 ? busyMs : result);
    const answer = await visitor.ask('asynchronous call', { path: PATH, headers, body }, ['202']);
    if (answer?.status !== 202) return undefined;
    const { id } = json(answer) as Call;
    this.#forgetOld();
    // A little less than they are kept for: what is about to go may be gone.
    this.#taken.set(id, { result, until: performance.now() + (RESULTS_SECONDS - 5) * 1000 });
    return id;
  }

  async #call(visitor: Visitor): Promise<void> {
    const id = await this.#take(visitor);
    for (let poll = 0; id !== undefined && poll < MOST_POLLS; poll++) {
      await sleep(POLL_MS);
      const taken = this.#taken.get(id);
      if (taken === undefined || taken.ended !== undefined) return; // a restart has ended it
      const asked = { method: 'GET', path: `/v1/calls/${id}` };
      const answer = await visitor.ask('asynchronous call, asked for', asked, this.#wants(taken));
      if (answer?.status !== 200) return;
      const call = json(answer) as Call;
      if (!ENDED.includes(call.state)) continue;
      taken.ended = call.state;
      if (!MAY_BE.includes(call.state)) visitor.tally.surprise(`asynchronous call: it is ${call.state}`);
      this.#checkResult(visitor, taken, call);
      return;
    }
    if (id !== undefined) visitor.tally.surprise(`asynchronous call: ${id} does not end`);
  }

  async #cancel(visitor: Visitor): Promise<void> {
    const id = await this.#take(visitor, BUSY_MS);
    if (id === undefined) return;
    await sleep(randomInt(200));
    const taken = this.#taken.get(id);
    if (taken === undefined) return;
    const asked = { method: 'DELETE', path: `/v1/calls/${id}` };
    const answer = await visitor.ask('asynchronous call, cancelled', asked, this.#wants(taken));
    if (answer?.status !== 200) return;
    const { state } = json(answer) as Call;
    taken.ended = state;
    if (!ENDED.includes(state)) visitor.tally.surprise(`asynchronous call, cancelled: it is ${state}`);
  }

  #checkResult(visitor: Visitor, taken: Taken, { state, result }: Call): void {
    if (state !== 'succeeded' || result === taken.result) return;
    visitor.tally.surprise(`asynchronous call: its result is ${JSON.stringify(result)}, not ${taken.result}`);
  }

  #wants({ until }: Taken): readonly string[] {
    return performance.now() < until ? ['200'] : ['200', GONE];
  }

  #forgetOld(): void {
    for (const [id, { until }] of this.#taken) {
      if (performance.now() < until) return;
      this.#taken.delete(id);
    }
  }
}

const ENDED: readonly string[] = ['succeeded', 'failed', 'cancelled', 'lost'];
/** None of these calls has a reason to fail. */
const MAY_BE: readonly string[] = ['succeeded', 'cancelled', 'lost'];
