/** Lines of guests, and a bounded list of them. */
import { wallMs } from '../../base/globals.js';
import type { Logger } from '../../engine/logger.js';

/** A line of a guest. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly level: keyof Logger;
  /** What is longer than 16 KiB is cut, and ends with `…`. */
  readonly text: string;
  /** Which exported function was called. */
  readonly fn?: string;
  readonly requestId: string;
}

const MOST_TEXT = 16_384;
/** Of a line beside its text. */
const LINE_BYTES = 64;

/** Lines in order, the oldest of which go when there are too many. */
export class LogRing {
  readonly #lines: LogLine[] = [];
  readonly #mostLines: number;
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(mostLines: number, mostBytes: number) {
    this.#mostLines = mostLines;
    this.#mostBytes = mostBytes;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  get size(): number {
    return this.#lines.length;
  }

  /** Whether there was room without one going. */
  push(line: LogLine): boolean {
    this.#lines.push(line);
    this.#bytes += bytesOf(line);
    let hadRoom = true;
    while (this.#lines.length > this.#mostLines || this.#bytes > this.#mostBytes) {
      this.shift();
      hadRoom = false;
    }
    return hadRoom;
  }

  shift(): LogLine | undefined {
    const line = this.#lines.shift();
    if (line !== undefined) this.#bytes -= bytesOf(line);
    return line;
  }
}

/** A line that keeps nothing else in memory: what a guest wrote may be a piece of something large. */
export function makeLine(
  level: keyof Logger,
  text: string,
  fn: string | undefined,
  requestId: string,
): LogLine {
  const cut = text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
  const own = Buffer.from(cut).toString();
  return { time: wallMs(), level, text: own, ...(fn !== undefined && { fn }), requestId };
}

function bytesOf({ text }: LogLine): number {
  return 2 * text.length + LINE_BYTES;
}
