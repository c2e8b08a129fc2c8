/** What functions are defined from. */

import { checkObject } from '../base/checks.js';
import { SnapvmError } from '../base/errors.js';
import type { CheckedPolicy, GuestKind } from '../engine/policy.js';
import type { GuestEnvironment } from '../snapshot/environment.js';
import type { Guest } from './guest.js';
import { type JsFunctionSource, prepareJsFunction } from './js/guest.js';
import { prepareLinux } from './linux/guest.js';
import type { LinuxSource } from './linux/source.js';
import { nativeCodec } from './native/guest.js';

/** A native guest, a Linux program, or a JavaScript function. */
export type Source = GuestEnvironment | LinuxSource | JsFunctionSource;

const KINDS = { elf: 'native', linux: 'linux', js: 'js' } as const satisfies Record<string, GuestKind>;

/** @throws SnapvmError `SNAPVM_CONFIG_VALUE` */
export function kindOf(source: Source): GuestKind {
  const given = checkObject('source', source);
  const kinds = Object.entries(KINDS).filter(([key]) => given[key] !== undefined);
  const [only, another] = kinds;
  if (only !== undefined && another === undefined) return only[1];
  // Misspelt options of a native guest are named by its own check.
  if (only === undefined && Object.keys(given).length > 0 && !('linux' in given) && !('js' in given))
    return 'native';
  throw new SnapvmError(
    'SNAPVM_CONFIG_VALUE',
    `the source has ${kinds.length === 0 ? 'none' : 'more than one'} of elf, linux and js; it must have exactly one`,
    { option: 'source' },
  );
}

/** @throws SnapvmError `SNAPVM_CONFIG_*`, `SNAPVM_ELF_FILE`, `SNAPVM_LINUX_FILES`, `SNAPVM_JS_*` */
export async function prepareSource(source: Source, policy: CheckedPolicy): Promise<Guest> {
  switch (kindOf(source)) {
    case 'linux':
      return prepareLinux(source as LinuxSource, policy.program);
    case 'js':
      return prepareJsFunction(source as JsFunctionSource, policy.memory);
    case 'native':
      return {
        environment: source as GuestEnvironment,
        config: policy.memory,
        internals: {},
        codec: nativeCodec,
      };
  }
}
