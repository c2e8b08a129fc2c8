/** Asynchronous calls: taken at once, run when it is their turn, kept for a while. */

import { randomUUID } from 'node:crypto';
import { Stop } from '../../../base/abort.js';
import { SnapvmError } from '../../../base/errors.js';
import { clearInterval, setInterval, setTimeout, wallMs } from '../../../base/globals.js';
import type { Version } from '../../functions/model.js';
import type { Tracing } from '../../observe/tracing.js';
import { jsonResultOf } from '../answers.js';
import { type Drain, draining, type Underway } from '../drain.js';
import type { Invocation, Outcome } from '../invoke.js';
import { asSnapvmError, problemOf, problemText } from '../problems.js';
import { KeptCalls } from './kept-calls.js';
import { type CallRecord, hasEnded } from './record.js';
import { Turns } from './turns.js';

const SWEEP_MS = 10_000;
/** A tenant whose quota is used up for longer than this does not wait for it: its call fails. */
const MOST_WAIT_SECONDS = 60;

export interface AsyncOptions {
  readonly folder: string;
  readonly resultsMs: number;
  /** Whether there is more than one tenant. */
  readonly isShared: boolean;
  /** How many run at a time. */
  readonly atOnce: number;
  readonly drain: Drain;
  readonly tracing: Tracing;
  readonly run: (call: Invocation) => Promise<Outcome>;
  /** Is told how many wait. */
  readonly waiting: (calls: number) => void;
  /** Logs an error whose message no answer has. */
  readonly tellHidden: (error: SnapvmError, requestId: string) => void;
  /** Is told what could not be kept. */
  readonly failed: (error: unknown, call: CallRecord) => void;
}

/** A call as a request makes it. */
export interface AsyncCall {
  readonly invocation: Omit<Invocation, 'signal' | 'trace' | 'by' | 'costs'>;
  readonly version: Version;
  /** Bytes of its input. */
  readonly bytes: number;
}

/** One that waits or runs. */
class Job implements Underway {
  readonly tenant: string;
  readonly bytes: number;
  readonly invocation: Invocation;
  record: CallRecord;
  /** Somebody has cancelled it. */
  isCancelled = false;
  readonly ended: Promise<void>;
  /** Its place among those that are on their way. */
  index = -1;
  readonly #stop = new Stop();
  #end: () => void = () => {};

  constructor({ invocation, version, bytes }: AsyncCall, record: CallRecord, trace: Tracing) {
    this.tenant = record.tenant;
    this.bytes = bytes;
    this.record = record;
    this.invocation = {
      ...invocation,
      trace,
      by: { version: String(version.revision) },
      hash: version.version,
      signal: this.#stop,
    };
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  abort(reason: unknown): void {
    this.#stop.abort(reason);
  }

  settle(): void {
    this.#end();
  }
}

export class AsyncCalls {
  readonly #options: AsyncOptions;
  readonly #kept: KeptCalls;
  readonly #turns = new Turns<Job>();
  /** Those that have not ended, by id. */
  readonly #jobs = new Map<string, Job>();
  readonly #sweep: NodeJS.Timeout;
  #running = 0;
  #isClosed = false;

  private constructor(options: AsyncOptions, kept: KeptCalls) {
    this.#options = options;
    this.#kept = kept;
    this.#sweep = setInterval(() => void kept.expire(), SWEEP_MS).unref();
  }

  /** @throws SnapvmError `SNAPVM_SERVER_DIRECTORY` */
  static async open(options: AsyncOptions): Promise<AsyncCalls> {
    const { folder, resultsMs, isShared } = options;
    const kept = await KeptCalls.open({ folder, resultsMs, isShared, clock: wallMs });
    return new AsyncCalls(options, kept);
  }

  /** Files that are no records, where they are now. */
  get problems(): readonly string[] {
    return this.#kept.problems;
  }

  /**
   * Takes a call. Resolves when it is on disk.
   * @throws SnapvmError `SNAPVM_SERVER_QUOTA`, `SNAPVM_SERVER_DIRECTORY`
   */
  async submit(call: AsyncCall): Promise<CallRecord> {
    const { principal, name } = call.invocation;
    const { version, revision } = call.version;
    const record: CallRecord = {
      id: randomUUID(),
      tenant: principal.tenant,
      function: name,
      version,
      revision,
      state: 'queued',
      createdMs: wallMs(),
    };
    const job = new Job(call, record, this.#options.tracing);
    this.#turns.reserve(job);
    try {
      await this.#kept.add(job.record);
    } catch (error) {
      this.#turns.release(job);
      throw error;
    }
    this.#jobs.set(job.record.id, job);
    this.#turns.add(job);
    this.#pump();
    return record;
  }

  /** A call as clients see it: JSON. @throws SnapvmError `SNAPVM_SERVER_UNKNOWN`, `SNAPVM_STORE_FILE` */
  read(tenant: string, id: string): Promise<string> {
    return this.#kept.read(tenant, id);
  }

  /** Stops a call, unless it has ended. Resolves when it has. @throws SnapvmError `SNAPVM_SERVER_UNKNOWN` */
  async cancel(tenant: string, id: string): Promise<CallRecord> {
    this.#kept.find(tenant, id);
    const job = this.#jobs.get(id);
    if (job !== undefined) {
      job.isCancelled = true;
      this.#turns.remove(job);
      if (job.record.state === 'queued') await this.#end(job, 'cancelled', '{}');
      else job.abort(new Error('the call was cancelled'));
      await job.ended;
    }
    return this.#kept.find(tenant, id);
  }

  /** Calls that wait are lost; those that run have been aborted by the drain. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#sweep);
    for (const job of this.#turns.drain()) await this.#end(job, 'lost', '{}');
    await Promise.all(
      [...this.#jobs.values()].map((job) => {
        job.abort(draining());
        return job.ended;
      }),
    );
  }

  #pump(): void {
    while (!this.#isClosed && !this.#options.drain.isOn && this.#running < this.#options.atOnce) {
      const job = this.#turns.take();
      if (job === undefined) break;
      void this.#run(job);
    }
    this.#options.waiting(this.#turns.size);
  }

  async #run(job: Job): Promise<void> {
    this.#running += 1;
    this.#options.drain.began(job);
    const queued = job.record;
    try {
      job.record = { ...queued, state: 'running' };
      this.#kept.show(job.record);
      await this.#end(job, 'succeeded', resultText(await this.#options.run(job.invocation)));
    } catch (error) {
      if (!job.isCancelled && this.#postponed(job, queued, error)) return;
      const failure = asSnapvmError(error);
      if (job.isCancelled) await this.#end(job, 'cancelled', '{}');
      else if (failure.code === 'SNAPVM_SERVER_DRAINING') await this.#end(job, 'lost', '{}');
      else {
        const { requestId, name } = job.invocation;
        this.#options.tellHidden(failure, requestId);
        await this.#end(job, 'failed', `{"problem":${problemText(problemOf(failure, requestId, name))}}`);
      }
    } finally {
      this.#running -= 1;
      this.#options.drain.ended(job);
      this.#pump();
    }
  }

  /** Puts a job back whose tenant's quota is used up for now. */
  #postponed(job: Job, queued: CallRecord, error: unknown): boolean {
    if (!(error instanceof SnapvmError) || error.code !== 'SNAPVM_SERVER_QUOTA') return false;
    const seconds = Number(error.details['retryAfterSeconds'] ?? 1);
    if (seconds > MOST_WAIT_SECONDS || this.#isClosed) return false;
    job.record = queued;
    this.#kept.show(queued);
    this.#turns.putBack(job);
    this.#turns.pause(job.tenant);
    setTimeout(() => {
      this.#turns.resume(job.tenant);
      this.#pump();
    }, seconds * 1000).unref();
    return true;
  }

  /** Never rejects: what cannot be kept is told, and forgotten. */
  async #end(job: Job, state: CallRecord['state'], result: string): Promise<void> {
    if (hasEnded(job.record)) return;
    const before = job.record;
    job.record = { ...before, state };
    try {
      job.record = await this.#kept.end(before, state, result);
    } catch (error) {
      this.#kept.forget(before);
      this.#options.failed(error, before);
    }
    this.#jobs.delete(before.id);
    job.settle();
  }
}

function resultText(outcome: Outcome): string {
  const result = jsonResultOf(outcome);
  if (result.kind === 'bytes') return `{"resultBase64":"${result.base64}"}`;
  return result.json === undefined ? '{}' : `{"result":${result.json}}`;
}
