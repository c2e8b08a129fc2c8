/** The policy of guests that speak the SDK's protocol. */

import { CONFIG_OPTIONS, type SnapshotConfig } from '../snapshot/environment.js';
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

/** The memory sizes that a policy gives. Building the snapshot checks them. */
export function sizesIn(policy: GivenPolicy): SnapshotConfig {
  return Object.fromEntries(
    CONFIG_OPTIONS.filter((name) => policy[name] !== undefined).map((name) => [name, policy[name]]),
  );
}
