/** What a policy says, checked. */

import { checkBoolean, checkMs, checkNames, checkObject, checkWhole } from '../base/checks.js';
import type { CheckedKind, GuestKind } from '../guests/kind.js';
import type { LinuxPolicy } from '../guests/linux/policy.js';
import type { Policy } from '../guests/policy.js';
import type { RunLimits, SandboxOptions } from '../wire/protocol.js';
import type { CheckedCallOptions } from './call-options.js';
import { checkHostNames, type HostFunction } from './host-functions.js';

/** A policy, complete. */
export interface CheckedPolicy extends CheckedKind {
  readonly limits: RunLimits;
  /** The options of a call that is given none. */
  readonly call: CheckedCallOptions;
  readonly initLimits: RunLimits;
  readonly sandbox: SandboxOptions;
  readonly hostFunctions: ReadonlySet<string>;
  /** Whether the engine has a logger. */
  readonly isLogged: boolean;
}

/** What holds for every kind of guest where a policy does not say. */
export const POLICY_DEFAULTS = { timeoutMs: 1000, initTimeoutMs: 10_000, maxLogBytes: 65_536 } as const;

const MAX_EXITS = 0xffff_ffff;
/** The options that every kind of guest has. */
const COMMON = ['timeoutMs', 'cpuMs', 'initTimeoutMs', 'maxExits', 'verifyRestore'] as const;

const NO_OPTIONS = {
  fn: undefined,
  signal: undefined,
  logger: undefined,
  onCost: undefined,
  caller: undefined,
} as const;

/** Checks all that can be known before the source is read. @throws SnapvmError `SNAPVM_CONFIG_*` */
export function checkPolicy(
  kind: GuestKind,
  given: Policy | LinuxPolicy,
  functions: ReadonlyMap<string, HostFunction>,
  logged: boolean,
): CheckedPolicy {
  const policy = checkObject('policy', given);
  checkNames('policy', policy, [...COMMON, ...kind.policyOptions]);
  const own = kind.check(policy);
  const limits = {
    timeoutMs: checkMs('timeoutMs', policy['timeoutMs']) ?? POLICY_DEFAULTS.timeoutMs,
    cpuMs: checkMs('cpuMs', policy['cpuMs']) ?? 0,
  };
  const maxLogBytes =
    checkWhole('maxLogBytes', policy['maxLogBytes'], 0, MAX_EXITS) ?? POLICY_DEFAULTS.maxLogBytes;
  return {
    ...own,
    limits,
    call: { ...NO_OPTIONS, limits: { ...limits, deadlineUs: 0 } },
    initLimits: {
      timeoutMs: checkMs('initTimeoutMs', policy['initTimeoutMs']) ?? POLICY_DEFAULTS.initTimeoutMs,
      cpuMs: 0,
    },
    sandbox: {
      maxExits: checkWhole('maxExits', policy['maxExits'], 0, MAX_EXITS) ?? kind.defaults.maxExits,
      maxLogBytes: logged ? maxLogBytes : 0, // or lines would be copied and posted for nobody
      verifyRestore: checkBoolean('verifyRestore', policy['verifyRestore']) ?? false,
    },
    hostFunctions: checkHostNames(policy['hostFunctions'], functions),
    isLogged: logged,
  };
}
