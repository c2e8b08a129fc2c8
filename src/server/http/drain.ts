/** The end of a server: what is on its way ends first, for a while. */

import { SnapvmError } from '../../base/errors.js';
import { clearTimeout, setTimeout } from '../../base/globals.js';
import { Pending, type Placed } from '../../base/pending.js';

/** How long those that were aborted have for saying so. */
const LAST_MS = 1000;

/** Something that is on its way. */
export interface Underway extends Placed {
  abort(reason: unknown): void;
}

export function draining(): SnapvmError {
  return new SnapvmError('SNAPVM_SERVER_DRAINING', 'the server takes no more requests: it is ending');
}

/** Counts what is on its way. */
export class Drain {
  readonly #underway = new Pending<Underway>();
  #isOn = false;
  #empty: (() => void) | undefined;
  #done: Promise<void> | undefined;

  /** Whether nothing new is taken. */
  get isOn(): boolean {
    return this.#isOn;
  }

  began(one: Underway): void {
    this.#underway.add(one);
  }

  /** What is on its way. */
  get underway(): Iterable<Underway> {
    return this.#underway;
  }

  /** Only the first time counts. */
  ended(one: Underway): void {
    if (one.index < 0) return;
    this.#underway.delete(one);
    if (this.#underway.size === 0) this.#empty?.();
  }

  /** Takes nothing new. Resolves when all has ended; what has not after `ms` is aborted. Idempotent. */
  run(ms: number): Promise<void> {
    this.#isOn = true;
    this.#done ??= this.#run(ms);
    return this.#done;
  }

  async #run(ms: number): Promise<void> {
    await this.#idle(ms);
    for (const one of this.#underway) one.abort(draining());
    await this.#idle(LAST_MS);
  }

  /** Resolves when nothing is on its way, or after so long. */
  #idle(ms: number): Promise<void> {
    if (this.#underway.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#empty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
