/** The id of a request: in its answer, in problems and in log lines. */
import { randomUUID } from 'node:crypto';

const SANE = /^[A-Za-z0-9._:-]{1,128}$/;

/** What came as `x-request-id`, if it is 1 to 128 letters, digits, `.`, `_`, `:` and `-`; else a new UUID. */
export function requestId(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && SANE.test(header) ? header : randomUUID();
}
