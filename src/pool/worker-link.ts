import { MessageChannel, type MessagePort } from 'node:worker_threads';
import * as comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { SnapvmError } from '../errors.js';
import { native } from '../native.js';
import type { CallAnswer, CallReply, CallRequest, WorkerApi, WorkerPorts } from './protocol.js';

/** Gives two ports to a worker that serves them (workers/main.ts). */
export type Attach = (ports: WorkerPorts) => Promise<void>;

type Remote = comlink.Remote<WorkerApi>;

interface Pending {
  readonly resolve: (reply: CallReply) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The main thread's end of one worker: control goes through comlink, calls through a port of their own, which saves the
 * proxy and the message id of each (a call takes half the time). Neither end is told when the other dies, so the link
 * keeps its own books: when a port closes, everything pending fails.
 */
export class WorkerLink {
  readonly #control: MessagePort;
  readonly #calls: MessagePort;
  readonly #remote: Remote;
  readonly #lost: Promise<void>;
  #worker = { interrupterId: 0, threadId: 0 };
  /** Calls by ticket. */
  readonly #pendingCalls = new Map<number, Pending>();
  readonly #pendingQuestions = new Set<(error: unknown) => void>();
  #alive = true;
  #lastTicket = 0;
  /** Ids of the snapshots whose descriptor this worker has. */
  readonly known = new Set<number>();

  private constructor(control: MessagePort, calls: MessagePort) {
    this.#control = control;
    this.#calls = calls;
    this.#remote = comlink.wrap<WorkerApi>(nodeEndpoint(control));
    calls.on('message', (answer: CallAnswer) => this.#answered(answer));
    this.#lost = new Promise((resolve) => {
      control.once('close', () => {
        this.#fail();
        resolve();
      });
    });
  }

  /** Attaches a worker and waits until it answers. @throws what attaching throws, SNAPVM_ENGINE_WORKER_LOST */
  static async open(attach: Attach): Promise<WorkerLink> {
    const control = new MessageChannel();
    const calls = new MessageChannel();
    const link = new WorkerLink(control.port1, calls.port1);
    try {
      await attach({ control: control.port2, calls: calls.port2 });
      link.#worker = await link.ask((remote) => remote.hello());
      return link;
    } catch (error) {
      control.port1.close();
      calls.port1.close();
      throw error;
    }
  }

  /** Resolves when the worker is gone, however that came about. */
  get lost(): Promise<void> {
    return this.#lost;
  }

  /** Whether it takes calls. */
  get alive(): boolean {
    return this.#alive;
  }

  /** A name for a run on this worker, for `interrupt`. */
  nextTicket(): number {
    return ++this.#lastTicket;
  }

  /** Has the worker make a call; its input is transferred. @throws SnapvmError SNAPVM_ENGINE_WORKER_LOST */
  call(request: CallRequest): Promise<CallReply> {
    return new Promise((resolve, reject) => {
      if (!this.#alive) return reject(workerLost());
      this.#pendingCalls.set(request.ticket, { resolve, reject });
      this.#keepProcessAlive();
      this.#calls.postMessage(request, [request.input.buffer]);
    });
  }

  /** Asks the worker through comlink. @throws SnapvmError SNAPVM_ENGINE_WORKER_LOST when it dies before it answers */
  async ask<T>(question: (remote: Remote) => Promise<T>): Promise<T> {
    let forget = (): void => {};
    const lost = new Promise<never>((_resolve, reject) => {
      if (!this.#alive) return reject(workerLost());
      this.#pendingQuestions.add(reject);
      forget = () => this.#pendingQuestions.delete(reject);
    });
    try {
      this.#keepProcessAlive();
      return await Promise.race([question(this.#remote), lost]);
    } finally {
      forget();
      this.#keepProcessAlive();
    }
  }

  /** Stops the run with that ticket, whether it has begun or not; harmless when it has ended. */
  interrupt(ticket: number): void {
    native().interrupt(this.#worker.interrupterId, ticket);
  }

  /** Of the worker. */
  get threadId(): number {
    return this.#worker.threadId;
  }

  /** Stops what runs there and takes nothing more: the worker is about to end. */
  retire(): void {
    this.#alive = false;
    native().closeThread(this.#worker.interrupterId);
  }

  /** Stops what runs there for good and lets the worker go. Idempotent. */
  close(): void {
    native().closeThread(this.#worker.interrupterId);
    this.#control.close();
    this.#calls.close();
  }

  #answered({ ticket, reply }: CallAnswer): void {
    const pending = this.#pendingCalls.get(ticket);
    this.#pendingCalls.delete(ticket);
    this.#keepProcessAlive();
    pending?.resolve(reply);
  }

  /** Only what is on its way keeps the process alive, an idle worker does not. */
  #keepProcessAlive(): void {
    if (this.#pendingCalls.size > 0) this.#calls.ref();
    else this.#calls.unref();
    if (this.#pendingQuestions.size > 0) this.#control.ref();
    else this.#control.unref();
  }

  #fail(): void {
    this.#alive = false;
    const error = workerLost();
    for (const { reject } of this.#pendingCalls.values()) reject(error);
    for (const reject of this.#pendingQuestions) reject(error);
    this.#pendingCalls.clear();
    this.#pendingQuestions.clear();
  }
}

/** The error of a call whose worker died. */
export function workerLost(): SnapvmError {
  return new SnapvmError(
    'SNAPVM_ENGINE_WORKER_LOST',
    'the worker thread that had this call died; it was replaced, and whether the guest ran is unknown',
  );
}
