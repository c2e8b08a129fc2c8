/** The options of a call, and their checks. */

import type { StopSignal } from '../base/abort.js';
import { checkMs, checkNames, checkObject, checkWhole, invalidOption } from '../base/checks.js';
import { isAbortSignal } from '../base/realms.js';
import { monotonicUs, US_PER_MS } from '../wire/clock.js';
import type { CallCost, RunLimits } from '../wire/protocol.js';
import { checkLogger, type Logger } from './logger.js';

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
  /**
   * Gets the lines that the guest logs in this call, and what host functions throw, in place of the engine's
   * logger; for an engine that has one. @default the engine's
   */
  readonly logger?: Logger;
  /**
   * Is told once what the call has cost, before the call resolves or rejects; not when it never ran. What it
   * throws is an uncaught exception.
   */
  readonly onCost?: (cost: CallCosts) => void;
  /** On whose behalf the call is made: host functions find it as `context.caller`. The guest does not see it. */
  readonly caller?: unknown;
}

/** What a call has cost, its waiting included. */
export interface CallCosts extends CallCost {
  /** Microseconds from `call` to the moment a worker began with it. */
  readonly queueUs: number;
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
  /**
   * Gets what the program writes to its standard output, as it writes it; that is not in the result's `stdout`
   * then. The program goes on when what this returns has resolved, so a slow reader slows it; its limits go on
   * meanwhile. If this throws, the call ends with `SNAPVM_CALL_ABORTED`, whose cause is what was thrown.
   * @default all output comes with the result
   */
  readonly onStdout?: (bytes: Uint8Array) => unknown;
}

const CALL_OPTIONS = [
  'fn',
  'timeoutMs',
  'cpuMs',
  'deadlineMs',
  'signal',
  'logger',
  'onCost',
  'caller',
] as const;

/** Options of one call, complete. */
export interface CheckedCallOptions {
  readonly fn: string | undefined;
  readonly limits: Required<RunLimits>;
  readonly signal: StopSignal | undefined;
  readonly logger: Logger | undefined;
  readonly onCost: CallOptions['onCost'] | undefined;
  readonly caller: unknown;
}

/** Options of a call that a server makes, which has checked them: all of them, so that none is inherited. */
export type ServedCallOptions = {
  readonly fn: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly deadlineMs: number | undefined;
  readonly signal: StopSignal;
  /** `undefined`: the engine's. */
  readonly logger: Logger | undefined;
  readonly onCost: (cost: CallCosts) => void;
  readonly caller: unknown;
  /** Of Linux programs. */
  readonly args: readonly string[] | undefined;
  readonly onStdout: LinuxCallOptions['onStdout'] | undefined;
};

/** A policy: its limits hold where a call gives none. */
interface WithLimits {
  readonly limits: RunLimits;
  /** Whether the lines of its guests are kept. */
  readonly isLogged: boolean;
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
  const { fn, signal, onCost } = options;
  if (fn !== undefined && typeof fn !== 'string') throw invalidOption('fn', fn, 'the name of a function');
  if (signal !== undefined && !isAbortSignal(signal)) throw invalidOption('signal', signal, 'an AbortSignal');
  if (onCost !== undefined && typeof onCost !== 'function')
    throw invalidOption('onCost', onCost, 'a function');
  const logger = checkLogger(options['logger']);
  if (logger !== undefined && !policy.isLogged)
    throw invalidOption('logger', logger, 'absent, since the engine was started without a logger');
  const deadlineMs = checkMs('deadlineMs', options['deadlineMs']);
  return {
    fn,
    limits: {
      timeoutMs: checkMs('timeoutMs', options['timeoutMs']) ?? policy.limits.timeoutMs,
      cpuMs: checkMs('cpuMs', options['cpuMs']) ?? policy.limits.cpuMs,
      deadlineUs: deadlineMs === undefined ? 0 : monotonicUs() + deadlineMs * US_PER_MS,
    },
    signal,
    logger,
    onCost: onCost as CallOptions['onCost'],
    caller: options['caller'],
  };
}

/** The options of a call whose server has checked them. */
export function servedCallOptions(
  { fn, timeoutMs, deadlineMs, signal, logger, onCost, caller }: ServedCallOptions,
  { limits }: WithLimits,
): CheckedCallOptions {
  return {
    fn,
    limits: {
      timeoutMs: timeoutMs ?? limits.timeoutMs,
      cpuMs: limits.cpuMs,
      deadlineUs: deadlineMs === undefined ? 0 : monotonicUs() + deadlineMs * US_PER_MS,
    },
    signal,
    logger,
    onCost,
    caller,
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
