/** What guests can run on, and what of it this machine has. */
import { type NativeCapabilities, native, typed } from './native.js';
import { loadMonitor } from './snapshot/monitor.js';

/** What runs a guest. */
export type Backend = 'kvm' | 'process';

/** All there are. */
export const BACKENDS = ['kvm', 'process'] as const satisfies readonly Backend[];

/** One of them, as found on this machine. */
export interface ProbedBackend {
  readonly backend: Backend;
  readonly usable: boolean;
  /** Why it is not. */
  readonly reason?: string;
  /** What to do about it. */
  readonly fix?: string;
  readonly capabilities?: NativeCapabilities;
}

/** Tries each. */
export async function probeBackends(): Promise<ProbedBackend[]> {
  return [await probeKvm(), { backend: 'process', usable: false, reason: 'not built yet' }];
}

async function probeKvm(): Promise<ProbedBackend> {
  const monitor = await loadMonitor();
  try {
    return { backend: 'kvm', usable: true, capabilities: typed(() => native().capabilities(monitor)) };
  } catch (error) {
    return { backend: 'kvm', usable: false, reason: (error as Error).message };
  }
}
