import { now, setImmediate } from '../base/globals.js';
import { US_PER_MS } from '../wire/clock.js';
import { WORD } from '../wire/ring.js';

/** A worker that was woken so lately is not woken again before the turn of the event loop ends. */
const LATELY_MS = 1;
/** How long a worker that has nothing to do spins for its next call before it sleeps. */
const SHORT_SPIN_US = 100;
/** The same, where the last call came so soon that it would have seen it. */
const LONG_SPIN_US = 400;

/**
 * Wakes one worker, and says for how long it spins first. To wake a thread takes as long as a short call. A main thread
 * with much else to do gives its calls one by one, each to a worker that has fallen asleep again: so what comes after a
 * call that has not been answered waits until the turn of the event loop ends, or for a millisecond.
 */
export class Waker {
  readonly #words: Int32Array;
  #wokenMs = Number.NEGATIVE_INFINITY;
  #isDue = false;
  #idleMs = Number.NEGATIVE_INFINITY;
  #spinUs = SHORT_SPIN_US;
  #maySpin = false;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** Sets whether the worker may spin. */
  allowSpin(allowed: boolean): void {
    this.#maySpin = allowed;
    this.#words[WORD.spinUs] = allowed ? this.#spinUs : 0;
  }

  /** The worker has nothing to do from now on. */
  rests(): void {
    this.#idleMs = now();
  }

  /** Has the worker look at its ring, where there is a new call: the only one, or one more. */
  ring(isOnly: boolean): void {
    Atomics.add(this.#words, WORD.doorbell, 1);
    if (!this.#isAsleep) return;
    const nowMs = now();
    if (isOnly) this.#overslept(nowMs);
    if (isOnly || nowMs - this.#wokenMs > LATELY_MS) {
      this.#wokenMs = nowMs;
      Atomics.notify(this.#words, WORD.doorbell);
    } else if (!this.#isDue) {
      this.#isDue = true;
      setImmediate(this.#wakeLate);
    }
  }

  /** Has a worker that has nothing to do awake soon, for a call that is about to come. */
  prod(): void {
    if (!this.#isAsleep) return;
    this.#overslept(now());
    Atomics.add(this.#words, WORD.doorbell, 1);
    Atomics.notify(this.#words, WORD.doorbell);
  }

  get #isAsleep(): boolean {
    return Atomics.load(this.#words, WORD.asleep) === 1;
  }

  /** It fell asleep before the call came. */
  #overslept(nowMs: number): void {
    const spinUs = (nowMs - this.#idleMs) * US_PER_MS <= LONG_SPIN_US ? LONG_SPIN_US : SHORT_SPIN_US;
    if (spinUs === this.#spinUs) return;
    this.#spinUs = spinUs;
    this.allowSpin(this.#maySpin);
  }

  readonly #wakeLate = (): void => {
    this.#isDue = false;
    if (this.#isAsleep) Atomics.notify(this.#words, WORD.doorbell);
  };
}
