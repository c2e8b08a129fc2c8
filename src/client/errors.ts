/** What a request to the server can end with instead of an answer. */

/** A problem as the server tells it: RFC 9457, with a stable `code`. */
export interface Problem {
  /** `urn:snapvm:error:CODE`. */
  readonly type?: string;
  /** What the code means, in general. */
  readonly title?: string;
  /** The HTTP status. */
  readonly status?: number;
  /** What went wrong this time. */
  readonly detail?: string;
  /** Stable, for programs. */
  readonly code?: string;
  /** The request's id, as the server's log has it. */
  readonly instance?: string;
  /** What a JavaScript function threw: its name, message, stack and more. */
  readonly thrown?: Readonly<Record<string, unknown>>;
  /** The function that failed. */
  readonly function?: string;
  /** Which of its exports was called. */
  readonly fn?: string;
  /** The values in the message, of an error that the function made. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/**
 * Codes of this client, beside those of the server. `SNAPVM_CLIENT_OPTION`: an option or argument is wrong, and nothing
 * was sent. `SNAPVM_CLIENT_UNREACHABLE`: the server did not answer, or the connection broke; whether the request had an
 * effect is not known. `SNAPVM_CLIENT_ANSWER`: what came back is too large, or is no answer of snapvm.
 * `SNAPVM_CLIENT_DROPPED`: lines of a log were followed too slowly, and some are missing.
 */
export type ClientErrorCode =
  | 'SNAPVM_CLIENT_OPTION'
  | 'SNAPVM_CLIENT_UNREACHABLE'
  | 'SNAPVM_CLIENT_ANSWER'
  | 'SNAPVM_CLIENT_DROPPED';

/** What is known of a failure beside its code and message. */
export interface FailureFacts {
  /** The HTTP status. @default there was no answer */
  readonly status?: number | undefined;
  /** What the server said. @default nothing */
  readonly problem?: Problem | undefined;
  /** Whether the function is to blame. @default false */
  readonly isFunctionError?: boolean | undefined;
  /** After how many seconds it is worth to ask again. @default unknown */
  readonly retryAfterSeconds?: number | undefined;
  /** What it came from. @default none */
  readonly cause?: unknown;
}

/** Every failure of a request, but an abort: that rejects with the reason of its signal. */
export class SnapvmRequestError extends Error {
  /** `SnapvmRequestError`. */
  override readonly name = 'SnapvmRequestError';
  /** A code of the server (docs/errors.md), or a `ClientErrorCode`. */
  readonly code: string;
  /** The HTTP status; `undefined` if there was no answer. */
  readonly status: number | undefined;
  /** All that the server said; `undefined` if it said nothing. */
  readonly problem: Problem | undefined;
  /**
   * Whether the function is to blame: what it did when it was called, or what is wrong with it when it is deployed.
   * `false`: the request, the server or the way to it.
   */
  readonly isFunctionError: boolean;
  /** After how many seconds it is worth to ask again, where the server says so. */
  readonly retryAfterSeconds: number | undefined;

  /** Made by the client; for tests of what handles it, too. */
  constructor(code: string, message: string, facts: FailureFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.status = facts.status;
    this.problem = facts.problem;
    this.isFunctionError = facts.isFunctionError ?? false;
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

/** An error for an option or an argument that is wrong. */
export function optionError(name: string, given: unknown, wanted: string): SnapvmRequestError {
  return new SnapvmRequestError('SNAPVM_CLIENT_OPTION', `${name} is ${shown(given)}; it must be ${wanted}`);
}

const MOST_SHOWN = 100;

function shown(value: unknown): string {
  if (typeof value === 'string') {
    const text = JSON.stringify(value);
    return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
  }
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** An error for a problem of the server, or for one of the problems in an answer. */
export function problemError(problem: Problem, facts: FailureFacts = {}): SnapvmRequestError {
  const { code, detail, title, status } = problem;
  return new SnapvmRequestError(code ?? 'SNAPVM_CLIENT_ANSWER', detail ?? title ?? 'the request failed', {
    status,
    problem,
    isFunctionError: isOfFunction(problem),
    ...facts,
  });
}

/** For a problem that has no headers: of a call, with the status of what functions do wrong. */
function isOfFunction(problem: Problem): boolean {
  return problem.status === 422 && typeof problem.function === 'string';
}
