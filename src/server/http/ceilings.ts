/** The most that policies of deployed functions may ask for: what one tenant takes of it, the others do not have. */

import { checkNames, checkObject, checkWhole, invalidOption } from '../../base/checks.js';

/** Times are milliseconds, sizes bytes. */
export interface PolicyCeilings {
  /** Wall clock of one call. @default 300000 */
  readonly timeoutMs?: number;
  /** CPU time of one call. @default 300000 */
  readonly cpuMs?: number;
  /** Wall clock of Initialise, which has a worker of its own all the while. @default 60000 */
  readonly initTimeoutMs?: number;
  /** Memory of a guest; a worker has one guest at a time. @default 1 GiB */
  readonly heapBytes?: number;
  /** Stack of a guest. @default 64 MiB */
  readonly stackBytes?: number;
  /** Input of one call. @default 64 MiB */
  readonly inputBytes?: number;
  /** Answer of one call. @default 64 MiB */
  readonly outputBytes?: number;
  /** Memory of a native guest that no call begins with. @default 1 GiB */
  readonly scratchBytes?: number;
  /** Host calls, log lines and system calls of one call. @default 100000000 */
  readonly maxExits?: number;
  /** Bytes of log kept of one call. @default 1 MiB */
  readonly maxLogBytes?: number;
}

const MIB = 2 ** 20;
const MOST = 2 ** 32;

const DEFAULTS: Readonly<Required<PolicyCeilings>> = {
  timeoutMs: 300_000,
  cpuMs: 300_000,
  initTimeoutMs: 60_000,
  heapBytes: 1024 * MIB,
  stackBytes: 64 * MIB,
  inputBytes: 64 * MIB,
  outputBytes: 64 * MIB,
  scratchBytes: 1024 * MIB,
  maxExits: 100_000_000,
  maxLogBytes: MIB,
};
const NAMES = Object.keys(DEFAULTS) as readonly (keyof PolicyCeilings)[];

/** @throws SnapvmError `SNAPVM_CONFIG_*` */
export function checkCeilings(given: unknown): Readonly<Required<PolicyCeilings>> {
  const ceilings = checkObject('mostPolicy', given ?? {});
  checkNames('mostPolicy', ceilings, NAMES);
  const checked: Record<keyof PolicyCeilings, number> = { ...DEFAULTS };
  for (const name of NAMES)
    checked[name] = checkWhole(`mostPolicy.${name}`, ceilings[name], 1, MOST) ?? DEFAULTS[name];
  return checked;
}

/** @throws SnapvmError `SNAPVM_CONFIG_VALUE`: a policy asks for more than this server gives */
export function checkBelow(
  ceilings: Readonly<Required<PolicyCeilings>>,
  policy: Readonly<Record<string, unknown>>,
): void {
  for (const name of NAMES) {
    const value = policy[name];
    if (typeof value === 'number' && value > ceilings[name])
      throw invalidOption(name, value, `at most ${ceilings[name]} on this server`);
  }
}
