/** Values as bodies: JSON, or bytes as they are. */
import { optionError, type Problem, problemError } from './errors.js';
import { type Answer, jsonOf, mediaOf } from './transport.js';
import type { AsyncCall, BatchAnswer, CallInfo, CallState } from './types.js';

/** A body with its type. */
export interface Body {
  readonly type: string;
  readonly content: string | Uint8Array;
}

/** The body for a call's input; `undefined` has none. @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
export function bodyOf(input: unknown): Body | undefined {
  if (input === undefined) return undefined;
  if (input instanceof Uint8Array) return { type: 'application/octet-stream', content: input };
  return { type: 'application/json', content: jsonText('input', input) };
}

/** The body for the inputs of a batch: bytes are in it as base64. @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
export function batchBody(inputs: readonly unknown[]): Body {
  if (!Array.isArray(inputs)) throw optionError('inputs', inputs, 'a list');
  return { type: 'application/json', content: jsonText('inputs', inputs.map(inBatch)) };
}

/** One input of a batch, as a line without its end. @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
export function batchLine(input: unknown): string {
  return jsonText('an input', inBatch(input));
}

function inBatch(input: unknown): unknown {
  return input instanceof Uint8Array ? { base64: base64Of(input) } : input;
}

/** Standard input of a program. @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
export function stdinOf(input: unknown): Body | undefined {
  if (input === undefined) return undefined;
  if (typeof input === 'string' || input instanceof Uint8Array)
    return { type: 'application/octet-stream', content: input };
  throw optionError('input', input, 'a text or a Uint8Array: the standard input of a program');
}

/** What JSON.stringify says, in words that name the option. */
function jsonText(option: string, value: unknown): string {
  let text: string | undefined;
  let cause: unknown;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    cause = error;
  }
  if (text !== undefined) return text;
  const why = cause instanceof Error ? ` (${cause.message})` : '';
  throw optionError(option, value, `what JSON has, or a Uint8Array${why}`);
}

/** A list of texts for a header, which has ASCII only. */
export function headerList(list: readonly string[]): string {
  return JSON.stringify(list).replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What a call answered. */
function resultOf(answer: Answer): unknown {
  if (answer.status === 204) return undefined;
  return mediaOf(answer) === 'application/octet-stream' ? answer.bytes : jsonOf(answer);
}

/** The answer of a call and what its headers say. */
export function infoOf(answer: Answer): CallInfo<unknown> {
  const { headers } = answer;
  return {
    result: resultOf(answer),
    version: headers.get('snapvm-version') ?? '',
    revision: numberIn(headers, 'snapvm-revision') ?? 0,
    durationUs: numberIn(headers, 'snapvm-duration-us') ?? 0,
    queueUs: numberIn(headers, 'snapvm-queue-us') ?? 0,
    dirtyPages: numberIn(headers, 'snapvm-dirty-pages'),
    exitCode: numberIn(headers, 'snapvm-exit-code'),
    requestId: headers.get('x-request-id') ?? undefined,
  };
}

function numberIn(headers: Headers, name: string): number | undefined {
  const text = headers.get(name);
  return text === null ? undefined : Number(text);
}

/** One answer of a batch, as the server writes it. */
export interface WrittenAnswer {
  readonly result?: unknown;
  readonly problem?: Problem;
}

/** The answers of a batch, in the order of its inputs. */
export function batchAnswers(answer: Answer): BatchAnswer<unknown>[] {
  return (jsonOf(answer) as readonly WrittenAnswer[]).map(batchAnswer);
}

/** One answer of a batch. */
export function batchAnswer({ problem, result }: WrittenAnswer): BatchAnswer<unknown> {
  return problem === undefined ? { ok: true, result } : { ok: false, error: problemError(problem) };
}

/** An asynchronous call as the server writes it. */
interface WrittenCall {
  readonly id: string;
  readonly function: string;
  readonly version: string;
  readonly revision: number;
  readonly state: CallState;
  readonly createdAt: string;
  readonly endedAt?: string;
  readonly expiresAt?: string;
  readonly result?: unknown;
  readonly resultBase64?: string;
  readonly problem?: Problem;
}

/** An asynchronous call, with its result or error. */
export function asyncCall(answer: Answer): AsyncCall {
  const { resultBase64, problem, ...call } = jsonOf(answer) as WrittenCall;
  return {
    ...call,
    ...(resultBase64 !== undefined && { result: bytesOf(resultBase64) }),
    ...(problem !== undefined && { error: problemError(problem) }),
  };
}

/** The bytes of base64. */
export function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
