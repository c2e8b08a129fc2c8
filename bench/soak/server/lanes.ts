/** What goes on at the same time: each lane does one thing after the other, until the load ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tally } from '../tally.js';

/** Lanes that can be held up, while a server that was killed is looked at. */
export class Lanes {
  readonly #tally: Tally;
  readonly #signal: AbortSignal;
  readonly #running: Promise<void>[] = [];
  readonly #busy = new Set<Promise<void>>();
  #gate: Promise<void> = Promise.resolve();
  #open: () => void = () => {};

  constructor(tally: Tally, signal: AbortSignal) {
    this.#tally = tally;
    this.#signal = signal;
  }

  /** Does it again and again, with pauses of about so long. */
  add(pauseMs: number, act: () => Promise<unknown>): void {
    this.#running.push(this.#lane(pauseMs, act));
  }

  /** Nothing new begins until `goOn`. */
  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  /** Resolves when what was on its way has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#busy);
  }

  goOn(): void {
    this.#open();
  }

  /** Resolves when all have ended, after the signal has aborted. */
  async ended(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #lane(pauseMs: number, act: () => Promise<unknown>): Promise<void> {
    for (;;) {
      await sleep(pauseMs * (0.5 + Math.random()), undefined, { signal: this.#signal }).catch(() => {});
      await this.#gate;
      if (this.#signal.aborted) return;
      const acting = this.#act(act);
      this.#busy.add(acting);
      await acting;
      this.#busy.delete(acting);
    }
  }

  async #act(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#tally.surprise(`the load: ${error instanceof Error ? error.stack : error}`);
    }
  }
}
