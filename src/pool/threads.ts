import { outOf } from '../base/errno.js';
import { SnapvmError } from '../base/errors.js';
import { setTimeout, soon } from '../base/globals.js';
import { messageOf } from '../base/realms.js';
import { Thread } from './thread.js';
import type { WorkerLink } from './worker-link.js';
import type { Attach } from './worker-ports.js';

/** Workers that may fail to start in a row, one after the other at once. */
const MOST_FAILED_STARTS = 5;
/** Finds the cause in Node's message about a thread that it cannot start: the error has no code. */
const SHORTAGE = /\b(?:EAGAIN|EMFILE|ENFILE|ENOMEM)\b/;
const NO_BUFFER = /^Array buffer allocation failed/;
/** The pause after so many. */
const RETRY_MS = 500;

/** What Threads asks of its user. */
export interface ThreadsUser {
  /** Opens a link to a worker; resolves when it answers. */
  open(attach: Attach): Promise<WorkerLink>;
  /** A worker was added. */
  added(link: WorkerLink): void;
  /** A worker is about to end, or has ended: it takes no more. */
  ending(link: WorkerLink): void;
  /** A worker has ended. */
  ended(link: WorkerLink): void;
  /** There is no worker, and none can be started. */
  noWorker(error: SnapvmError): void;
}

/** The worker threads: as many as there are to be, and others in place of those that end. */
export class Threads {
  readonly #user: ThreadsUser;
  readonly #threads = new Set<Thread>();
  readonly #links = new Set<WorkerLink>();
  readonly #count: number;
  /** How many workers are being attached. */
  #starting = 0;
  #failedStarts = 0;
  #later: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(count: number, user: ThreadsUser) {
    this.#count = count;
    this.#user = user;
  }

  /** The workers that answer. */
  get links(): ReadonlySet<WorkerLink> {
    return this.#links;
  }

  /** Ids of the worker threads. */
  get ids(): number[] {
    return Array.from(this.#threads, ({ id }) => id).filter((id) => id !== undefined);
  }

  /** Resolves when all workers answer. */
  async start(): Promise<void> {
    this.#starting += this.#count;
    try {
      await Promise.all(Array.from({ length: this.#count }, () => this.#add()));
    } catch (cause) {
      throw noWorker(cause);
    } finally {
      this.#starting -= this.#count;
    }
  }

  /** Starts workers for those that are missing, and that nobody starts already. */
  startMissing(): void {
    const missing = this.#closed ? 0 : this.#count - this.#links.size - this.#starting;
    for (let i = 0; i < missing; i++) void this.#startOne();
  }

  /** Ends the threads. Their guests are to be stopped before (`WorkerLink.close`). */
  async close(): Promise<void> {
    this.#closed = true;
    this.#links.clear();
    await Promise.all(Array.from(this.#threads, (thread) => thread.close()));
  }

  async #add(): Promise<void> {
    const thread = new Thread();
    this.#threads.add(thread);
    let link: WorkerLink;
    try {
      link = await this.#user.open(thread.attach);
    } catch (error) {
      // It may be attached, and of no use.
      await thread.close();
      this.#threads.delete(thread);
      throw error;
    }
    void link.lost.then(() => {
      this.#threads.delete(thread);
      this.#drop(link);
      this.#user.ended(link);
    });
    this.#failedStarts = 0;
    if (this.#closed) {
      link.close();
      return;
    }
    // Node ends a thread only once its native call has returned, so whoever ends it has its guest stopped first; and
    // from then on it gets no further call, which would be lost.
    thread.beforeTerminate(() => {
      link.retire();
      this.#drop(link);
    });
    this.#links.add(link);
    this.#user.added(link);
  }

  /** Removes a worker and starts another in its place. */
  #drop(link: WorkerLink): void {
    if (!this.#links.delete(link)) return;
    this.#user.ending(link);
    this.startMissing();
  }

  /** When no worker can be had, what waits fails rather than wait for ever; the next call tries again. */
  async #startOne(): Promise<void> {
    this.#starting += 1;
    try {
      await this.#add();
    } catch (cause) {
      this.#failedStarts += 1;
      if (this.#failedStarts < MOST_FAILED_STARTS) soon(() => this.startMissing());
      else if (this.#links.size > 0) this.#tryAgainLater();
      else if (this.#starting === 1) this.#giveUp(cause);
    } finally {
      this.#starting -= 1;
    }
  }

  #tryAgainLater(): void {
    this.#later ??= setTimeout(() => {
      this.#later = undefined;
      this.#failedStarts = 0;
      this.startMissing();
    }, RETRY_MS).unref();
  }

  #giveUp(cause: unknown): void {
    this.#failedStarts = 0;
    this.#user.noWorker(noWorker(cause));
  }
}

/** The error of calls for which no worker can be had; it says what was missing, where that is known. */
function noWorker(cause: unknown): SnapvmError {
  if (cause instanceof SnapvmError && cause.code !== 'SNAPVM_ENGINE_WORKER_LOST') return cause;
  const why = messageOf(cause);
  const advice = outOf(NO_BUFFER.test(why) ? 'ENOMEM' : (SHORTAGE.exec(why)?.[0] ?? ''));
  if (advice !== undefined) {
    const message = `no worker thread can be started: ${advice} (${why})`;
    return new SnapvmError('SNAPVM_HOST_MEMORY', message, {}, { cause });
  }
  const { syscall }: { syscall?: unknown } = Object(cause);
  const hint =
    syscall === 'uv_cwd'
      ? ' (Node starts no thread while the working directory is removed: process.chdir() to one that exists)'
      : '';
  const message = `no worker is left and no other could be started: ${why}${hint}`;
  return new SnapvmError('SNAPVM_ENGINE_WORKER_LOST', message, {}, { cause });
}
