/** Checks of options that callers give, with messages that name the option, its value and what is allowed. */
import { SnapvmError } from '../errors.js';
import { hex, show } from './numbers.js';

export function wrongKind(option: string, value: unknown, expected: string): SnapvmError {
  return new SnapvmError('SNAPVM_CONFIG_VALUE', `${option} is ${show(value)}; it must be ${expected}`, {
    option,
  });
}

/** @throws SnapvmError SNAPVM_CONFIG_VALUE */
export function checkObject(name: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw wrongKind(name, value, 'an object');
  }
  return value as Readonly<Record<string, unknown>>;
}

/** Refuses options that do not exist, with the closest one that does. @throws SnapvmError SNAPVM_CONFIG_UNKNOWN */
export function checkNames(
  name: string,
  options: Readonly<Record<string, unknown>>,
  known: readonly string[],
): void {
  for (const option of Object.keys(options)) {
    if (known.includes(option)) continue;
    const close = closest(option, known);
    const hint = close === undefined ? `it has ${known.join(', ')}` : `did you mean ${show(close)}?`;
    throw new SnapvmError('SNAPVM_CONFIG_UNKNOWN', `${name} has no option ${show(option)}; ${hint}`, {
      option,
    });
  }
}

/** A whole number in the range, or `undefined` when it is left out. @throws SnapvmError SNAPVM_CONFIG_VALUE */
export function checkWhole(option: string, value: unknown, least: number, most: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw wrongKind(option, value, `a whole number from ${bound(least)} to ${bound(most)}`);
}

function bound(value: number): string {
  return value < 10 ? `${value}` : hex(value);
}

function closest(name: string, known: readonly string[]): string | undefined {
  // Longer names are no typing mistakes, and the distance takes time in proportion to the length.
  if (name.length > 40) return undefined;
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const found = distance(name.toLowerCase(), candidate.toLowerCase());
    if (found >= least) continue;
    least = found;
    best = candidate;
  }
  return best;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? a.length;
}
