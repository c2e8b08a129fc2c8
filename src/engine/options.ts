/** What an engine is started with, and its checks. */
import { availableParallelism } from 'node:os';
import type { BackendChoice } from '../base/backend-name.js';
import { checkDirectory, checkNames, checkObject, checkWhole } from '../base/checks.js';
import type { PoolOptions } from '../pool/options.js';
import { checkBackend } from './backend.js';
import { checkHostFunctions, type HostFunction, type HostFunctions } from './host-functions.js';
import { checkLogger, type Logger } from './logger.js';

/** What an engine is started with. */
export interface EngineOptions {
  /**
   * What runs guests: virtual machines (`'kvm'`), or processes under seccomp and ptrace (`'process'`), which
   * are weaker walls: see docs/backends.md. `'auto'` takes KVM where it is usable, and otherwise processes,
   * with a warning.
   * @default the environment's SNAPVM_BACKEND, or else 'auto'
   */
  readonly backend?: BackendChoice;
  /** Worker threads, 1 to 256. @default two, or as many as there are processors if that is more, at most 8 */
  readonly workers?: number;
  /**
   * How many calls may wait for a worker or a host function, beyond one for each worker. Further calls fail
   * at once with `SNAPVM_ENGINE_QUEUE_FULL`. @default 1024
   */
  readonly maxQueue?: number;
  /**
   * Private memory that sandboxes may hold, all workers together, in bytes; those used longest ago are closed
   * first. Each worker keeps one at least. @default 1 GiB
   */
  readonly residentBytes?: number;
  /** Functions of the host that guests may call, if their policy names them. @default none */
  readonly hostFunctions?: HostFunctions;
  /**
   * Gets each line a guest logs, with `{ function, fn, call }`, and what host functions throw.
   * @default dropped
   */
  readonly logger?: Logger;
  /**
   * A directory in which ready snapshots are kept, as a path or a `file:` URL: what was initialised before,
   * by this process or another, is loaded instead. It is made if it is missing; nobody else should be able to
   * write to it.
   * @default none
   */
  readonly store?: string | URL;
}

const MAX_WORKERS = 256;
const MAX_QUEUE = 1_000_000;
const DEFAULT_QUEUE = 1024;
const DEFAULT_RESIDENT_BYTES = 2 ** 30;
const MOST_RESIDENT_BYTES = 2 ** 46;

/** The options of an engine, checked, with defaults. */
export interface CheckedOptions {
  readonly backend: BackendChoice;
  readonly pool: Omit<PoolOptions, 'backend'>;
  readonly hostFunctions: ReadonlyMap<string, HostFunction>;
  readonly logger: Logger | undefined;
  readonly directory: string | undefined;
}

/** Checks the options of an engine. @throws SnapvmError SNAPVM_CONFIG_* */
export function checkOptions(options: EngineOptions): CheckedOptions {
  const given = checkObject('options', options);
  checkNames('options', given, [
    'workers',
    'maxQueue',
    'residentBytes',
    'hostFunctions',
    'logger',
    'store',
    'backend',
  ]);
  return {
    backend: checkBackend(given['backend']),
    pool: {
      workers: checkWhole('workers', given['workers'], 1, MAX_WORKERS) ?? defaultWorkers(),
      maxQueue: checkWhole('maxQueue', given['maxQueue'], 0, MAX_QUEUE) ?? DEFAULT_QUEUE,
      residentBytes:
        checkWhole('residentBytes', given['residentBytes'], 0, MOST_RESIDENT_BYTES) ?? DEFAULT_RESIDENT_BYTES,
    },
    hostFunctions: checkHostFunctions(given['hostFunctions']),
    logger: checkLogger(given['logger']),
    directory: checkDirectory('store', given['store']),
  };
}

function defaultWorkers(): number {
  return Math.min(8, Math.max(2, availableParallelism()));
}
