/** Inputs that are bytes. */

import { invalidOption } from '../base/checks.js';
import { isBytes } from '../base/realms.js';

const KINDS = 'a Uint8Array or a string';
const NO_INPUT = new Uint8Array(0);
const ENCODER = new TextEncoder();

/** The bytes of an input: the caller's own where it gave bytes. @throws SnapvmError `SNAPVM_CONFIG_VALUE` */
export function inputBytes(option: string, input: unknown): Uint8Array {
  if (isBytes(input)) {
    if (input.length === 0 && isDetached(input))
      throw invalidOption(option, 'a view on a detached buffer', KINDS);
    return isOrdinary(input) ? input : new Uint8Array(input);
  }
  if (input === undefined) return NO_INPUT;
  if (typeof input === 'string') return ENCODER.encode(input);
  throw invalidOption(option, input, KINDS);
}

function isDetached({ buffer }: Uint8Array): boolean {
  try {
    return new Uint8Array(buffer, 0, 0).length > 0; // ArrayBuffer.detached came after Node 20
  } catch {
    return true;
  }
}

/** Whether neither a subclass nor another thread can change its length between a check and the copy. */
function isOrdinary(input: Uint8Array): boolean {
  const prototype: unknown = Object.getPrototypeOf(input);
  const known = prototype === Uint8Array.prototype || prototype === Buffer.prototype;
  return known && Object.getPrototypeOf(input.buffer) === ArrayBuffer.prototype;
}
