import { MessageChannel, type MessagePort } from 'node:worker_threads';
import * as comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { SnapvmError } from '../errors.js';
import { native } from '../native.js';
import type { WorkerApi } from './protocol.js';

/** Gives `port` to a worker that serves it with the WorkerApi (workers/main.ts). */
export type Attach = (port: MessagePort) => Promise<void>;

type Remote = comlink.Remote<WorkerApi>;

/**
 * The main thread's end of one worker. comlink never settles a call whose worker died, so the link keeps its own
 * books: when the worker's port closes, everything pending fails.
 */
export class WorkerLink {
  readonly #port: MessagePort;
  readonly #remote: Remote;
  readonly #interrupterId: number;
  readonly #pending = new Set<(error: SnapvmError) => void>();
  readonly #lost: Promise<void>;
  #alive = true;
  #lastTicket = 0;
  /** Ids of the snapshots whose descriptor this worker has. */
  readonly known = new Set<number>();

  private constructor(port: MessagePort, remote: Remote, interrupterId: number) {
    this.#port = port;
    this.#remote = remote;
    this.#interrupterId = interrupterId;
    this.#lost = new Promise((resolve) => {
      port.once('close', () => {
        this.#fail();
        resolve();
      });
    });
  }

  /** Attaches a worker and waits until it answers. */
  static async open(attach: Attach): Promise<WorkerLink> {
    const { port1, port2 } = new MessageChannel();
    try {
      await attach(port2);
      const remote = comlink.wrap<WorkerApi>(nodeEndpoint(port1));
      const { interrupterId } = await remote.hello();
      // Only calls that are on their way keep the process alive.
      port1.unref();
      return new WorkerLink(port1, remote, interrupterId);
    } catch (error) {
      port1.close();
      throw error;
    }
  }

  /** Resolves when the worker is gone, however that came about. */
  get lost(): Promise<void> {
    return this.#lost;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** A name for a run on this worker, for `interrupt`. */
  nextTicket(): number {
    return ++this.#lastTicket;
  }

  /** Asks the worker. @throws SnapvmError SNAPVM_ENGINE_WORKER_LOST when it dies before it answers */
  ask<T>(question: (remote: Remote) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!this.#alive) {
        reject(workerLost());
        return;
      }
      if (this.#pending.size === 0) this.#port.ref();
      this.#pending.add(reject);
      const settled = (): void => {
        this.#pending.delete(reject);
        if (this.#pending.size === 0) this.#port.unref();
      };
      question(this.#remote).then(
        (answer) => {
          settled();
          resolve(answer);
        },
        (error: unknown) => {
          settled();
          reject(error);
        },
      );
    });
  }

  /** Stops the run with that ticket, whether it has begun or not; harmless when it has ended. */
  interrupt(ticket: number): void {
    native().interrupt(this.#interrupterId, ticket);
  }

  /** Stops what runs there for good and lets the worker go. Idempotent. */
  close(): void {
    native().closeThread(this.#interrupterId);
    this.#port.close();
  }

  #fail(): void {
    this.#alive = false;
    const error = workerLost();
    for (const reject of this.#pending) reject(error);
    this.#pending.clear();
  }
}

function workerLost(): SnapvmError {
  return new SnapvmError(
    'SNAPVM_ENGINE_WORKER_LOST',
    'the worker thread that had this call died; it was replaced, and whether the guest ran is unknown',
  );
}
