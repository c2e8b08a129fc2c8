import { Piscina } from 'piscina';
import { outOf } from '../base/errno.js';
import { SnapvmError } from '../base/errors.js';
import { clearTimeout, setTimeout, soon } from '../base/globals.js';
import { distPath } from '../base/package-files.js';
import { messageOf } from '../base/realms.js';
import type { WorkerLink } from './worker-link.js';
import type { Attach } from './worker-ports.js';

const WORKER_FILE = distPath('workers/entry.cjs');

/** After this a worker that was to be attached counts as failed. */
const ATTACH_MS = 60_000;
/** Workers that may die in a row before they are ready. */
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

/**
 * The worker threads. Piscina owns them: it starts, replaces and ends them. One task of piscina's attaches each to its
 * link and returns; from then on the worker serves its ring. (A task that lasted would keep an idle process alive.)
 */
export class Threads {
  readonly #piscina: Piscina;
  readonly #user: ThreadsUser;
  readonly #attached = new Set<number>();
  readonly #links = new Set<WorkerLink>();
  readonly #count: number;
  /** How many workers are being attached; one may wait for the next thread that piscina starts. */
  #starting = 0;
  #failedStarts = 0;
  #later: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(count: number, user: ThreadsUser) {
    this.#count = count;
    this.#user = user;
    this.#piscina = new Piscina({
      filename: WORKER_FILE,
      minThreads: count,
      maxThreads: count,
      // Between tasks a piscina worker would sleep in Atomics.wait, deaf to its ports.
      atomics: 'disabled',
      // Every task attaches a link, and every worker gets exactly one.
      loadBalancer: (_task, candidates) => {
        // Those that are ending are candidates too, and lose their id when their thread has ended.
        const free = candidates.find(
          ({ id, terminating, destroyed }) => id > 0 && !terminating && !destroyed && !this.#attached.has(id),
        );
        if (free === undefined) return null;
        this.#attached.add(free.id);
        return free;
      },
    });
    // Without a listener a worker that dies between two calls would be an uncaught exception; its link sees it die.
    this.#piscina.on('error', () => {});
    this.#piscina.on('workerDestroy', () => soon(() => this.#replaceUnready()));
  }

  /** The workers that answer. */
  get links(): ReadonlySet<WorkerLink> {
    return this.#links;
  }

  /** Ids of the worker threads. */
  get ids(): number[] {
    return this.#piscina.threads.map(({ threadId }) => threadId);
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
    await this.#piscina.destroy();
  }

  async #add(): Promise<void> {
    let threadId = -1;
    const attach: Attach = async (setup, transfer) => {
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(notAttached()), ATTACH_MS).unref();
      const options = { transferList: [...transfer], signal: late.signal };
      threadId = await this.#piscina.run(setup, options).finally(() => clearTimeout(timer));
    };
    let link: WorkerLink;
    try {
      link = await this.#user.open(attach);
    } catch (error) {
      // Attached, and of no use.
      await this.#piscina.threads.find((worker) => worker.threadId === threadId)?.terminate();
      throw error;
    }
    this.#failedStarts = 0;
    if (this.#closed) {
      link.close();
      return;
    }
    this.#retireBeforeTerminate(link);
    this.#links.add(link);
    void link.lost.then(() => {
      this.#drop(link);
      this.#user.ended(link);
    });
    this.#user.added(link);
  }

  /**
   * Node ends a thread only once its native call has returned, so whoever ends it has its guest stopped first; and from
   * then on it gets no further call, which would be lost.
   */
  #retireBeforeTerminate(link: WorkerLink): void {
    const worker = this.#piscina.threads.find(({ threadId }) => threadId === link.threadId);
    if (worker === undefined) return; // ended already
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      link.retire();
      this.#drop(link);
      return terminate();
    };
  }

  /** Removes a worker and starts another in its place. */
  #drop(link: WorkerLink): void {
    if (!this.#links.delete(link)) return;
    this.#user.ending(link);
    this.startMissing();
  }

  /** Piscina does not replace a worker that died before it was ready, but one more task makes it start another. */
  #replaceUnready(): void {
    const short = this.#piscina.threads.length < this.#links.size + this.#starting;
    if (this.#closed || !short) return;
    if (this.#failedStarts >= MOST_FAILED_STARTS) {
      this.#tryAgainLater();
      return;
    }
    this.#failedStarts += 1;
    void this.#startOne();
  }

  /** When no worker can be had, what waits fails rather than wait for ever; the next call tries again. */
  async #startOne(): Promise<void> {
    this.#starting += 1;
    try {
      await this.#add();
    } catch (cause) {
      this.#failedStarts += 1;
      if (this.#failedStarts < MOST_FAILED_STARTS) soon(() => this.startMissing());
      else if (this.#links.size === 0 && this.#starting === 1) this.#giveUp(cause);
    } finally {
      this.#starting -= 1;
    }
  }

  #tryAgainLater(): void {
    this.#later ??= setTimeout(() => {
      this.#later = undefined;
      this.#failedStarts = 0;
      this.#replaceUnready();
    }, RETRY_MS).unref();
  }

  #giveUp(cause: unknown): void {
    this.#failedStarts = 0;
    this.#user.noWorker(noWorker(cause));
  }
}

function notAttached(): Error {
  return new Error(`a worker thread did not start within ${ATTACH_MS / 1000} s`);
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
