import { MAIN_BELL } from './ring.js';

/** How long the main thread polls after something happened, before it sleeps. */
const SPIN_US = 150;

/**
 * How the main thread learns of answers. Workers count them in a shared word; while calls are on their way the main
 * thread looks at it: for a moment between turns of the event loop, since waking a sleeping thread can take longer than
 * the call, and then asleep in Atomics.waitAsync, which does not keep the process alive. It does not poll when every
 * processor has a worker to run.
 */
export class Bell {
  readonly memory = new SharedArrayBuffer(MAIN_BELL.words * Int32Array.BYTES_PER_ELEMENT);
  readonly #words = new Int32Array(this.memory);
  /** Reads the answers; true while more are to come. */
  readonly #drain: () => boolean;
  readonly #mayPoll: () => boolean;
  #seen = 0;
  #watching = false;
  #pollUntil = 0;

  constructor(drain: () => boolean, mayPoll: () => boolean) {
    this.#drain = drain;
    this.#mayPoll = mayPoll;
  }

  /** To be called when a call was given to a worker. */
  watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    this.#next();
  }

  readonly #turn = (): void => {
    const answers = Atomics.load(this.#words, MAIN_BELL.answers);
    if (answers !== this.#seen) {
      this.#seen = answers;
      this.#pollUntil = 0;
      if (!this.#drain()) {
        this.#watching = false;
        return;
      }
    }
    this.#next();
  };

  #next(): void {
    if (this.#mayPoll()) {
      const now = performance.now();
      if (this.#pollUntil === 0) this.#pollUntil = now + SPIN_US / 1000;
      if (now < this.#pollUntil) {
        setImmediate(this.#turn);
        return;
      }
    }
    this.#sleep();
  }

  #sleep(): void {
    Atomics.store(this.#words, MAIN_BELL.asleep, 1);
    const { async, value } = Atomics.waitAsync(this.#words, MAIN_BELL.answers, this.#seen);
    const wake = (): void => {
      Atomics.store(this.#words, MAIN_BELL.asleep, 0);
      this.#pollUntil = 0;
      this.#turn();
    };
    if (async) void value.then(wake);
    else queueMicrotask(wake);
  }
}
