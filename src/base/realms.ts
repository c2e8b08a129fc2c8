/**
 * What values are, whichever realm they come from: jest and `node:vm` give code globals of its own, and nothing it makes
 * is an `instanceof` ours. And whatever a program has done to ours.
 */
import { types } from 'node:util';

/** Bytes; a Proxy of some is none. */
export const isBytes: (value: unknown) => value is Uint8Array = types.isUint8Array;

export function isUrl(value: unknown): value is URL {
  if (typeof value !== 'object' || value === null) return false;
  const { href, protocol, host } = value as Partial<URL>;
  return typeof href === 'string' && typeof protocol === 'string' && typeof host === 'string';
}

export function isAbortSignal(value: unknown): value is AbortSignal {
  if (value instanceof AbortSignal) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { aborted, addEventListener, removeEventListener } = value as Partial<AbortSignal>;
  const listens = typeof addEventListener === 'function' && typeof removeEventListener === 'function';
  return typeof aborted === 'boolean' && listens;
}

/** A copy that inherits nothing: not what some library has added to Object.prototype either. */
export function withoutPrototype<T extends object>(value: T): T {
  return Object.assign(Object.create(null) as object, value) as T;
}

/** The message of an error of any realm, or what else was thrown as text. */
export function messageOf(thrown: unknown): string {
  try {
    const isError = thrown instanceof Error || types.isNativeError(thrown);
    return isError ? thrown.message : String(thrown);
  } catch {
    return 'something that has no text';
  }
}
