import { Piscina } from 'piscina';
import { clearTimeout, setTimeout, soon } from '../base/globals.js';
import { distPath } from '../base/package-files.js';
import type { Attach } from './worker-ports.js';

const WORKER_FILE = distPath('workers/entry.cjs');

/** After this a worker that was to be attached counts as failed. */
const ATTACH_MS = 60_000;

/**
 * A worker thread. Piscina starts and ends it; one task of piscina's attaches it to its link and returns, and from then
 * on the worker serves its ring. (A task that lasted would keep an idle process alive.)
 *
 * Each has a Piscina of its own: one with several threads replaces those that end from within event handlers, where a
 * thread that the system has no room for would be an uncaught exception.
 */
export class Thread {
  readonly #piscina = new Piscina({
    filename: WORKER_FILE,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: Number.POSITIVE_INFINITY,
    // Between tasks a piscina worker would sleep in Atomics.wait, deaf to its ports.
    atomics: 'disabled',
  });
  #failure: unknown;
  #started = false;

  constructor() {
    // Without a listener a worker that dies between two calls would be an uncaught exception; its link sees it die.
    this.#piscina.on('error', (error) => {
      this.#failure = error;
    });
    // What waits for one that ended before it was ready would wait for ever.
    this.#piscina.on('workerDestroy', () => soon(() => void this.close()));
  }

  /** The worker thread's id; undefined while there is none. */
  get id(): number | undefined {
    return this.#piscina.threads[0]?.threadId;
  }

  /** Starts the thread and attaches it. @throws what Node says of a thread that it cannot start, or that ended */
  readonly attach: Attach = async (setup, transfer) => {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(notAttached()), ATTACH_MS).unref();
    try {
      const attached = this.#piscina.run(setup, { transferList: [...transfer], signal: late.signal });
      this.#started = true;
      await attached;
    } catch (error) {
      throw this.#failure ?? error;
    } finally {
      clearTimeout(timer);
    }
  };

  /** Calls `first` before anybody ends the thread. */
  beforeTerminate(first: () => void): void {
    const worker = this.#piscina.threads[0];
    if (worker === undefined) return; // ended already
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      first();
      return terminate();
    };
  }

  /** Ends the thread. Its guests are to be stopped before (`WorkerLink.close`). */
  async close(): Promise<void> {
    // Piscina keeps the task of a thread that it could not start, and would reject a promise that nobody has.
    if (this.#started) await this.#piscina.destroy();
  }
}

function notAttached(): Error {
  return new Error(`a worker thread did not start within ${ATTACH_MS / 1000} s`);
}
