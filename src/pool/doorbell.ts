import { now, setImmediate, soon } from '../base/globals.js';
import { MAIN_DOORBELL } from '../wire/ring.js';

/** How long the main thread polls after something happened, before it sleeps. */
const POLL_MS = 0.25;
/** After so many polls in a row that saw nothing it rests from polling. */
const MOST_MISSES = 4;
/** At most a hundredth of a processor is polled away in vain. */
const SHORTEST_REST_MS = 10;
const LONGEST_REST_MS = 100;

/**
 * How the main thread learns of answers. Workers count them in a shared word; while calls are on their way the main
 * thread looks at it: for a moment between turns of the event loop, since waking a sleeping thread can take longer than
 * the call, and then asleep in Atomics.waitAsync, which does not keep the process alive.
 *
 * Polling takes a processor. Where others want it, the one who polls keeps the worker from running, and every call
 * takes as long as the poll. So polls that see nothing are given up, each time for twice as long.
 */
export class Doorbell {
  readonly memory = new SharedArrayBuffer(MAIN_DOORBELL.words * Int32Array.BYTES_PER_ELEMENT);
  readonly #words = new Int32Array(this.memory);
  /** Reads the answers; true while more are to come. */
  readonly #drain: () => boolean;
  readonly #mayPoll: () => boolean;
  readonly #beforeSleep: () => number;
  #seen = 0;
  #watching = false;
  /** Whether it slept as long as it may, and has to look though nobody rang. */
  #mustLook = false;
  /** Whether it sleeps until somebody wakes it. */
  #endless = false;
  #closed = false;
  /** The moment at which polling ends; 0: it does not poll. */
  #pollUntil = 0;
  #misses = 0;
  #restMs = SHORTEST_REST_MS;
  #restUntil = 0;

  /** `beforeSleep` gives the milliseconds after which it drains though nobody woke it. */
  constructor(drain: () => boolean, mayPoll: () => boolean, beforeSleep: () => number) {
    this.#drain = drain;
    this.#mayPoll = mayPoll;
    this.#beforeSleep = beforeSleep;
  }

  /** Whether polling did not pay lately: somebody else needs the processors, or calls take long. */
  get rests(): boolean {
    return this.#restUntil > 0 && now() < this.#restUntil;
  }

  /** To be called when a call was given to a worker, or calls have moved, so that it looks soon enough. */
  watch(): void {
    if (!this.#watching) {
      this.#watching = true;
      this.#next();
    } else if (this.#endless && this.#beforeSleep() < Number.POSITIVE_INFINITY) {
      this.#endless = false;
      Atomics.notify(this.#words, MAIN_DOORBELL.answers);
    }
  }

  /** Stops watching. It wakes the waiter, since one that is never woken is kept in memory, with all it refers to. */
  close(): void {
    this.#closed = true;
    Atomics.notify(this.#words, MAIN_DOORBELL.answers);
  }

  readonly #turn = (): void => {
    if (this.#closed) return;
    const answers = Atomics.load(this.#words, MAIN_DOORBELL.answers);
    if (answers !== this.#seen || this.#mustLook) {
      if (answers !== this.#seen && this.#pollUntil > 0) this.#hit();
      this.#seen = answers;
      this.#mustLook = false;
      if (!this.#drain()) {
        this.#watching = false;
        return;
      }
    }
    this.#next();
  };

  #next(): void {
    if (this.#mayPoll()) {
      const nowMs = now();
      if (this.#pollUntil === 0) this.#pollUntil = nowMs + POLL_MS;
      if (nowMs < this.#pollUntil) {
        setImmediate(this.#turn);
        return;
      }
      this.#miss(nowMs);
    }
    this.#sleep();
  }

  #hit(): void {
    this.#pollUntil = 0;
    this.#misses = 0;
    this.#restMs = SHORTEST_REST_MS;
  }

  #miss(nowMs: number): void {
    this.#pollUntil = 0;
    this.#misses += 1;
    if (this.#misses < MOST_MISSES) return;
    this.#misses = 0;
    this.#restUntil = nowMs + this.#restMs;
    this.#restMs = Math.min(this.#restMs * 2, LONGEST_REST_MS);
  }

  #sleep(): void {
    this.#pollUntil = 0;
    const mostMs = this.#beforeSleep();
    this.#endless = mostMs === Number.POSITIVE_INFINITY;
    Atomics.store(this.#words, MAIN_DOORBELL.asleep, 1);
    const { async, value } = Atomics.waitAsync(this.#words, MAIN_DOORBELL.answers, this.#seen, mostMs);
    const wake = (how?: string): void => {
      Atomics.store(this.#words, MAIN_DOORBELL.asleep, 0);
      this.#endless = false;
      if (how === 'timed-out') this.#mustLook = true;
      this.#turn();
    };
    if (async) void value.then(wake);
    else soon(wake);
  }
}
