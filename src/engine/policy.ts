/** How a function may run: limits, memory and what happens before a call. */

import { LINUX_MEMORY, MAX_IMAGE_BYTES } from '../base/abi.js';
import { checkNames, checkObject, checkWhole, wrongKind } from '../base/checks.js';
import { SnapvmError } from '../base/errors.js';
import { msOfDate } from '../base/globals.js';
import { isAbortSignal } from '../base/realms.js';
import type { ProgramPolicy } from '../guests/linux/guest.js';
import { CONFIG_OPTIONS, type SnapshotConfig } from '../snapshot/environment.js';
import { monotonicUs } from '../wire/clock.js';
import type { RunLimits, SandboxOptions } from '../wire/protocol.js';
import { ARENA_BYTES } from '../wire/ring.js';
import { checkHostNames, type HostFunction } from './host-functions.js';

/** Sizes are bytes, times milliseconds (fractions allowed). */
export interface Policy extends SnapshotConfig {
  /** Wall clock of one call, from the moment the guest starts. @default 1000 */
  readonly timeoutMs?: number;
  /** CPU time of one call. @default no limit beside timeoutMs */
  readonly cpuMs?: number;
  /** Wall clock of Initialise. @default 10000 */
  readonly initTimeoutMs?: number;
  /**
   * Whether Initialise runs once, when the function is defined, and calls start from the state it left. `false`: it
   * runs again before every call. @default true
   */
  readonly warm?: boolean;
  /** Names of the engine's host functions that the guest may call. @default none */
  readonly hostFunctions?: readonly string[];
  /** Log lines, printed bytes and host calls one call may make, together. @default 10000 */
  readonly maxExits?: number;
  /** Bytes of log kept of one call; further lines are counted and dropped. @default 65536 */
  readonly maxLogBytes?: number;
  /** Compare the whole guest memory with the snapshot before every call. Slow: for tests and the suspicious. @default false */
  readonly verifyRestore?: boolean;
}

/** How a Linux program may run. Sizes are bytes, times milliseconds (fractions allowed). */
export interface LinuxPolicy {
  /** Wall clock of one call, from the moment the program starts or goes on. @default 1000 */
  readonly timeoutMs?: number;
  /** CPU time of one call. @default no limit beside timeoutMs */
  readonly cpuMs?: number;
  /** Wall clock of what runs when it is defined, with `warm: 'stdin'`. @default 10000 */
  readonly initTimeoutMs?: number;
  /**
   * `'stdin'`: the program runs once, when it is defined, up to the moment it first reads its standard input, and every
   * call goes on from there. `false`: every call runs it from its start. @default false
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
  /** Compare the whole guest memory with the snapshot before every call. Slow: for tests and the suspicious. @default false */
  readonly verifyRestore?: boolean;
}

/** How a JavaScript function may run. Memory, stack and buffers have larger defaults: 64 MiB, 8 MiB and 1 MiB each. */
export type JsPolicy = Omit<Policy, 'warm' | 'scratchBytes'>;

/** The kinds of guests. */
export type GuestKind = 'native' | 'linux' | 'js';

/** A policy, complete. */
export interface CheckedPolicy {
  readonly limits: RunLimits;
  /** Of a call that is given none. */
  readonly call: CheckedCallOptions;
  readonly initLimits: RunLimits;
  /** What calls begin with: the guest as it was when it had become ready, or when it first read; or its start. */
  readonly warm: 'ready' | 'stdin' | false;
  readonly sandbox: SandboxOptions;
  readonly hostFunctions: ReadonlySet<string>;
  /** Sizes that were given; the snapshot checks them. */
  readonly memory: SnapshotConfig;
  /** Of Linux programs. */
  readonly program: ProgramPolicy;
}

const MAX_MS = 24 * 60 * 60 * 1000;
const US_PER_MS = 1000;
const MAX_EXITS = 0xffff_ffff;
/** A system call is an exit too. */
const DEFAULT_EXITS: Readonly<Record<GuestKind, number>> = {
  native: 10_000,
  linux: 1_000_000,
  js: 1_000_000,
};
const COMMON = ['timeoutMs', 'cpuMs', 'initTimeoutMs', 'maxExits', 'verifyRestore'] as const;
const OPTIONS: Readonly<Record<GuestKind, readonly string[]>> = {
  native: [...COMMON, 'warm', 'hostFunctions', 'maxLogBytes', ...CONFIG_OPTIONS],
  linux: [...COMMON, 'warm', 'clock', 'heapBytes', 'stackBytes', 'inputBytes', 'outputBytes'],
  js: [
    ...COMMON,
    'hostFunctions',
    'maxLogBytes',
    ...CONFIG_OPTIONS.filter((option) => option !== 'scratchBytes'),
  ],
};
const WARM: Readonly<Record<GuestKind, readonly unknown[]>> = {
  native: [true, false],
  linux: ['stdin', false],
  js: [],
};

/** Checks everything but the memory sizes, which the snapshot checks. @throws SnapvmError `SNAPVM_CONFIG_*` */
export function checkPolicy(
  kind: GuestKind,
  given: Policy | LinuxPolicy,
  host: ReadonlyMap<string, HostFunction>,
): CheckedPolicy {
  const policy = checkObject('policy', given);
  checkNames('policy', policy, OPTIONS[kind]);
  const memory = Object.fromEntries(
    CONFIG_OPTIONS.filter((name) => policy[name] !== undefined).map((name) => [name, policy[name]]),
  );
  const warm = checkWarm(kind, policy['warm']);
  const limits = {
    timeoutMs: checkMs('timeoutMs', policy['timeoutMs']) ?? 1000,
    cpuMs: checkMs('cpuMs', policy['cpuMs']) ?? 0,
  };
  return {
    limits,
    call: { fn: undefined, limits: { ...limits, deadlineUs: 0 }, signal: undefined },
    initLimits: { timeoutMs: checkMs('initTimeoutMs', policy['initTimeoutMs']) ?? 10_000, cpuMs: 0 },
    warm,
    sandbox: {
      maxExits: checkWhole('maxExits', policy['maxExits'], 0, MAX_EXITS) ?? DEFAULT_EXITS[kind],
      maxLogBytes: checkWhole('maxLogBytes', policy['maxLogBytes'], 0, MAX_EXITS) ?? 65_536,
      verifyRestore: checkBoolean('verifyRestore', policy['verifyRestore']) ?? false,
    },
    hostFunctions: checkHostNames(policy['hostFunctions'], host),
    memory: kind === 'linux' ? {} : memory,
    program: {
      heapBytes: checkWhole('heapBytes', policy['heapBytes'], 1, MAX_IMAGE_BYTES),
      stackBytes: checkWhole('stackBytes', policy['stackBytes'], 1, MAX_IMAGE_BYTES),
      inputBytes: checkWhole('inputBytes', policy['inputBytes'], 0, ARENA_BYTES) ?? LINUX_MEMORY.inputBytes,
      outputBytes:
        checkWhole('outputBytes', policy['outputBytes'], 0, MAX_IMAGE_BYTES) ?? LINUX_MEMORY.outputBytes,
      clockNs: checkClock(policy['clock']),
      frozen: warm === 'stdin',
    },
  };
}

function checkWarm(kind: GuestKind, value: unknown): CheckedPolicy['warm'] {
  if (value === undefined) return kind === 'linux' ? false : 'ready';
  if (value === 'stdin' && kind === 'linux') return 'stdin';
  if (typeof value === 'boolean' && WARM[kind].includes(value)) return value && 'ready';
  throw wrongKind(
    'warm',
    value,
    kind === 'linux'
      ? "'stdin' or false; a Linux program has no other moment to start from"
      : 'true or false',
  );
}

const NS_PER_MS = 1_000_000n;

function checkClock(value: unknown): bigint | undefined {
  if (value === undefined || value === 'real') return undefined;
  // Nanoseconds have to fit 64 bits: up to the year 2262.
  const ms = msOfDate(value);
  if (ms >= 0 && ms < 2 ** 63 / 1e6) return BigInt(ms) * NS_PER_MS;
  throw wrongKind('clock', value, "'real', or a Date from 1970 to 2262 at which it stands");
}

/** Options of one call. */
export interface CallOptions {
  /** Which of the functions the guest exports. @default the first */
  readonly fn?: string;
  /** @default the policy's */
  readonly timeoutMs?: number;
  /** @default the policy's */
  readonly cpuMs?: number;
  /** Milliseconds from now in which the call must have ended, waiting included. @default no limit beside the others */
  readonly deadlineMs?: number;
  /** Stops the call, whether it waits or runs. */
  readonly signal?: AbortSignal;
}

/** Options of `callMany`, which hold for each of its calls. */
export interface CallManyOptions extends CallOptions {
  /** Calls on their way at once, 1 to 65,536; never more than the engine takes (`maxQueue` and its workers). @default 32 */
  readonly inFlight?: number;
}

/** Options of one call of a Linux program, which has no functions to choose from. */
export interface LinuxCallOptions extends Omit<CallOptions, 'fn'> {
  /** Its arguments, behind its own name. @default those of the definition */
  readonly args?: readonly string[];
}

const CALL_OPTIONS = ['fn', 'timeoutMs', 'cpuMs', 'deadlineMs', 'signal'] as const;

export interface CheckedCallOptions {
  readonly fn: string | undefined;
  readonly limits: Required<RunLimits>;
  readonly signal: AbortSignal | undefined;
}

/** @throws SnapvmError SNAPVM_CONFIG_* */
export function checkCallOptions(
  options: Readonly<Record<string, unknown>>,
  policy: CheckedPolicy,
  own: readonly string[],
): CheckedCallOptions {
  checkNames('options', options, own.length === 0 ? CALL_OPTIONS : [...CALL_OPTIONS, ...own]);
  const { fn, signal } = options;
  if (fn !== undefined && typeof fn !== 'string') throw wrongKind('fn', fn, 'the name of a function');
  if (signal !== undefined && !isAbortSignal(signal)) throw wrongKind('signal', signal, 'an AbortSignal');
  const deadlineMs = checkMs('deadlineMs', options['deadlineMs']);
  return {
    fn,
    limits: {
      timeoutMs: checkMs('timeoutMs', options['timeoutMs']) ?? policy.limits.timeoutMs,
      cpuMs: checkMs('cpuMs', options['cpuMs']) ?? policy.limits.cpuMs,
      deadlineUs: deadlineMs === undefined ? 0 : monotonicUs() + deadlineMs * US_PER_MS,
    },
    signal,
  };
}

/** Checks all of them before the first call is made. @throws SnapvmError SNAPVM_CONFIG_* */
export function checkManyOptions(
  given: CallManyOptions,
  policy: CheckedPolicy,
  own: readonly string[],
): CallOptions & { readonly inFlight: number } {
  const options = checkObject('options', given);
  checkNames('options', options, [...CALL_OPTIONS, ...own, 'inFlight']);
  const { inFlight, ...each } = options;
  checkCallOptions(checkObject('options', each), policy, own);
  return { ...each, inFlight: checkWhole('inFlight', inFlight, 1, 65_536) ?? 32 };
}

function checkMs(option: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value > 0 && value <= MAX_MS) return value;
  throw wrongKind(option, value, `a number of milliseconds above 0 and at most ${MAX_MS}`);
}

function checkBoolean(option: string, value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw wrongKind(option, value, 'true or false');
}

/** @throws SnapvmError SNAPVM_ENGINE_NAME */
export function checkName(name: unknown): string {
  if (typeof name === 'string' && name.length > 0 && name.length <= 256) return name;
  throw new SnapvmError('SNAPVM_ENGINE_NAME', 'a function needs a name: a string of 1 to 256 characters');
}
