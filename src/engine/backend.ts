/** Which backend runs the guests: what this machine has, and what was asked for. */

import { type AddonCapabilities, type AddonProcessCapabilities, addon, typed } from '../addon/addon.js';
import { BACKEND_CHOICES, BACKENDS, type Backend, type BackendChoice } from '../base/backend-name.js';
import { invalidOption } from '../base/checks.js';
import { SnapvmError } from '../base/errors.js';
import { loadMonitor } from '../snapshot/monitor.js';

const VARIABLE = 'SNAPVM_BACKEND';

/** A backend, as found on this machine. */
export interface ProbedBackend {
  readonly backend: Backend;
  readonly usable: boolean;
  readonly capabilities?: AddonCapabilities | AddonProcessCapabilities;
  /** Why it cannot be used, if it cannot. */
  readonly error?: SnapvmError;
}

/** Tries what a backend needs of this machine. @throws SnapvmError SNAPVM_HOST_PLATFORM, SNAPVM_HOST_ADDON */
export async function probeBackend(backend: Backend): Promise<ProbedBackend> {
  const monitor = await loadMonitor();
  const theAddon = addon();
  try {
    const capabilities = typed(() =>
      backend === 'kvm' ? theAddon.capabilities(monitor) : theAddon.processCapabilities(),
    );
    return { backend, usable: true, capabilities };
  } catch (error) {
    if (error instanceof SnapvmError) return { backend, usable: false, error };
    throw error;
  }
}

/** Every backend, the strongest first. */
export async function probeBackends(): Promise<ProbedBackend[]> {
  return await Promise.all(BACKENDS.map(probeBackend));
}

/** Checks the backend that an option or the environment names. @throws SnapvmError SNAPVM_CONFIG_VALUE */
export function checkBackend(value: unknown): BackendChoice {
  if (value !== undefined) return asChoice('backend', value);
  const given = process.env[VARIABLE];
  return given === undefined || given === '' ? 'auto' : asChoice(VARIABLE, given);
}

function asChoice(name: string, value: unknown): BackendChoice {
  const found = BACKEND_CHOICES.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw invalidOption(name, value, BACKEND_CHOICES.map((choice) => `'${choice}'`).join(', '));
}

/**
 * The backend to use.
 * @throws SnapvmError SNAPVM_HOST_PLATFORM, SNAPVM_HOST_ADDON, SNAPVM_HOST_KVM, SNAPVM_HOST_PROCESS
 */
export async function chooseBackend(choice: BackendChoice): Promise<Backend> {
  const first = await probeBackend(choice === 'auto' ? 'kvm' : choice);
  if (first.error === undefined) return first.backend;
  if (choice !== 'auto') throw first.error;
  const second = await probeBackend('process');
  if (second.error !== undefined) {
    const message = `${first.error.message}; and without KVM: ${second.error.message}`;
    throw new SnapvmError(first.error.code, message, {}, { cause: second.error });
  }
  warnOnce(first.error);
  return second.backend;
}

let warned = false;

function warnOnce(why: SnapvmError): void {
  if (warned) return;
  warned = true;
  process.emitWarning(
    `guests are isolated by a process and seccomp, not by a virtual machine, since ${why.message} (backend: 'process' says that this is meant)`,
    { type: 'SnapvmWarning', code: 'SNAPVM_BACKEND_PROCESS' },
  );
}
