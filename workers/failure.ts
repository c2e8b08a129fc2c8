import { type ErrorData, SnapvmError } from '../src/base/errors.js';
import type { Failure } from '../src/wire/protocol.js';

/** An error as data, which crosses threads: its class and code would not survive. */
export function thrown(error: unknown): Extract<Failure, { kind: 'error' }> {
  const data: ErrorData =
    error instanceof SnapvmError
      ? { code: error.code, message: error.message, details: error.details }
      : {
          code: 'SNAPVM_INTERNAL',
          message: error instanceof Error ? (error.stack ?? error.message) : String(error),
          details: {},
        };
  return { kind: 'error', error: data };
}
