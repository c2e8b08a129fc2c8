/** How a function may run: limits, memory and what happens before a call. */
import { SnapvmError } from './errors.js';
import { checkHostNames, type HostFunction } from './host-functions.js';
import { monotonicUs } from './pool/clock.js';
import type { RunLimits, SandboxOptions } from './pool/protocol.js';
import { CONFIG_OPTIONS, type SnapshotConfig } from './snapshot/environment.js';
import { checkNames, checkObject, checkWhole, wrongKind } from './snapshot/options.js';

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

/** A policy, complete. */
export interface CheckedPolicy {
  readonly limits: RunLimits;
  readonly initLimits: RunLimits;
  readonly warm: boolean;
  readonly sandbox: SandboxOptions;
  readonly hostFunctions: ReadonlySet<string>;
  readonly memory: SnapshotConfig;
}

const MAX_MS = 24 * 60 * 60 * 1000;
const US_PER_MS = 1000;
const MAX_EXITS = 0xffff_ffff;
const OWN_OPTIONS = [
  'timeoutMs',
  'cpuMs',
  'initTimeoutMs',
  'warm',
  'hostFunctions',
  'maxExits',
  'maxLogBytes',
  'verifyRestore',
] as const;

/** Checks everything but the memory sizes, which the snapshot checks. @throws SnapvmError `SNAPVM_CONFIG_*` */
export function checkPolicy(given: Policy, host: ReadonlyMap<string, HostFunction>): CheckedPolicy {
  const policy = checkObject('policy', given);
  checkNames('policy', policy, [...OWN_OPTIONS, ...CONFIG_OPTIONS]);
  const memory = Object.fromEntries(
    CONFIG_OPTIONS.filter((name) => policy[name] !== undefined).map((name) => [name, policy[name]]),
  );
  return {
    limits: {
      timeoutMs: checkMs('timeoutMs', policy['timeoutMs']) ?? 1000,
      cpuMs: checkMs('cpuMs', policy['cpuMs']) ?? 0,
    },
    initLimits: { timeoutMs: checkMs('initTimeoutMs', policy['initTimeoutMs']) ?? 10_000, cpuMs: 0 },
    warm: checkBoolean('warm', policy['warm']) ?? true,
    sandbox: {
      maxExits: checkWhole('maxExits', policy['maxExits'], 0, MAX_EXITS) ?? 10_000,
      maxLogBytes: checkWhole('maxLogBytes', policy['maxLogBytes'], 0, MAX_EXITS) ?? 65_536,
      verifyRestore: checkBoolean('verifyRestore', policy['verifyRestore']) ?? false,
    },
    hostFunctions: checkHostNames(policy['hostFunctions'], host),
    memory,
  };
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

const CALL_OPTIONS = ['fn', 'timeoutMs', 'cpuMs', 'deadlineMs', 'signal'] as const;

export interface CheckedCallOptions {
  readonly fn: string | undefined;
  readonly limits: Required<RunLimits>;
  readonly signal: AbortSignal | undefined;
}

/** @throws SnapvmError SNAPVM_CONFIG_* */
export function checkCallOptions(given: CallOptions, policy: CheckedPolicy): CheckedCallOptions {
  const options = checkObject('options', given);
  checkNames('options', options, CALL_OPTIONS);
  const { fn, signal } = options;
  if (fn !== undefined && typeof fn !== 'string') throw wrongKind('fn', fn, 'the name of a function');
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw wrongKind('signal', signal, 'an AbortSignal');
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
): CallOptions & { readonly inFlight: number } {
  checkNames('options', checkObject('options', given), [...CALL_OPTIONS, 'inFlight']);
  const { inFlight, ...each } = given;
  checkCallOptions(each, policy);
  return { ...each, inFlight: checkWhole('inFlight', inFlight, 1, 65_536) ?? 32 };
}

const KINDS = 'a Uint8Array or a string';
const NO_INPUT = new Uint8Array(0);
const ENCODER = new TextEncoder();

function isDetached({ buffer }: Uint8Array): boolean {
  try {
    return new Uint8Array(buffer, 0, 0).length > 0; // ArrayBuffer.detached came after Node 20
  } catch {
    return true;
  }
}

/** Of a length that neither a subclass nor another thread can change between a check and the copy. */
function isOrdinary(input: Uint8Array): boolean {
  const prototype: unknown = Object.getPrototypeOf(input);
  const known = prototype === Uint8Array.prototype || prototype === Buffer.prototype;
  return known && !(input.buffer instanceof SharedArrayBuffer);
}

/** The bytes of an input: the caller's own where it gave bytes. @throws SnapvmError `SNAPVM_CONFIG_VALUE` */
export function inputBytes(input: unknown): Uint8Array {
  if (input instanceof Uint8Array) {
    if (input.length === 0 && isDetached(input))
      throw wrongKind('input', 'a view on a detached buffer', KINDS);
    return isOrdinary(input) ? input : new Uint8Array(input);
  }
  if (input === undefined) return NO_INPUT;
  if (typeof input === 'string') return ENCODER.encode(input);
  throw wrongKind('input', input, KINDS);
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
