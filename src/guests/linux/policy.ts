/** What a policy says about running a Linux program. */

import { LINUX_MEMORY } from '../../base/abi.js';
import { invalidOption } from '../../base/checks.js';
import { msOfDate } from '../../base/globals.js';
import type { GivenPolicy, KindSettings } from '../kind.js';
import { sizeIn } from '../policy.js';

/** How a Linux program may run. Sizes are bytes, times milliseconds (fractions allowed). */
export interface LinuxPolicy {
  /** Wall clock of one call, from the moment the program starts or goes on. @default 1000 */
  readonly timeoutMs?: number;
  /** CPU time of one call. @default no limit beside timeoutMs */
  readonly cpuMs?: number;
  /** Wall clock of what runs when it is defined, with `warm: 'stdin'`. @default 10000 */
  readonly initTimeoutMs?: number;
  /**
   * `'stdin'`: the program runs once, when it is defined, up to the moment it first reads its standard input,
   * and every call goes on from there. `false`: every call runs it from its start. @default false
   */
  readonly warm?: 'stdin' | false;
  /** Memory for what it allocates (brk, mmap); its file tree may grow by as much. @default 64 MiB */
  readonly heapBytes?: number;
  /** Its stack; a quarter of it may be arguments and environment. @default 8 MiB */
  readonly stackBytes?: number;
  /** Standard input and arguments of one call, together. @default 64 MiB */
  readonly inputBytes?: number;
  /** Standard output and standard error of one call, together. @default 4 MiB */
  readonly outputBytes?: number;
  /** System calls and faults one call may make, together. @default 1000000 */
  readonly maxExits?: number;
  /** The time it sees: the real one, or one that stands still but for its own sleeping. @default 'real' */
  // biome-ignore lint/style/noRestrictedGlobals: it is the type
  readonly clock?: 'real' | Date;
  /**
   * Compare the whole guest memory with the snapshot before every call. Slow: for tests and the suspicious.
   * @default false
   */
  readonly verifyRestore?: boolean;
}

/** What a policy says to Linux programs alone, checked. */
export interface ProgramSettings extends KindSettings {
  readonly warm: 'stdin' | false | undefined;
  /** The most bytes that the input of a call has, its arguments included. */
  readonly inputBytes: number;
  /** The most bytes that a call may write. */
  readonly outputBytes: number;
  readonly heapBytes: number | undefined;
  readonly stackBytes: number | undefined;
  /** Where its clock stands; absent for the real one. */
  readonly clockNs: bigint | undefined;
}

/** The names of the options that `checkProgramPolicy` reads. */
export const PROGRAM_OPTIONS = [
  'warm',
  'clock',
  'heapBytes',
  'stackBytes',
  'inputBytes',
  'outputBytes',
] as const satisfies readonly (keyof LinuxPolicy)[];

/** Checks what only Linux programs have in their policy. @throws SnapvmError `SNAPVM_CONFIG_VALUE` */
export function checkProgramPolicy(policy: GivenPolicy): ProgramSettings {
  return {
    warm: checkWarm(policy['warm']),
    heapBytes: sizeIn(policy, 'heapBytes'),
    stackBytes: sizeIn(policy, 'stackBytes'),
    inputBytes: sizeIn(policy, 'inputBytes') ?? LINUX_MEMORY.inputBytes,
    outputBytes: sizeIn(policy, 'outputBytes') ?? LINUX_MEMORY.outputBytes,
    clockNs: checkClock(policy['clock']),
  };
}

function checkWarm(value: unknown): ProgramSettings['warm'] {
  if (value === undefined || value === 'stdin' || value === false) return value;
  throw invalidOption('warm', value, "'stdin' or false; a Linux program has no other moment to start from");
}

const NS_PER_MS = 1_000_000n;

function checkClock(value: unknown): bigint | undefined {
  if (value === undefined || value === 'real') return undefined;
  // Nanoseconds have to fit 64 bits: up to the year 2262.
  const ms = msOfDate(value);
  if (ms >= 0 && ms < 2 ** 63 / 1e6) return BigInt(ms) * NS_PER_MS;
  throw invalidOption('clock', value, "'real', or a Date from 1970 to 2262 at which it stands");
}
