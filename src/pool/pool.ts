import { SnapvmError } from '../base/errors.js';
import { clearInterval, clearTimeout, setInterval } from '../base/globals.js';
import { Pending } from '../base/pending.js';
import { monotonicUs } from '../wire/clock.js';
import type { CallReply, InitialiseRequest } from '../wire/protocol.js';
import { checkAddressSpace } from './address-space.js';
import { Call, type CallSpec } from './call.js';
import { Doorbell } from './doorbell.js';
import {
  aborted,
  deadlinePassed,
  engineClosed,
  isStoppedByClose,
  noMemory,
  queueFull,
  workerLost,
} from './errors.js';
import type { PoolEvents, PoolOptions } from './options.js';
import { Scheduler } from './scheduler.js';
import { Spin } from './spin.js';
import { Stopper } from './stopper.js';
import { Threads } from './threads.js';
import { forgetIn, type Initialised, takeFrozen } from './worker-control.js';
import { WorkerLink } from './worker-link.js';

/**
 * Workers that run guests, and the calls on their way to them. A call is settled exactly once: by its answer; by its
 * signal or deadline, while no worker has begun it or its guest waits for the host; by its time limit in the latter case;
 * by the loss of its worker, or when none can be had; for lack of memory for its input; by the end of the pool.
 */
export class Pool {
  readonly #options: PoolOptions;
  readonly #events: PoolEvents;
  readonly #threads: Threads;
  readonly #scheduler: Scheduler;
  readonly #doorbell: Doorbell;
  readonly #spin: Spin;
  readonly #stopper: Stopper;
  readonly #calls = new Pending<Call>();
  /** Referenced while calls are on their way: they keep the process alive, an idle pool does not. */
  readonly #keepAlive = setInterval(() => {}, 2 ** 31 - 1);
  /** How many answers are being read. */
  #reading = 0;
  /** How many guests are being initialised. */
  #asking = 0;
  /** Those who wait for any worker. */
  #wantWorker: { readonly resolve: () => void; readonly reject: (error: SnapvmError) => void }[] = [];
  #full = false;
  #closed = false;
  #draining = false;
  /** Those who are told when the last call has been settled. */
  #drained: (() => void)[] = [];

  private constructor(options: PoolOptions, events: PoolEvents) {
    this.#options = options;
    this.#events = events;
    this.#doorbell = new Doorbell(
      () => this.#drain(),
      () => this.#spin.allowed,
      () => this.#spin.prepareSleep(),
    );
    const { backend } = options;
    const residentBytes = options.residentBytes / options.workers;
    this.#threads = new Threads(options.workers, {
      open: (attach) =>
        WorkerLink.open(
          attach,
          this.#doorbell.memory,
          { backend, residentBytes },
          {
            answered: (call, reply) => this.#answered(call, reply),
            hostCall: (...hostCall) => this.#stopper.hostCall(...hostCall),
            room: () => this.#balance(),
          },
        ),
      added: (link) => {
        this.#spin.added(link);
        for (const { resolve } of this.#wantWorker.splice(0)) resolve();
        this.#balance();
      },
      ending: (link) => {
        this.#scheduler.evacuate(link);
        this.#balance();
      },
      ended: (link) => this.#ended(link),
      noWorker: (error) => {
        for (const { reject } of this.#wantWorker.splice(0)) reject(error);
        for (const call of this.#scheduler.takeWaiting()) this.#fail(call, error);
      },
    });
    this.#scheduler = new Scheduler(this.#threads.links, (call, error) => this.#fail(call, noMemory(error)));
    this.#spin = new Spin(this.#threads.links, () => this.#doorbell.rests);
    this.#stopper = new Stopper({
      withdraw: (call) => this.#scheduler.withdraw(call),
      fail: (call, error) => this.#fail(call, error),
      reply: (call, reply) => this.#reply(call, reply),
      balance: () => this.#balance(),
    });
    this.#keepAlive.unref();
  }

  /** Starts the workers and waits until each answers. */
  static async start(options: PoolOptions, events: PoolEvents): Promise<Pool> {
    checkAddressSpace(options.workers);
    const pool = new Pool(options, events);
    pool.#keepAlive.ref();
    try {
      await pool.#threads.start();
      pool.#keepAlive.unref();
      return pool;
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  get links(): ReadonlySet<WorkerLink> {
    return this.#threads.links;
  }

  /** How many calls may be on their way at once. */
  get capacity(): number {
    return this.#options.maxQueue + this.#options.workers;
  }

  /** The ids of the worker threads. */
  get threadIds(): number[] {
    return this.#threads.ids;
  }

  /** Counts an answer that takes long to read as a call that has not ended, so that those on their way stay bounded. */
  reading<T>(answer: Promise<T>): Promise<T> {
    this.#reading += 1;
    return answer.finally(() => {
      this.#reading -= 1;
    });
  }

  /** How many calls were not answered yet. */
  get pending(): number {
    return this.#calls.size;
  }

  /** How many calls no worker has yet, and how many were not answered yet, those included. */
  get queue(): { readonly waiting: number; readonly pending: number } {
    return { waiting: this.#scheduler.waiting, pending: this.#calls.size + this.#reading };
  }

  /**
   * Runs a guest's Initialise, or specialises one that is ready. The caller closes the image of the frozen guest.
   * @throws SnapvmError SNAPVM_ENGINE_WORKER_LOST, SNAPVM_ENGINE_CLOSED
   */
  async initialise(request: Omit<InitialiseRequest, 'ticket'>): Promise<Initialised> {
    this.#asking += 1;
    this.#stayAlive();
    try {
      const link = await this.#leastLoaded();
      const reply = await link.initialise(request);
      if (isStoppedByClose(reply)) throw workerLost();
      return reply.ok ? { ...reply, image: takeFrozen(link.control, reply.ready.imageId) } : reply;
    } catch (error) {
      throw this.#closed ? engineClosed() : error;
    } finally {
      this.#asking -= 1;
      this.#stayAlive();
      this.#balance();
    }
  }

  /** Calls a guest. Gives its answer, or how it failed. @throws SnapvmError when the call never ran or its worker died */
  call(spec: CallSpec): Promise<CallReply> {
    return new Promise<CallReply>((resolve, reject) => {
      const refusal = this.#refusal(spec);
      if (refusal !== undefined) return reject(refusal);
      const call = new Call(spec, resolve, reject);
      this.#calls.add(call);
      if (this.#calls.size === 1) this.#stayAlive();
      if (spec.signal !== undefined || spec.limits.deadlineUs) this.#stopper.watch(call);
      this.#scheduler.submit(call);
      if (this.#scheduler.waiting > 0) this.#threads.startMissing();
      this.#spin.adjust();
      this.#doorbell.watch();
    });
  }

  /** A call is about to be made. Where others are on their way, workers are awake, or about to be. */
  expect(): void {
    if (this.#calls.size === 0 && this.#spin.allowed) this.#scheduler.expect();
  }

  /** Takes no more calls; resolves when none is on its way. */
  drain(): Promise<void> {
    this.#draining = true;
    if (this.#calls.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  /** Has the workers drop what they keep of a snapshot. Resolves when they have, or are too busy to. */
  forget(snapshotId: number): Promise<void> {
    const controls = Array.from(this.#threads.links, ({ control }) => control);
    return forgetIn(controls, snapshotId);
  }

  /** Stops running guests, fails every call, ends the threads. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopper.close();
    for (const link of this.#threads.links) link.close();
    this.#scheduler.takeWaiting();
    for (const { reject } of this.#wantWorker.splice(0)) reject(engineClosed());
    // What one of them aborts when it ends may end others.
    for (const call of this.#calls) if (call.state !== 'ended') this.#fail(call, engineClosed());
    clearInterval(this.#keepAlive);
    this.#doorbell.close();
    await this.#threads.close();
  }

  #refusal({ signal, limits }: CallSpec): SnapvmError | undefined {
    if (this.#closed || this.#draining) return engineClosed();
    if (signal?.aborted) return aborted(signal);
    if (limits.deadlineUs && limits.deadlineUs <= monotonicUs()) return deadlinePassed();
    if (this.#calls.size + this.#reading < this.capacity) return undefined;
    const { maxQueue } = this.#options;
    const told = this.#full;
    this.#full = true;
    if (!told) this.#events.queueFull({ maxQueue });
    return queueFull(maxQueue);
  }

  /** To be called after a change of which the doorbell does not tell. */
  #balance(): void {
    this.#scheduler.balance();
    if (this.#calls.size > 0) this.#doorbell.watch();
  }

  #drain(): boolean {
    for (const link of this.#threads.links) link.drain();
    this.#scheduler.balance();
    this.#spin.adjust();
    return this.#calls.size > 0;
  }

  #answered(call: Call, reply: CallReply): void {
    if (this.#closed) return; // it has failed already
    if (isStoppedByClose(reply)) {
      // Stopped for good, which was meant for the thread and not for the call.
      if (call.link !== undefined) call.link.stopped += 1;
      this.#fail(call, workerLost());
      return;
    }
    if (reply.cost.startedUs > 0) call.spec.target.learn(reply.cost);
    this.#reply(call, reply);
  }

  #reply(call: Call, reply: CallReply): void {
    this.#end(call);
    call.resolve(reply);
  }

  #fail(call: Call, error: SnapvmError): void {
    this.#end(call);
    call.reject(error);
  }

  #end(call: Call): void {
    if (call.state === 'ended') throw new SnapvmError('SNAPVM_INTERNAL', `call ${call.spec.id} ended twice`);
    call.state = 'ended';
    this.#calls.delete(call);
    this.#stopper.unwatch(call);
    call.link?.settle(call);
    clearTimeout(call.timeUp);
    call.hostAbort?.abort();
    if (this.#calls.size < this.capacity / 2) this.#full = false;
    if (this.#calls.size > 0) return;
    this.#stayAlive();
    for (const tell of this.#drained.splice(0)) tell();
  }

  #ended(link: WorkerLink): void {
    if (this.#closed) return;
    link.drain();
    this.#scheduler.evacuate(link); // what it never began
    const lost = link.takeLost();
    for (const call of lost) this.#fail(call, workerLost());
    this.#events.workerReplaced({ threadId: link.threadId, calls: lost.length + link.stopped });
  }

  /** The worker with the least to do; waits for one to be started if there is none. */
  async #leastLoaded(): Promise<WorkerLink> {
    for (;;) {
      if (this.#closed) throw engineClosed();
      const [first, ...others] = [...this.#threads.links].filter(({ alive }) => alive);
      if (first !== undefined) return others.reduce((a, b) => (b.loadUs < a.loadUs ? b : a), first);
      this.#threads.startMissing();
      await new Promise<void>((resolve, reject) => this.#wantWorker.push({ resolve, reject }));
    }
  }

  #stayAlive(): void {
    if (this.#calls.size > 0 || this.#asking > 0) this.#keepAlive.ref();
    else this.#keepAlive.unref();
  }
}
