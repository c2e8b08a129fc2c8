/** What the test build of the addon has beside the shipped one: native/node/faults_wrap.cc. */
import { addon } from '../../src/addon/addon.js';

export interface FaultPlan {
  /** Which call is to fail, counted from 1; 0 for none. */
  readonly at: number;
  /** Which of the errnos it can give. One too many: it does not fail. */
  readonly choice: number;
  /** Whether those of its name that come after it fail too. */
  readonly forEver: boolean;
  /** The only name that is counted; all if it is empty. */
  readonly only: string;
}

export interface FaultReport {
  readonly counted: number;
  /** Of the call that was to fail; empty if there were fewer. */
  readonly name: string;
  /** 0: it did not fail. */
  readonly errno: number;
  /** strerror's. */
  readonly message: string;
  readonly choices: number;
  /** How many calls failed. */
  readonly failed: number;
}

export interface Faults {
  arm(plan: FaultPlan): void;
  disarm(): FaultReport;
  /** The names of the calls that were counted since the last `arm`. */
  calls(): string[];
  /** Finds out what KVM offers, which the addon does once in a process. */
  probeKvm(monitor: Uint8Array): void;
}

export function faults(): Faults {
  const testBuild = addon() as unknown as { readonly faults?: Faults };
  if (testBuild.faults === undefined)
    throw new Error('this is not the test build of the addon: see faults-hook.ts');
  return testBuild.faults;
}

export const NO_FAULT: FaultPlan = { at: 0, choice: 0, forEver: false, only: '' };
