/** What an engine tells its listeners. */

import type { EventEmitter } from 'node:events';
import type { SnapvmError } from '../base/errors.js';
import { setImmediate, soon } from '../base/globals.js';
import type { StoreProblem } from '../store/store.js';

/** A worker thread that died. */
export interface WorkerLoss {
  /** The worker thread's id. */
  readonly threadId: number;
  /** How many calls were lost with it. */
  readonly calls: number;
}

/** A function whose calls fail again and again. */
export interface Poisoning {
  /** The function's name. */
  readonly function: string;
  /** How many of its calls failed in a row. */
  readonly inRow: number;
  /** The error of the last of these calls. */
  readonly error: SnapvmError;
}

/** A queue that takes no more calls. */
export interface FullQueue {
  /** How many calls may wait in it. */
  readonly maxQueue: number;
}

/** The events of an engine, by their names. */
export interface EngineEvents {
  /** A worker thread died and another is started; so many calls were lost with it. */
  workerReplaced: [WorkerLoss];
  /**
   * 10, 100, 1,000 ... calls of a function in a row faulted, ran out of time or broke the protocol. An answer
   * ends the row. A handler that fails and an abort neither count nor end it.
   */
  functionPoisoned: [Poisoning];
  /** A call was refused because the queue is full. It is told again only after half of the queue was free. */
  queueFull: [FullQueue];
  /** A file of the store was refused, or a snapshot could not be saved. Functions work all the same. */
  storeProblem: [StoreProblem];
}

/**
 * Carries events from the parts of an engine to its listeners. The parts are made before the engine is, so
 * what they tell is kept until then.
 */
export class EventRelay {
  readonly #counts = new Map<keyof EngineEvents, number>();
  readonly #kept: ((emitter: EventEmitter) => void)[] = [];
  #emitter: EventEmitter | undefined;

  tell<E extends keyof EngineEvents>(event: E, ...about: EngineEvents[E]): void {
    this.#counts.set(event, this.count(event) + 1);
    const emitter = this.#emitter;
    const emit = (to: EventEmitter): void => void to.emit(event, ...about);
    if (emitter === undefined) this.#kept.push(emit);
    // In a microtask of its own: what a listener throws concerns no call, and is an uncaught exception as usual.
    else soon(() => emit(emitter));
  }

  /** How many times an event was told. */
  count(event: keyof EngineEvents): number {
    return this.#counts.get(event) ?? 0;
  }

  /** Gives everything to this emitter from now on, what was kept included. */
  connect(emitter: EventEmitter): void {
    this.#emitter = emitter;
    // Not before whoever waits for the engine can listen.
    for (const emit of this.#kept.splice(0)) setImmediate(emit, emitter);
  }
}
