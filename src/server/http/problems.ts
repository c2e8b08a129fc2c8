/** Errors as answers: RFC 9457 problems, their statuses and headers. */

import {
  ERROR_CODES,
  type ErrorCode,
  GuestError,
  GuestThrownError,
  SnapvmError,
  type Thrown,
} from '../../base/errors.js';
import { messageOf } from '../../base/realms.js';
import { jsonText } from './json.js';

export const PROBLEM_TYPE = 'application/problem+json';

/** What an answer says of an error. */
export interface Problem {
  /** `urn:snapvm:error:CODE`. */
  readonly type: string;
  /** What the code means, in general. */
  readonly title: string;
  /** The HTTP status. */
  readonly status: number;
  /** What went wrong this time; nothing of the server's own for 500. */
  readonly detail: string;
  /** Stable, for programs. */
  readonly code: ErrorCode;
  /** The id of the request. */
  readonly instance: string;
  /** The function that was called, by its name in the server. */
  readonly function?: string;
  /** Which of its exported functions was called. */
  readonly fn?: string;
  /** What a JavaScript function threw. */
  readonly thrown?: Thrown;
  /** The values in the message, of an error that a function made. */
  readonly details?: Readonly<Record<string, unknown>>;
}

const STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  SNAPVM_SERVER_REQUEST: 400,
  SNAPVM_SERVER_NAME: 400,
  SNAPVM_CONFIG_VALUE: 400,
  SNAPVM_CONFIG_UNKNOWN: 400,
  SNAPVM_SERVER_UNAUTHORIZED: 401,
  SNAPVM_SERVER_FORBIDDEN: 403,
  SNAPVM_SERVER_UNKNOWN: 404,
  SNAPVM_CALL_FUNCTION: 404,
  SNAPVM_SERVER_CONFLICT: 409,
  SNAPVM_SERVER_TOO_LARGE: 413,
  SNAPVM_CALL_INPUT_TOO_LARGE: 413,
  SNAPVM_SERVER_MEDIA: 415,
  SNAPVM_SERVER_QUOTA: 429,
  SNAPVM_CALL_ABORTED: 499,
  SNAPVM_ENGINE_QUEUE_FULL: 503,
  SNAPVM_HOST_MEMORY: 503,
  SNAPVM_SERVER_DRAINING: 503,
  SNAPVM_ENGINE_CLOSED: 503,
  SNAPVM_CALL_DEADLINE: 504,
};
/** The errnos of a disk that has no room; the message of such an error names files of the server. */
const FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);
const FULL_STATUS = 507;
/** Somebody has to make room first. */
const FULL_SECONDS = 60;
const FULL_DETAIL =
  'the disk of the server is full, and nothing was changed; remove functions, or try again later';
/** Of a source, or of a guest that was built and failed. */
const OF_A_FUNCTION = /^SNAPVM_(JS|ELF|LINUX|GUEST|SNAPSHOT)_|^SNAPVM_CALL_(TIMEOUT|CPU)$/;
const ENGINE_NAME = /^[^/]+\/(.+)@\d+$/;
/** What a caller may be told of an error of the server's own: its message may name files and processes. */
const HIDDEN = 'the server failed; its log says why, under the id of this request';

const HIDDEN_SHORTAGE =
  'the server lacks something now; its log says what, under the id of this request; try again';
const ABSOLUTE_PATH = /(?<![\w.)\]/])\/+[\w.~-]/;

/** Whether the message of an error is for the log of the server only. */
export function isHidden({ code, message }: SnapvmError): boolean {
  const status = statusOf(code);
  return status === 500 || (status > 500 && ABSOLUTE_PATH.test(message));
}

function hiddenFor(status: number): string {
  return status === 500 ? HIDDEN : HIDDEN_SHORTAGE;
}

export function statusOf(code: ErrorCode): number {
  return STATUSES[code] ?? (OF_A_FUNCTION.test(code) ? 422 : 500);
}

function isOfFullDisk({ code, details }: SnapvmError): boolean {
  return code === 'SNAPVM_SERVER_DIRECTORY' && FULL.has(details['errno']);
}

/** An error as a `SnapvmError`; what Fastify throws is one of a request. */
export function asSnapvmError(error: unknown): SnapvmError {
  if (error instanceof SnapvmError) return error;
  const { code, statusCode } = Object(error) as { code?: unknown; statusCode?: unknown };
  const message = messageOf(error);
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new SnapvmError('SNAPVM_SERVER_MEDIA', message);
  if (statusCode === 413) return new SnapvmError('SNAPVM_SERVER_TOO_LARGE', message);
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return new SnapvmError('SNAPVM_SERVER_REQUEST', message);
  return new SnapvmError('SNAPVM_INTERNAL', message, {}, { cause: error });
}

/** What an answer says of an error. `called` is the function whose call failed. */
export function problemOf(error: SnapvmError, instance: string, called?: string): Problem {
  const { code, details } = error;
  const status = isOfFullDisk(error) ? FULL_STATUS : statusOf(code);
  const fn = details['fn'];
  return {
    type: `urn:snapvm:error:${code}`,
    title: ERROR_CODES[code],
    status,
    detail: detailOf(error, status),
    code,
    instance,
    ...(called !== undefined && { function: called }),
    ...(called !== undefined && typeof fn === 'string' && { fn }),
    ...(error instanceof GuestThrownError && { thrown: error.thrown }),
    ...(error instanceof GuestError && { details: ownDetails(details) }),
  };
}

function detailOf(error: SnapvmError, status: number): string {
  if (status === FULL_STATUS) return FULL_DETAIL;
  return isHidden(error) ? hiddenFor(status) : messageFor(error);
}

/** The engine's names of functions have tenants and revisions in them; callers know the name between. */
function messageFor({ message, details }: SnapvmError): string {
  const called = details['function'];
  const name = typeof called === 'string' ? ENGINE_NAME.exec(called)?.[1] : undefined;
  return name === undefined ? message : message.replaceAll(called as string, () => name);
}

/** Without those that the problem has itself, and the engine's name of the function. */
function ownDetails(details: SnapvmError['details']): Readonly<Record<string, unknown>> {
  const { function: _, fn, call, ...own } = details;
  return own;
}

export function problemText(problem: Problem): string {
  return jsonText(problem);
}

/** Who made the error: the function that was called or deployed, or all else. */
export function errorSource(status: number): 'function' | 'service' {
  return status === 422 ? 'function' : 'service';
}

/** Seconds after which to try again, where that makes sense. */
export function retryAfter(error: SnapvmError, status: number): number | undefined {
  if (status === 503) return 1;
  if (status === FULL_STATUS) return FULL_SECONDS;
  if (status !== 429) return undefined;
  const seconds = error.details['retryAfterSeconds'];
  return typeof seconds === 'number' ? Math.max(1, Math.ceil(seconds)) : 1;
}
