/** A question to somebody who answers later, or is stopped. One at a time. */
import { TIMEOUT_MS } from './peer.js';

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export class Exchange {
  readonly #stop: () => void;
  #waiting: Waiting | undefined;

  /** @param stop what is done when no answer comes in time */
  constructor(stop: () => void) {
    this.#stop = stop;
  }

  ask(send: () => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.fail(new Error(`no answer within ${TIMEOUT_MS} ms`));
        this.#stop();
      }, TIMEOUT_MS);
      this.#waiting = { resolve, reject, timer };
      send();
    });
  }

  answer(answer: unknown): void {
    this.#take()?.resolve(answer);
  }

  /** Nothing if nobody waits. */
  fail(error: Error): void {
    this.#take()?.reject(error);
  }

  #take(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    clearTimeout(waiting?.timer);
    return waiting;
  }
}
