/** The lines of a function as they come, for as long as the server is there. */
import { SnapvmRequestError } from '../client/errors.js';
import { serverEvents } from './server-events.js';

/** A line of a function, as the server says it. */
export interface FunctionLine {
  readonly time: string;
  readonly level: string;
  readonly text: string;
  /** Which of its exports was called. */
  readonly fn?: string;
  readonly requestId: string;
}

/** Where lines come from. */
export interface LineSource {
  /** The server's events: first the lines that it kept, then those that come. */
  open(): Promise<AsyncIterable<Uint8Array>>;
  /** Lines were lost: they came faster than they were read. */
  dropped(): void;
}

/** The server keeps as many. */
const MOST_KEPT = 200;
/** `fetch` gives up on a body when nothing came for some minutes. */
const SILENCE = 'UND_ERR_BODY_TIMEOUT';

/**
 * The lines that the server has kept and those that come, until it ends or the function is removed. It asks again when
 * nothing came for a long time, or too much at once; what it has told already it does not tell again.
 * @param known Kept lines that are left out, oldest first.
 * @throws SnapvmRequestError
 */
export async function* followLines(
  source: LineSource,
  known: readonly FunctionLine[],
): AsyncGenerator<FunctionLine, void, undefined> {
  const told = known.map(keyOf);
  for (;;) {
    const again = [...told];
    const body = await source.open();
    try {
      for await (const line of linesUntilEnd(body, source)) {
        const key = keyOf(line);
        // The kept lines come in their order, without the oldest that went meanwhile.
        const at = again.indexOf(key);
        again.splice(0, at < 0 ? again.length : at + 1);
        if (at >= 0) continue;
        told.push(key);
        if (told.length > MOST_KEPT) told.shift();
        yield line;
      }
      return;
    } catch (error) {
      if (!(error instanceof AskAgain || isSilence(error))) throw brokenOff(error);
    }
  }
}

/** What ends one request, and not the whole. */
class AskAgain extends Error {}

/** @throws AskAgain after lines were lost; TypeError, SyntaxError, SnapvmRequestError when it breaks off */
async function* linesUntilEnd(
  body: AsyncIterable<Uint8Array>,
  source: LineSource,
): AsyncGenerator<FunctionLine, void, undefined> {
  for await (const { name, data } of serverEvents(body)) {
    if (name === 'line') yield JSON.parse(data) as FunctionLine;
    if (name !== 'end') continue;
    if (!isDropped(data)) return;
    source.dropped();
    throw new AskAgain();
  }
  throw new TypeError('the events have no end');
}

function keyOf({ time, level, text, fn, requestId }: FunctionLine): string {
  return JSON.stringify([time, level, text, fn, requestId]);
}

function isDropped(data: string): boolean {
  return (JSON.parse(data) as { readonly dropped?: unknown }).dropped === true;
}

function isSilence(error: unknown): boolean {
  const { cause } = Object(error) as { readonly cause?: { readonly code?: unknown } };
  return Object(cause).code === SILENCE;
}

function brokenOff(error: unknown): unknown {
  if (!(error instanceof TypeError || error instanceof SyntaxError)) return error;
  const isAnswer = error instanceof SyntaxError;
  const code = isAnswer ? 'SNAPVM_CLIENT_ANSWER' : 'SNAPVM_CLIENT_UNREACHABLE';
  const what = isAnswer ? 'an event of the server is no JSON' : 'the server broke off';
  return new SnapvmRequestError(code, `${what} while the lines were followed`, { cause: error });
}
