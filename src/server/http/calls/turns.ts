/** Jobs that wait for their turn: in order for each tenant, and tenant after tenant. */

import { SnapvmError } from '../../../base/errors.js';

/** What one tenant may have waiting. */
const MOST_JOBS = 1000;
const MOST_BYTES = 256 * 2 ** 20;

/** Something that waits. */
export interface Waiting {
  readonly tenant: string;
  /** Of its input. */
  readonly bytes: number;
}

/** What a tenant has waiting. */
interface Places {
  readonly jobs: number;
  readonly bytes: number;
}

const NO_PLACES: Places = { jobs: 0, bytes: 0 };

export class Turns<Job extends Waiting> {
  /** The tenant whose turn is next is the first. */
  readonly #queues = new Map<string, Job[]>();
  readonly #places = new Map<string, Places>();
  readonly #paused = new Set<string>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Takes a place for one that is added later, or released. @throws SnapvmError `SNAPVM_SERVER_QUOTA` */
  reserve(job: Job): void {
    const { jobs, bytes } = this.#places.get(job.tenant) ?? NO_PLACES;
    if (jobs >= MOST_JOBS || bytes + job.bytes > MOST_BYTES)
      throw new SnapvmError(
        'SNAPVM_SERVER_QUOTA',
        `${jobs} asynchronous calls of the tenant wait; at most ${MOST_JOBS}, or ${MOST_BYTES} bytes of inputs, may`,
        { quota: 'asynchronous', retryAfterSeconds: 1 },
      );
    this.#count(job, 1);
  }

  /** Gives its place back. */
  release(job: Job): void {
    this.#count(job, -1);
  }

  /** Adds one that has a place. */
  add(job: Job): void {
    this.#queueOf(job.tenant).push(job);
  }

  /** Puts one back that had its turn: it is the next of its tenant again. */
  putBack(job: Job): void {
    this.#queueOf(job.tenant).unshift(job);
    this.#count(job, 1);
  }

  remove(job: Job): void {
    const queue = this.#queues.get(job.tenant);
    const at = queue?.indexOf(job) ?? -1;
    if (queue === undefined || at < 0) return;
    queue.splice(at, 1);
    if (queue.length === 0) this.#queues.delete(job.tenant);
    this.#count(job, -1);
  }

  /** The next one whose tenant is not paused. */
  take(): Job | undefined {
    for (const [tenant, queue] of this.#queues) {
      if (this.#paused.has(tenant)) continue;
      const job = queue[0] as Job;
      this.remove(job);
      if (queue.length > 0) {
        this.#queues.delete(tenant);
        this.#queues.set(tenant, queue);
      }
      return job;
    }
    return undefined;
  }

  /** Passes a tenant over until it is resumed. */
  pause(tenant: string): void {
    this.#paused.add(tenant);
  }

  resume(tenant: string): void {
    this.#paused.delete(tenant);
  }

  /** Takes all. */
  *drain(): Generator<Job> {
    for (const queue of [...this.#queues.values()]) {
      for (const job of [...queue]) {
        this.remove(job);
        yield job;
      }
    }
  }

  #queueOf(tenant: string): Job[] {
    let queue = this.#queues.get(tenant);
    if (queue === undefined) {
      queue = [];
      this.#queues.set(tenant, queue);
    }
    return queue;
  }

  #count({ tenant, bytes }: Job, sign: 1 | -1): void {
    this.#size += sign;
    const before = this.#places.get(tenant) ?? NO_PLACES;
    const places = { jobs: before.jobs + sign, bytes: before.bytes + sign * bytes };
    if (places.jobs > 0) this.#places.set(tenant, places);
    else this.#places.delete(tenant);
  }
}
