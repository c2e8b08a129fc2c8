/** The policy of guests that speak the SDK's protocol. */

import { MAX_IMAGE_BYTES } from '../base/abi.js';
import { checkWhole } from '../base/checks.js';
import { CONFIG_OPTIONS, type SnapshotConfig } from '../snapshot/environment.js';
import { ARENA_BYTES } from '../wire/ring.js';
import type { GivenPolicy } from './kind.js';

/** Sizes are bytes, times milliseconds (fractions allowed). */
export interface Policy extends SnapshotConfig {
  /** Wall clock of one call, from the moment the guest starts. @default 1000 */
  readonly timeoutMs?: number;
  /** CPU time of one call. @default no limit beside timeoutMs */
  readonly cpuMs?: number;
  /** Wall clock of Initialise. @default 10000 */
  readonly initTimeoutMs?: number;
  /**
   * Whether Initialise runs once, when the function is defined, and calls start from the state it left.
   * `false`: it runs again before every call. @default true
   */
  readonly warm?: boolean;
  /** Names of the engine's host functions that the guest may call. @default none */
  readonly hostFunctions?: readonly string[];
  /** Log lines, printed bytes and host calls one call may make, together. @default 10000 */
  readonly maxExits?: number;
  /** Bytes of log kept of one call; further lines are counted and dropped. @default 65536 */
  readonly maxLogBytes?: number;
  /**
   * Compare the whole guest memory with the snapshot before every call. Slow: for tests and the suspicious.
   * @default false
   */
  readonly verifyRestore?: boolean;
}

/** Options of a policy that guests have which log and call host functions. */
export const SDK_OPTIONS = ['hostFunctions', 'maxLogBytes'] as const satisfies readonly (keyof Policy)[];

/** The least and the most bytes that a policy may give, for any kind. Building the snapshot knows narrower bounds. */
const SIZES = {
  heapBytes: [1, MAX_IMAGE_BYTES],
  stackBytes: [1, MAX_IMAGE_BYTES],
  inputBytes: [0, ARENA_BYTES],
  outputBytes: [0, MAX_IMAGE_BYTES],
} as const satisfies { readonly [Name in keyof SnapshotConfig]?: readonly [least: number, most: number] };

/** A size that a policy gives; `undefined` where it does not. @throws SnapvmError `SNAPVM_CONFIG_VALUE` */
export function sizeIn(policy: GivenPolicy, name: keyof typeof SIZES): number | undefined {
  const [least, most] = SIZES[name];
  return checkWhole(name, policy[name], least, most);
}

/** The memory sizes that a policy gives. @throws SnapvmError `SNAPVM_CONFIG_VALUE` */
export function sizesIn(policy: GivenPolicy): SnapshotConfig {
  for (const name of Object.keys(SIZES)) sizeIn(policy, name as keyof typeof SIZES);
  return Object.fromEntries(
    CONFIG_OPTIONS.filter((name) => policy[name] !== undefined).map((name) => [name, policy[name]]),
  );
}
