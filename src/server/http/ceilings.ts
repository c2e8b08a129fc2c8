/** The most that policies of deployed functions may ask for: what one tenant takes of it, the others do not have. */

import { DEFAULT_MEMORY, LINUX_MEMORY } from '../../base/abi.js';
import { checkNames, checkObject, checkWhole, invalidOption } from '../../base/checks.js';
import { POLICY_DEFAULTS } from '../../engine/policy.js';
import { jsKind } from '../../guests/js/kind.js';
import { JS_MEMORY } from '../../guests/js/runtime.js';
import { linuxKind } from '../../guests/linux/kind.js';
import { nativeKind } from '../../guests/native/kind.js';
import type { SourceKind } from '../functions/model.js';

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

/**
 * A policy within the ceilings: where it leaves out an option whose default is above the ceiling, it has the ceiling.
 * @throws SnapvmError `SNAPVM_CONFIG_VALUE`: it asks for more than this server gives
 */
export function withinCeilings(
  ceilings: Readonly<Required<PolicyCeilings>>,
  kind: SourceKind,
  policy: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  for (const name of NAMES) {
    const value = policy[name];
    if (typeof value === 'number' && value > ceilings[name])
      throw invalidOption(name, value, `at most ${ceilings[name]} on this server`);
  }
  const added = Object.entries(defaultsOf(kind, ceilings, policy)).flatMap(([name, value]) => {
    const ceiling = ceilings[name as keyof PolicyCeilings];
    return policy[name] === undefined && value > ceiling ? [[name, ceiling] as const] : [];
  });
  return added.length === 0 ? policy : { ...policy, ...Object.fromEntries(added) };
}

/** What the engine gives where the policy does not say. */
function defaultsOf(
  kind: SourceKind,
  ceilings: Readonly<Required<PolicyCeilings>>,
  policy: Readonly<Record<string, unknown>>,
): PolicyCeilings {
  const { maxLogBytes, ...times } = POLICY_DEFAULTS;
  const has = (name: keyof PolicyCeilings, value: number): number => {
    const given = policy[name];
    return typeof given === 'number' ? given : Math.min(value, ceilings[name]);
  };
  // The time is a limit for the CPU, too.
  const all = { ...times, cpuMs: has('timeoutMs', times.timeoutMs) };
  if (kind === 'linux') {
    const { heapBytes, stackBytes, inputBytes, outputBytes } = LINUX_MEMORY;
    return { ...all, heapBytes, stackBytes, inputBytes, outputBytes, maxExits: linuxKind.defaults.maxExits };
  }
  if (kind !== 'native') return { ...all, ...JS_MEMORY, maxExits: jsKind.defaults.maxExits, maxLogBytes };
  const { scratchBytes: own, ...memory } = DEFAULT_MEMORY;
  // Scratch has the buffers, whatever its own default is.
  const buffers = has('inputBytes', memory.inputBytes) + has('outputBytes', memory.outputBytes);
  const scratchBytes = Math.max(own, buffers);
  return { ...all, ...memory, scratchBytes, maxExits: nativeKind.defaults.maxExits, maxLogBytes };
}
