import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { SnapvmError } from '../errors.js';
import type { SnapshotDescriptor } from '../snapshot/descriptor.js';
import { aborted, onAbort } from './abort.js';
import type {
  CallReply,
  CallRequest,
  InitialiseReply,
  InitialiseRequest,
  SandboxOptions,
  WorkerPorts,
} from './protocol.js';
import { WorkerLink, workerLost } from './worker-link.js';

/** One run that waits for a worker or has one. */
interface Job {
  readonly run: (link: WorkerLink, ticket: number) => Promise<unknown>;
  readonly resolve: (reply: never) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: AbortSignal | undefined;
}

interface Waiting {
  readonly job: Job;
  /** Stops watching its signal. */
  readonly forget: () => void;
}

/** What a call needs beside the request itself. */
export interface PoolCall {
  readonly request: Omit<CallRequest, 'ticket' | 'sandbox'>;
  readonly descriptor: SnapshotDescriptor;
  readonly options: SandboxOptions;
  readonly signal?: AbortSignal | undefined;
}

const WORKER_FILE = fileURLToPath(new URL('../../workers/main.js', import.meta.url));

/** After this a worker that was to be attached counts as failed. */
const ATTACH_MS = 60_000;
/** Workers that may die in a row before they are ready. */
const MOST_FAILED_STARTS = 5;

/**
 * Workers that run guests, and the queue before them. Piscina owns the threads: it starts, replaces and ends them; a
 * task of its own attaches each to a port, over which everything else goes. A call goes to the first free worker.
 */
export class Pool {
  readonly #threads: Piscina;
  readonly #attached = new Set<number>();
  readonly #links = new Set<WorkerLink>();
  readonly #idle: WorkerLink[] = [];
  readonly #queue: Waiting[] = [];
  readonly #workers: number;
  /** Attachments under way; one may wait for the next worker that piscina starts. */
  #starting = 0;
  #failedStarts = 0;
  #closed = false;

  private constructor(workers: number) {
    this.#workers = workers;
    this.#threads = new Piscina({
      filename: WORKER_FILE,
      minThreads: workers,
      maxThreads: workers,
      // Between tasks a piscina worker would sleep in Atomics.wait, deaf to its port.
      atomics: 'disabled',
      // Every task attaches a port, and every worker gets exactly one.
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
    this.#threads.on('error', () => {});
    this.#threads.on('workerDestroy', () => queueMicrotask(() => this.#replaceUnready()));
    openPools.add(this);
    stopGuestsAtExit();
  }

  /** Starts the workers and waits until each answers. */
  static async start(workers: number): Promise<Pool> {
    const pool = new Pool(workers);
    try {
      pool.#starting = workers;
      await Promise.all(Array.from({ length: workers }, () => pool.#addLink()));
      pool.#starting = 0;
      return pool;
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  /** Worker threads that answer. */
  get size(): number {
    return this.#links.size;
  }

  /** Ids of the worker threads, for those who want to watch or end them. */
  get threadIds(): number[] {
    return this.#threads.threads.map(({ threadId }) => threadId);
  }

  /** `release` lets the worker drop the image of the frozen guest, once the caller has opened it or given up. */
  initialise(
    request: Omit<InitialiseRequest, 'ticket'>,
  ): Promise<{ readonly reply: InitialiseReply; readonly release: () => void }> {
    return this.#submit(async (link, ticket) => {
      const reply = await link.ask<InitialiseReply>((remote) => remote.initialise({ ...request, ticket }));
      if (isStoppedByClose(reply) && !this.#closed) throw workerLost();
      const release = (): void => {
        // A worker that died meanwhile has dropped it too.
        link.ask((remote) => remote.forget(request.descriptor.id)).catch(() => {});
      };
      return { reply, release };
    });
  }

  call({ request, descriptor, options, signal }: PoolCall): Promise<CallReply> {
    return this.#submit(async (link, ticket) => {
      const known = link.known.has(request.snapshotId);
      const whole = known ? { ...request, ticket } : { ...request, ticket, sandbox: { descriptor, options } };
      const reply = await link.call(whole);
      if (isStoppedByClose(reply) && !this.#closed) throw workerLost();
      // After an error on the way the worker may have no sandbox for it, so the next call brings everything again.
      if (reply.ok || reply.failure.kind === 'exit') link.known.add(request.snapshotId);
      else link.known.delete(request.snapshotId);
      return reply;
    }, signal);
  }

  /** Stops running guests for good; their calls fail. */
  stopGuests(): void {
    for (const link of this.#links) link.close();
  }

  /** Stops running guests, fails what waits, ends the threads. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    openPools.delete(this);
    this.#failQueue(engineClosed());
    this.stopGuests();
    this.#links.clear();
    await this.#threads.destroy();
  }

  #submit<Reply>(
    run: (link: WorkerLink, ticket: number) => Promise<Reply>,
    signal?: AbortSignal,
  ): Promise<Reply> {
    return new Promise<Reply>((resolve, reject) => {
      if (this.#closed) return reject(engineClosed());
      if (signal?.aborted) return reject(aborted(signal));
      const job: Job = { run, resolve, reject, signal };
      const link = this.#idle.pop();
      if (link !== undefined) {
        void this.#dispatch(job, link);
        return;
      }
      this.#enqueue(job);
      this.#startMissing();
    });
  }

  /** A job that is aborted while it waits fails at once. */
  #enqueue(job: Job): void {
    const forget = onAbort(job.signal, () => {
      const at = this.#queue.indexOf(entry);
      if (at >= 0) this.#queue.splice(at, 1);
      job.reject(aborted(job.signal));
    });
    const entry: Waiting = { job, forget };
    this.#queue.push(entry);
  }

  /** A job that is aborted while it runs is interrupted, and fails when the worker says so. */
  async #dispatch(job: Job, link: WorkerLink): Promise<void> {
    const ticket = link.nextTicket();
    const forget = onAbort(job.signal, () => link.interrupt(ticket));
    try {
      job.resolve((await job.run(link, ticket)) as never);
    } catch (error) {
      job.reject(this.#closed ? engineClosed() : error);
    } finally {
      forget();
      if (link.alive) this.#release(link);
    }
  }

  #failQueue(error: SnapvmError): void {
    for (const { job, forget } of this.#queue.splice(0)) {
      forget();
      job.reject(error);
    }
  }

  #release(link: WorkerLink): void {
    const next = this.#queue.shift();
    if (next === undefined) {
      this.#idle.push(link);
      return;
    }
    next.forget();
    void this.#dispatch(next.job, link);
  }

  async #addLink(): Promise<void> {
    const attach = (ports: WorkerPorts): Promise<void> =>
      this.#threads.run(ports, {
        transferList: [ports.control, ports.calls],
        signal: AbortSignal.timeout(ATTACH_MS),
      });
    const link = await WorkerLink.open(attach);
    this.#failedStarts = 0;
    if (this.#closed) {
      link.close();
      return;
    }
    this.#stopGuestBeforeTerminate(link);
    this.#links.add(link);
    void link.lost.then(() => this.#drop(link));
    this.#release(link);
  }

  /**
   * Node ends a thread only once its native call has returned, so whoever ends it has its guest stopped first; and from
   * then on it gets no further call, which would be lost.
   */
  #stopGuestBeforeTerminate(link: WorkerLink): void {
    const worker = this.#threads.threads.find(({ threadId }) => threadId === link.threadId);
    if (worker === undefined) return; // ended already
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      link.retire();
      this.#drop(link);
      return terminate();
    };
  }

  /** A worker that died takes its calls with it; another takes its place. */
  #drop(link: WorkerLink): void {
    this.#links.delete(link);
    const at = this.#idle.indexOf(link);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#startMissing();
  }

  #startMissing(): void {
    const missing = this.#closed ? 0 : this.#workers - this.#links.size - this.#starting;
    for (let i = 0; i < missing; i++) void this.#startOne();
  }

  /** Piscina does not replace a worker that died before it was ready, but one more task makes it start another. */
  #replaceUnready(): void {
    const short = this.#threads.threads.length < this.#links.size + this.#starting;
    if (this.#closed || !short || this.#failedStarts >= MOST_FAILED_STARTS) return;
    this.#failedStarts += 1;
    void this.#startOne();
  }

  /** When no worker can be had, what waits fails rather than wait for ever; the next call tries again. */
  async #startOne(): Promise<void> {
    this.#starting += 1;
    try {
      await this.#addLink();
    } catch (cause) {
      if (this.#links.size === 0 && this.#starting === 1) this.#failQueue(noWorker(cause));
    } finally {
      this.#starting -= 1;
    }
  }
}

const openPools = new Set<Pool>();
let stopsAtExit = false;

/** A process that exits ends its workers by waiting for them, and a guest that spins would keep it waiting. */
function stopGuestsAtExit(): void {
  if (stopsAtExit) return;
  stopsAtExit = true;
  process.on('exit', () => {
    for (const pool of openPools) pool.stopGuests();
  });
}

/** The guest was stopped for good, which is meant for the thread and not for the call. */
function isStoppedByClose(reply: CallReply | InitialiseReply): boolean {
  if (reply.ok || reply.failure.kind !== 'exit') return false;
  const { exit } = reply.failure;
  return exit.kind === 'stopped' && exit.reason === 'close';
}

function noWorker(cause: unknown): SnapvmError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `no worker is left and no other could be started: ${why}`;
  return new SnapvmError('SNAPVM_ENGINE_WORKER_LOST', message, {}, { cause });
}

function engineClosed(): SnapvmError {
  return new SnapvmError(
    'SNAPVM_ENGINE_CLOSED',
    'the engine was closed; start another one to call functions',
  );
}
