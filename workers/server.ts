import { type AddonServer, addon, typed, WHY } from '../src/addon/addon.js';
import { nextTurn } from '../src/base/globals.js';
import type { WorkerSetup } from '../src/wire/protocol.js';
import { MAIN_DOORBELL, type RingViews, WORD } from '../src/wire/ring.js';
import type { Calls } from './calls.js';
import type { Residents } from './residents.js';

/**
 * The loop in which a worker answers its ring. The addon answers ordinary calls; what it leaves is done here, messages are given turns of the
 * event loop, and when there is nothing to do the thread sleeps on its doorbell.
 */
export class Server {
  /** The addon's part of it. */
  readonly addon: AddonServer;
  readonly #ring: RingViews;
  #messages = 0;

  constructor(setup: WorkerSetup, ring: RingViews) {
    const mainDoorbell = new Int32Array(setup.mainDoorbell);
    const wake = (): void => void Atomics.notify(mainDoorbell, MAIN_DOORBELL.answers);
    this.addon = new (addon().Server)(
      new Uint8Array(setup.ring),
      new Uint8Array(setup.mainDoorbell),
      wake,
      setup.residentBytes,
    );
    this.#ring = ring;
  }

  /** Counts a message that was handled. */
  countMessage(): void {
    this.#messages = (this.#messages + 1) | 0;
  }

  /** Answers calls until the ring is closed. */
  async run(calls: Calls, residents: Residents): Promise<void> {
    for (;;) {
      const why = this.#serve(calls);
      switch (why) {
        case WHY.closed:
          return;
        case WHY.unprepared:
          calls.begin(this.#word(WORD.slot));
          break;
        case WHY.ran:
          calls.finish(this.#word(WORD.slot), this.#word(WORD.resident));
          break;
        case WHY.full:
          residents.shrink();
          break;
        case WHY.control:
          await nextTurn(); // in which messages arrive
          break;
        case WHY.idle:
          this.#sleep();
          break;
      }
    }
  }

  /** Has the addon answer calls. When a run throws, its call has failed. */
  #serve(calls: Calls): number {
    try {
      return typed(() => this.addon.serve(this.#messages));
    } catch (error) {
      const slot = this.#word(WORD.slot);
      if (slot < 0) throw error; // a bug: the worker ends, and is replaced
      calls.fail(slot, this.#word(WORD.resident), error);
      return -1;
    }
  }

  #sleep(): void {
    const { words } = this.#ring;
    Atomics.store(words, WORD.asleep, 1);
    Atomics.wait(words, WORD.doorbell, this.#word(WORD.seen));
    Atomics.store(words, WORD.asleep, 0);
  }

  #word(index: number): number {
    return Atomics.load(this.#ring.words, index);
  }
}
