import { now, setImmediate } from '../base/globals.js';
import { WORD } from '../wire/ring.js';

/** A worker that was woken so lately is not woken again before the turn of the event loop ends. */
const LATELY_MS = 1;

/**
 * Wakes one worker. To wake a thread takes as long as a short call, and a main thread with much else to do gives its
 * calls one by one, each to a worker that has fallen asleep again: so what comes after a call that has not been answered
 * waits until the turn of the event loop ends, or for a millisecond.
 */
export class Waker {
  readonly #words: Int32Array;
  #wokenMs = Number.NEGATIVE_INFINITY;
  #isDue = false;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** Has the worker look at its ring, where there is a new call: the only one, or one more. */
  ring(isOnly: boolean): void {
    Atomics.add(this.#words, WORD.doorbell, 1);
    if (Atomics.load(this.#words, WORD.asleep) !== 1) return;
    const nowMs = now();
    if (isOnly || nowMs - this.#wokenMs > LATELY_MS) {
      this.#wokenMs = nowMs;
      Atomics.notify(this.#words, WORD.doorbell);
    } else if (!this.#isDue) {
      this.#isDue = true;
      setImmediate(this.#wakeLate);
    }
  }

  readonly #wakeLate = (): void => {
    this.#isDue = false;
    if (Atomics.load(this.#words, WORD.asleep) === 1) Atomics.notify(this.#words, WORD.doorbell);
  };
}
