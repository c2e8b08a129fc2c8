/** What an answer says while it comes: output of a program, lines of a log, answers of a batch. */
import { type Problem, problemError, SnapvmRequestError } from './errors.js';
import { eventsOf, linesOf, type ServerEvent } from './lines.js';
import type { OpenAnswer } from './transport.js';
import type { BatchAnswer, LogLine, ProgramEvent } from './types.js';
import { batchAnswer, bytesOf, type WrittenAnswer } from './values.js';

/** The server sends a MiB at a time, as base64, and no line of a log is that long. */
const MOST_EVENT_BYTES = 8 * 2 ** 20;
/** An answer in events. */
export const EVENTS_TYPE = 'text/event-stream';
/** Inputs and answers in lines of JSON. */
export const LINES_TYPE = 'application/x-ndjson';

/**
 * What a program writes, and how it ends.
 * @throws SnapvmRequestError the problem that it ended with, `SNAPVM_CLIENT_ANSWER`, and what reading throws
 */
export async function* programEvents(answer: OpenAnswer): AsyncGenerator<ProgramEvent, void, undefined> {
  for await (const event of knownEvents(answer)) {
    const { name } = event;
    if (name === 'problem') throw problemError(objectOf(event) as Problem);
    if (name === 'stdout' || name === 'stderr') {
      const { base64 } = objectOf(event) as { readonly base64: string };
      yield { type: name, bytes: bytesOf(base64) };
    } else if (name === 'end') {
      yield { type: 'end', ...(objectOf(event) as { readonly exitCode: number; readonly signal?: string }) };
      return;
    }
  }
  throw brokenOff(answer);
}

/**
 * Lines of a log that is followed.
 * @throws SnapvmRequestError `SNAPVM_CLIENT_DROPPED`, `SNAPVM_CLIENT_ANSWER`, and what reading throws
 */
export async function* logLines(answer: OpenAnswer): AsyncGenerator<LogLine, void, undefined> {
  for await (const event of knownEvents(answer)) {
    if (event.name === 'line') yield objectOf(event) as LogLine;
    else if (event.name === 'end') {
      const { dropped } = objectOf(event) as { readonly dropped: boolean };
      if (!dropped) return;
      throw new SnapvmRequestError(
        'SNAPVM_CLIENT_DROPPED',
        'the lines were read more slowly than the function wrote them, and the server gave up; follow them again',
      );
    }
  }
  throw brokenOff(answer);
}

/**
 * The answers to a batch of so many inputs, in lines.
 * @throws SnapvmRequestError `SNAPVM_CLIENT_ANSWER`, and what reading throws
 */
export async function* answerLines(
  answer: OpenAnswer,
  inputs: number,
  mostBytes: number,
): AsyncGenerator<BatchAnswer<unknown>, void, undefined> {
  checkMedia(answer, LINES_TYPE);
  let left = inputs;
  for await (const line of linesOf(answer.chunks, mostBytes)) {
    left -= 1;
    if (left >= 0) yield batchAnswer(parsed(line) as WrittenAnswer);
  }
  if (left !== 0)
    throw new SnapvmRequestError(
      'SNAPVM_CLIENT_ANSWER',
      `the batch of ${inputs} inputs has ${inputs - left} answers; is it snapvm that answers there?`,
      { status: answer.status },
    );
}

function knownEvents(answer: OpenAnswer): AsyncGenerator<ServerEvent, void, undefined> {
  checkMedia(answer, EVENTS_TYPE);
  return eventsOf(answer.chunks, MOST_EVENT_BYTES);
}

function checkMedia({ media, status }: OpenAnswer, wanted: string): void {
  if (media === wanted) return;
  throw new SnapvmRequestError(
    'SNAPVM_CLIENT_ANSWER',
    `the answer is ${media === '' ? 'of no type' : media}, and not ${wanted}; is it snapvm that answers there?`,
    { status },
  );
}

function objectOf({ name, data }: ServerEvent): unknown {
  const value = parsed(data);
  if (typeof value === 'object' && value !== null) return value;
  throw new SnapvmRequestError('SNAPVM_CLIENT_ANSWER', `the event ${name} of the answer is no JSON object`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SnapvmRequestError('SNAPVM_CLIENT_ANSWER', 'a line of the answer is no JSON', { cause });
  }
}

function brokenOff({ status }: OpenAnswer): SnapvmRequestError {
  const message = 'the answer ended before it had said all; did a proxy end it?';
  return new SnapvmRequestError('SNAPVM_CLIENT_ANSWER', message, { status });
}
