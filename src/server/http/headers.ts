/** Headers of calls, checked. */

import type { IncomingHttpHeaders } from 'node:http';
import { show } from '../../base/numbers.js';
import { parseJson } from './json.js';
import { badRequest } from './request-error.js';
import type { RequestState } from './state.js';

const MAX_MS = 86_400_000;
const MOST_ARGS = 1000;

/** What headers say of a call. */
export interface CallHeaders {
  readonly fn: string | undefined;
  readonly timeoutMs: number | undefined;
  /** By `now`. */
  readonly deadline: number | undefined;
  readonly args: readonly string[] | undefined;
}

/** @throws SnapvmError `SNAPVM_SERVER_REQUEST` */
export function callHeaders(headers: IncomingHttpHeaders, { arrivedMs }: RequestState): CallHeaders {
  const deadlineMs = msIn(headers, 'snapvm-deadline-ms');
  return {
    fn: nameIn(headers, 'snapvm-fn'),
    timeoutMs: msIn(headers, 'snapvm-timeout-ms'),
    deadline: deadlineMs === undefined ? undefined : arrivedMs + deadlineMs,
    args: argsIn(headers),
  };
}

function textIn(headers: IncomingHttpHeaders, name: string): string | undefined {
  return headers[name] as string | undefined; // Node joins headers of its own names only where they are given twice
}

/** A name may have any letters, as UTF-8; Node gives headers as Latin-1. */
function nameIn(headers: IncomingHttpHeaders, name: string): string | undefined {
  const given = textIn(headers, name);
  return given === undefined ? undefined : Buffer.from(given, 'latin1').toString();
}

function msIn(headers: IncomingHttpHeaders, name: string): number | undefined {
  const given = textIn(headers, name);
  if (given === undefined) return undefined;
  const value = /^\d{1,8}(\.\d{1,9})?$/.test(given) ? Number(given) : 0;
  if (value > 0 && value <= MAX_MS) return value;
  throw badRequest(
    `the header ${name} is ${show(given)}; it must be a number of milliseconds above 0 and at most ${MAX_MS}`,
  );
}

function argsIn(headers: IncomingHttpHeaders): readonly string[] | undefined {
  const given = textIn(headers, 'snapvm-args');
  if (given === undefined) return undefined;
  // Node gives headers as Latin-1.
  const args = parseJson(Buffer.from(given, 'latin1'), 'the header snapvm-args');
  const isList =
    Array.isArray(args) && args.length <= MOST_ARGS && args.every((arg) => typeof arg === 'string');
  if (isList) return args as string[];
  throw badRequest(
    `the header snapvm-args is ${show(given)}; it must be a JSON list of at most ${MOST_ARGS} texts`,
  );
}
