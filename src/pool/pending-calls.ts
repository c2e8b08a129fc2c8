import type { Call } from './call.js';

/**
 * Calls that have not ended, in no order. Not a Set: V8 gives a Set that is added to and deleted from a new table every
 * hundred calls or so, and each old one refers to the next. When one survives two collections, all later ones do, with
 * every call that was in them: a third of all that a busy pool allocates, and twice the time spent on collecting it.
 */
export class PendingCalls implements Iterable<Call> {
  readonly #calls: Call[] = [];

  get size(): number {
    return this.#calls.length;
  }

  add(call: Call): void {
    call.index = this.#calls.length;
    this.#calls.push(call);
  }

  /** Removes a call, which must be in here. */
  delete(call: Call): void {
    const last = this.#calls.pop() as Call;
    if (last !== call) {
      this.#calls[call.index] = last;
      last.index = call.index;
    }
    call.index = -1;
  }

  /** Iterates over a copy, so that calls may be deleted meanwhile. */
  [Symbol.iterator](): Iterator<Call> {
    return [...this.#calls].values();
  }
}
