/** The paths and headers of requests, from what a caller gave. */
import { optionError } from './errors.js';
import { type ApiRequest, checkPart } from './transport.js';
import type { CallOptions } from './types.js';
import { type Body, headerList } from './values.js';

/** Of the list of functions. */
export const FUNCTIONS: readonly string[] = ['v1', 'functions'];
const CALLS = ['v1', 'calls'];
/** What a header says has at most three decimals. */
const LEAST_MS = 0.001;

/** @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
export function functionPath(name: string): readonly string[] {
  return [...FUNCTIONS, checkPart('name', name)];
}

/** @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
export function aliasPath(name: string, alias: string): readonly string[] {
  return [...functionPath(name), 'aliases', checkPart('alias', alias)];
}

/** Of an asynchronous call. @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
export function callPath(id: string): readonly string[] {
  return [...CALLS, checkPart('id', id)];
}

/** What calls, in whichever way the path says. @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
export function callRequest(
  path: readonly string[],
  body: Body | undefined,
  { fn, alias, version, timeoutMs, deadlineMs, args, signal }: CallOptions,
): ApiRequest {
  return {
    method: 'POST',
    path,
    query: { alias, version },
    headers: {
      'content-type': body?.type,
      'snapvm-fn': fn === undefined ? undefined : headerName('fn', fn),
      'snapvm-timeout-ms': headerMs('timeoutMs', timeoutMs),
      'snapvm-deadline-ms': headerMs('deadlineMs', deadlineMs),
      'snapvm-args': args === undefined ? undefined : headerList(args),
    },
    body: body?.content,
    signal,
  };
}

/** A whole number in its bounds. @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
export function checkCount(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw optionError(option, value, `a whole number from ${least} to ${most}`);
}

function headerMs(option: string, ms: number | undefined): string | undefined {
  if (ms === undefined) return undefined;
  if (Number.isFinite(ms) && ms > 0) return String(Math.max(LEAST_MS, Number(ms.toFixed(3))));
  throw optionError(option, ms, 'a number of milliseconds above 0');
}

/** A name as UTF-8, a byte a character, as headers have it. @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
function headerName(option: string, name: string): string {
  const isName = typeof name === 'string' && /^[^\s\p{Cc}]+$/u.test(name);
  if (isName) return String.fromCharCode(...new TextEncoder().encode(name));
  throw optionError(option, name, 'a name without spaces and control characters');
}
