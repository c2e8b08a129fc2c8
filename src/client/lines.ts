/** Reads an answer line by line, and event by event, with a bound on what is kept of it. */
import { SnapvmRequestError } from './errors.js';

const NEWLINE = 10;
const RETURN = 13;

/**
 * The lines of a body, without their ends (`\n` or `\r\n`); what follows the last end is a line if it is not empty.
 * @throws SnapvmRequestError `SNAPVM_CLIENT_ANSWER` for a line of more than `mostBytes`, or one that is no UTF-8
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  mostBytes: number,
): AsyncGenerator<string, void, undefined> {
  const begun = new BegunLine(mostBytes);
  for await (const chunk of chunks) {
    let at = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, at);
      if (end < 0) break;
      begun.add(chunk.subarray(at, end));
      at = end + 1;
      yield begun.take();
    }
    begun.add(chunk.subarray(at));
  }
  if (begun.bytes > 0) yield begun.take();
}

/** A line of which the end has not come. */
class BegunLine {
  readonly #mostBytes: number;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#bytes += part.length;
    if (this.#bytes > this.#mostBytes) throw tooLong(this.#mostBytes);
    this.#parts.push(part);
  }

  take(): string {
    const line = this.#parts.length === 1 ? (this.#parts[0] as Uint8Array) : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    return textOf(line.at(-1) === RETURN ? line.subarray(0, -1) : line);
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SnapvmRequestError('SNAPVM_CLIENT_ANSWER', 'a line of the answer is no UTF-8', { cause });
  }
}

function tooLong(mostBytes: number): SnapvmRequestError {
  return new SnapvmRequestError(
    'SNAPVM_CLIENT_ANSWER',
    `a line or an event of the answer has more than ${mostBytes} bytes`,
  );
}

/** A server-sent event. */
export interface ServerEvent {
  /** `message` if it has no name. */
  readonly name: string;
  readonly data: string;
}

/**
 * The events of a body. Comments and fields that are not read here are passed over; an event that breaks off is none.
 * @throws SnapvmRequestError as `linesOf`, and for an event whose lines together have more than `mostBytes`
 */
export async function* eventsOf(
  chunks: AsyncIterable<Uint8Array>,
  mostBytes: number,
): AsyncGenerator<ServerEvent, void, undefined> {
  let name = '';
  let data: string[] = [];
  let length = 0;
  for await (const line of linesOf(chunks, mostBytes)) {
    if (line === '') {
      if (data.length > 0) yield { name: name === '' ? 'message' : name, data: data.join('\n') };
      name = '';
      data = [];
      length = 0;
      continue;
    }
    const [field, value] = fieldOf(line);
    if (field === 'event') name = value;
    if (field !== 'data') continue;
    length += value.length + 1;
    if (length > mostBytes) throw tooLong(mostBytes);
    data.push(value);
  }
}

/** A name and a value; a comment has no name. */
function fieldOf(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  if (colon < 0) return [line, ''];
  return [line.slice(0, colon), line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)];
}
