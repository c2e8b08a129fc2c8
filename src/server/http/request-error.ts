/** Errors of requests. */

import { SnapvmError } from '../../base/errors.js';

export function badRequest(message: string): SnapvmError {
  return new SnapvmError('SNAPVM_SERVER_REQUEST', message);
}

export function tooLarge(message: string, room: number): SnapvmError {
  return new SnapvmError('SNAPVM_SERVER_TOO_LARGE', message, { room });
}

export function badMedia(given: string | undefined, taken: readonly string[]): SnapvmError {
  const what =
    given === undefined ? 'there is no content type' : `the content type is ${JSON.stringify(given)}`;
  return new SnapvmError('SNAPVM_SERVER_MEDIA', `${what}; this takes ${taken.join(', ')}`);
}

export function unknownThing(message: string): SnapvmError {
  return new SnapvmError('SNAPVM_SERVER_UNKNOWN', message);
}
