/** The options of a call, and their checks. */

import { checkMs, checkNames, checkObject, checkWhole, invalidOption } from '../base/checks.js';
import { isAbortSignal } from '../base/realms.js';
import { monotonicUs, US_PER_MS } from '../wire/clock.js';
import type { RunLimits } from '../wire/protocol.js';

/** Options of one call. */
export interface CallOptions {
  /** Which of the functions the guest exports. @default the first */
  readonly fn?: string;
  /** Wall clock of this call. @default the policy's */
  readonly timeoutMs?: number;
  /** CPU time of this call. @default the policy's */
  readonly cpuMs?: number;
  /**
   * Milliseconds from now until the call must have ended, waiting included.
   * @default no limit beside the others
   */
  readonly deadlineMs?: number;
  /** Stops the call, whether it waits or runs. */
  readonly signal?: AbortSignal;
}

/** Options of `callMany`, which hold for each of its calls. */
export interface CallManyOptions extends CallOptions {
  /**
   * How many calls run or wait at once, 1 to 65,536; never more than the engine takes (`maxQueue` and its
   * workers).
   * @default 32
   */
  readonly inFlight?: number;
}

/** Options of one call of a Linux program, which has no functions to choose from. */
export interface LinuxCallOptions extends Omit<CallOptions, 'fn'> {
  /** The program's arguments, after its own name. @default the `args` it was defined with */
  readonly args?: readonly string[];
}

const CALL_OPTIONS = ['fn', 'timeoutMs', 'cpuMs', 'deadlineMs', 'signal'] as const;

/** Options of one call, complete. */
export interface CheckedCallOptions {
  readonly fn: string | undefined;
  readonly limits: Required<RunLimits>;
  readonly signal: AbortSignal | undefined;
}

/** A policy: its limits hold where a call gives none. */
interface WithLimits {
  readonly limits: RunLimits;
}

/**
 * Checks the options of one call; `own` are those of its kind of guest.
 * @throws SnapvmError SNAPVM_CONFIG_*
 */
export function checkCallOptions(
  options: Readonly<Record<string, unknown>>,
  policy: WithLimits,
  own: readonly string[],
): CheckedCallOptions {
  checkNames('options', options, own.length === 0 ? CALL_OPTIONS : [...CALL_OPTIONS, ...own]);
  const { fn, signal } = options;
  if (fn !== undefined && typeof fn !== 'string') throw invalidOption('fn', fn, 'the name of a function');
  if (signal !== undefined && !isAbortSignal(signal)) throw invalidOption('signal', signal, 'an AbortSignal');
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

/** Checks the options of `callMany` before the first call is made. @throws SnapvmError SNAPVM_CONFIG_* */
export function checkManyOptions(
  given: CallManyOptions,
  policy: WithLimits,
  own: readonly string[],
): CallOptions & { readonly inFlight: number } {
  const options = checkObject('options', given);
  checkNames('options', options, [...CALL_OPTIONS, ...own, 'inFlight']);
  const { inFlight, ...each } = options;
  checkCallOptions(checkObject('options', each), policy, own);
  return { ...each, inFlight: checkWhole('inFlight', inFlight, 1, 65_536) ?? 32 };
}
