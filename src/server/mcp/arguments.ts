/** Arguments of tools, checked. They come from an assistant, so messages say what to send instead. */

import { SnapvmError } from '../../base/errors.js';
import { show } from '../../base/numbers.js';
import { suggest } from '../../base/suggest.js';
import type { ToolArguments } from './tool.js';

const MOST_ARGS = 1000;

/** @throws SnapvmError `SNAPVM_SERVER_REQUEST` */
export function checkKnown(given: ToolArguments, known: readonly string[]): void {
  for (const name of given.keys())
    if (!known.includes(name)) throw refused(`there is no argument ${show(name)}; ${suggest(name, known)}`);
}

/** @throws SnapvmError `SNAPVM_SERVER_REQUEST` */
export function textIn(given: ToolArguments, name: string, most: number): string | undefined {
  const value = given.get(name);
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.length <= most) return value;
  const what = typeof value === 'string' ? `has ${value.length} characters` : `is ${show(value)}`;
  throw refused(`${name} ${what}; it must be a text of at most ${most}`);
}

/** @throws SnapvmError `SNAPVM_SERVER_REQUEST` */
export function msIn(given: ToolArguments, name: string, most: number): number | undefined {
  const value = given.get(name);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value > 0 && value <= most) return value;
  throw refused(`${name} is ${show(value)}; it must be a number of milliseconds above 0 and at most ${most}`);
}

/** @throws SnapvmError `SNAPVM_SERVER_REQUEST` */
export function textsIn(given: ToolArguments, name: string): readonly string[] | undefined {
  const value = given.get(name);
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.length <= MOST_ARGS && value.every((text) => typeof text === 'string'))
    return value as string[];
  throw refused(`${name} is ${show(value)}; it must be a list of at most ${MOST_ARGS} texts`);
}

export function refused(message: string): SnapvmError {
  return new SnapvmError('SNAPVM_SERVER_REQUEST', message);
}
