/** Checks of options that callers give, with messages that name the option, its value and what is allowed. */

import { fileURLToPath } from 'node:url';
import { SnapvmError } from './errors.js';
import { hex, show } from './numbers.js';
import { isUrl, withoutPrototype } from './realms.js';
import { suggest } from './suggest.js';

export function invalidOption(option: string, value: unknown, expected: string): SnapvmError {
  return new SnapvmError('SNAPVM_CONFIG_VALUE', `${option} is ${show(value)}; it must be ${expected}`, {
    option,
  });
}

/**
 * A copy of the options themselves: what some library has added to Object.prototype is none of them.
 * @throws SnapvmError SNAPVM_CONFIG_VALUE
 */
export function checkObject(name: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw invalidOption(name, value, 'an object');
  }
  return withoutPrototype(value) as Readonly<Record<string, unknown>>;
}

/** Refuses options that do not exist, with the closest one that does. @throws SnapvmError SNAPVM_CONFIG_UNKNOWN */
export function checkNames(
  name: string,
  options: Readonly<Record<string, unknown>>,
  known: readonly string[],
): void {
  for (const option of Object.keys(options)) {
    if (known.includes(option)) continue;
    const message = `${name} has no option ${show(option)}; ${suggest(option, known)}`;
    throw new SnapvmError('SNAPVM_CONFIG_UNKNOWN', message, { option });
  }
}

/** A whole number in the range, or `undefined` when it is left out. @throws SnapvmError SNAPVM_CONFIG_VALUE */
export function checkWhole(option: string, value: unknown, least: number, most: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalidOption(option, value, `a whole number from ${bound(least)} to ${bound(most)}`);
}

const MAX_MS = 24 * 60 * 60 * 1000;

/** Milliseconds, fractions allowed, or `undefined` when they are left out. @throws SnapvmError SNAPVM_CONFIG_VALUE */
export function checkMs(option: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value > 0 && value <= MAX_MS) return value;
  throw invalidOption(option, value, `a number of milliseconds above 0 and at most ${MAX_MS}`);
}

/** `true` or `false`, or `undefined` when it is left out. @throws SnapvmError SNAPVM_CONFIG_VALUE */
export function checkBoolean(option: string, value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw invalidOption(option, value, 'true or false');
}

/** A path, from a string or a `file:` URL, or `undefined` when it is left out. @throws SnapvmError SNAPVM_CONFIG_VALUE */
export function checkDirectory(option: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (isUrl(value) && value.protocol === 'file:' && value.host === '') return fileURLToPath(value.href);
  if (typeof value === 'string' && value !== '' && !value.includes('\0')) return value;
  throw invalidOption(option, isUrl(value) ? value.href : value, 'a path or a file: URL of a directory');
}

function bound(value: number): string {
  return value < 10 ? `${value}` : hex(value);
}
