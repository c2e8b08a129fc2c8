/** The kinds of guests. A new one is a folder, and a line in `KINDS`. */

import { checkObject } from '../base/checks.js';
import { SnapvmError } from '../base/errors.js';
import type { GuestEnvironment } from '../snapshot/environment.js';
import { type JsFunctionSource, jsKind } from './js/kind.js';
import type { GuestKind } from './kind.js';
import { linuxKind } from './linux/kind.js';
import type { LinuxSource } from './linux/source.js';
import { nativeKind } from './native/kind.js';

/** A native guest, a Linux program, or a JavaScript function. */
export type Source = GuestEnvironment | LinuxSource | JsFunctionSource;

const KINDS: readonly GuestKind[] = [nativeKind, linuxKind, jsKind];

/** The kind of a source, by the one option that names it. @throws SnapvmError `SNAPVM_CONFIG_VALUE` */
export function kindOf(source: Source): GuestKind {
  const given = checkObject('source', source);
  const [kind, another] = KINDS.filter(({ option }) => given[option] !== undefined);
  if (kind !== undefined && another === undefined) return kind;
  if (kind === undefined && isMisspeltNative(given)) return nativeKind;
  const names = KINDS.map(({ option }) => option);
  const some = kind === undefined ? 'none' : 'more than one';
  throw new SnapvmError(
    'SNAPVM_CONFIG_VALUE',
    `the source has ${some} of ${names.slice(0, -1).join(', ')} and ${names.at(-1)}; it must have exactly one`,
    { option: 'source' },
  );
}

/** Whether something is given, but for no other kind: the native kind names what is wrong with it. */
function isMisspeltNative(given: Readonly<Record<string, unknown>>): boolean {
  const isOther = KINDS.some((kind) => kind !== nativeKind && kind.option in given);
  return Object.keys(given).length > 0 && !isOther;
}
