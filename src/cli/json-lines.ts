/** Reads lines of JSON, however many there are: some thousand at a time. */
import { UsageError } from './arguments.js';

/** Values of lines that follow each other; empty lines among them are no values. */
export interface JsonLines {
  /** The number of its first line, from 1. */
  readonly first: number;
  /** The number of its last line. */
  readonly last: number;
  readonly values: readonly unknown[];
}

/** How much is taken at a time. */
export interface Portion {
  readonly lines: number;
  /** A line that has more is a portion of its own. */
  readonly bytes: number;
  /** The longest line that is read. */
  readonly lineBytes: number;
}

interface Line {
  readonly bytes: Uint8Array;
  readonly number: number;
}

const NEWLINE = 10;

/**
 * @param what Where the lines are from, for messages.
 * @throws UsageError when a line is no JSON, after the portions before it; what reading the pieces throws
 */
export async function* jsonLines(
  what: string,
  pieces: AsyncIterable<Uint8Array>,
  portion: Portion,
): AsyncGenerator<JsonLines, void, undefined> {
  let values: unknown[] = [];
  let size = 0;
  let first = 1;
  let last = 0;
  for await (const { bytes, number } of linesIn(what, pieces, portion.lineBytes)) {
    if (values.length > 0 && (values.length === portion.lines || size + bytes.length > portion.bytes)) {
      yield { first, last, values };
      values = [];
      size = 0;
    }
    const text = textOf(what, bytes, number);
    if (text === '') continue;
    const value = parsed(what, text, number);
    if (values.length === 0) first = number;
    last = number;
    values.push(value);
    size += bytes.length;
  }
  if (values.length > 0) yield { first, last, values };
}

async function* linesIn(
  what: string,
  pieces: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<Line, void, undefined> {
  let held: Uint8Array[] = [];
  let size = 0;
  let number = 1;
  const hold = (part: Uint8Array): void => {
    held.push(part);
    size += part.length;
    if (size > most) throw new UsageError(`line ${number} of ${what} has more than ${most} bytes`);
  };
  for await (const piece of pieces) {
    let at = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, at)) {
      hold(piece.subarray(at, end));
      yield { bytes: Buffer.concat(held), number };
      held = [];
      size = 0;
      number += 1;
      at = end + 1;
    }
    hold(piece.subarray(at));
  }
  if (size > 0) yield { bytes: Buffer.concat(held), number };
}

function textOf(what: string, bytes: Uint8Array, number: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
  } catch {
    throw new UsageError(`line ${number} of ${what} is not UTF-8`);
  }
}

function parsed(what: string, text: string, number: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`line ${number} of ${what} is not JSON: ${reason}`);
  }
}
