/**
 * Tells what kind a value is, whichever realm it comes from. Code under jest and `node:vm` has globals of its
 * own, so that `instanceof` fails for its objects. A program may also have changed the globals of this realm.
 */
import { types } from 'node:util';

/** Whether the value is a Uint8Array; a Proxy of one is not. */
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

/** A copy that inherits nothing, not even what a library has added to Object.prototype. */
export function withoutPrototype<T extends object>(value: T): T {
  return Object.assign(Object.create(null) as object, value) as T;
}

/** The message of an error of any realm; anything else that was thrown, as text. */
export function messageOf(thrown: unknown): string {
  try {
    const isError = thrown instanceof Error || types.isNativeError(thrown);
    return isError ? thrown.message : String(thrown);
  } catch {
    return 'something that has no text';
  }
}
