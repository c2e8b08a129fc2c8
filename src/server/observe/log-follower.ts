/** Who follows the lines of a function as they come. */
import { type LogLine, LogRing } from './log-ring.js';

/** What may wait to be read. One call may write some thousand lines at once. */
const MOST_LINES = 4096;
const MOST_BYTES = 2 ** 20;

/**
 * Lines as they come: `for await (const line of follower)`, once. It ends when the function is removed or the server
 * closes, when the loop is left, and when 4,096 lines or 1 MiB wait to be read (`isDropped`). Whoever stops reading in
 * another way calls `close`.
 */
export class LogFollower implements AsyncIterable<LogLine> {
  readonly #left: () => void;
  readonly #waiting = new LogRing(MOST_LINES, MOST_BYTES);
  #isOpen = true;
  #isDropped = false;
  #wake: (() => void) | undefined;

  /** `left` is called once, when it needs no more lines. */
  constructor(left: () => void) {
    this.#left = left;
  }

  /** Whether it ended since it was read too slowly. */
  get isDropped(): boolean {
    return this.#isDropped;
  }

  push(line: LogLine): void {
    if (!this.#isOpen) return;
    if (!this.#waiting.push(line)) {
      this.#isDropped = true;
      this.close();
    }
    this.#wake?.();
  }

  /** Ends it, after the lines that have come. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#left();
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LogLine, void, undefined> {
    try {
      for (;;) {
        const line = this.#waiting.shift();
        if (line !== undefined) yield line;
        else if (this.#isOpen) await this.#nextLine();
        else return;
      }
    } finally {
      this.close();
    }
  }

  #nextLine(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
