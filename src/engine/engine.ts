import { EventEmitter } from 'node:events';
import type { Backend } from '../base/backend-name.js';
import { blame, callSite } from '../base/call-site.js';
import { checkBoolean, checkNames, checkObject } from '../base/checks.js';
import type { JsFunctionSource, JsPolicy } from '../guests/js/kind.js';
import type { Source } from '../guests/kinds.js';
import type { LinuxPolicy } from '../guests/linux/policy.js';
import type { LinuxSource } from '../guests/linux/source.js';
import type { Policy } from '../guests/policy.js';
import { Pool } from '../pool/pool.js';
import type { GuestEnvironment } from '../snapshot/environment.js';
import { SnapshotStore, type StoreProblem, type StoreStats } from '../store/store.js';
import { chooseBackend } from './backend.js';
import { type EngineEvents, EventRelay } from './events.js';
import type {
  AnyCallOptions,
  AnyHandle,
  AnyInput,
  FunctionHandle,
  JsHandle,
  LinuxHandle,
} from './function-handle.js';
import { logStoreProblem } from './logger.js';
import { checkOptions, type EngineOptions } from './options.js';
import { Registry } from './registry.js';
import type { CallStats } from './stats.js';

/** Sandboxes that the workers hold, in use or idle. */
export interface ResidentStats {
  /** How many sandboxes there are. */
  readonly sandboxes: number;
  /** The bytes of their private memory. What the kernel keeps for each VM is estimated. */
  readonly bytes: number;
}

/** What an engine has done, and what it holds. */
export interface EngineStats extends CallStats {
  /** How many worker threads answer. */
  readonly workers: number;
  /** How many worker threads died and were replaced. */
  readonly workersReplaced: number;
  /** How many calls wait for a worker. */
  readonly waiting: number;
  /** How many calls have not ended, those that wait included. */
  readonly pending: number;
  /** Sandboxes that the workers hold, and their private memory in bytes. */
  readonly residents: ResidentStats;
  /** What the store has done; all 0 in an engine without one. */
  readonly store: StoreStats;
}

/** How an engine is closed. */
export interface CloseOptions {
  /** Whether calls that were made may end first. No new ones are taken meanwhile. @default false */
  readonly drain?: boolean;
}

/** What an engine is made of. */
interface EngineParts {
  readonly backend: Backend;
  readonly pool: Pool;
  readonly registry: Registry;
  readonly store: SnapshotStore | undefined;
  readonly events: EventRelay;
}

const NO_STORE: StoreStats = { loaded: 0, saved: 0, refused: 0, unsaved: 0 };

/**
 * Runs functions in micro-VMs. An idle engine does not keep the process alive; close it to free what it
 * holds. In a worker thread of your own, close it before that thread is terminated, which would wait for
 * running guests.
 */
export class Engine extends EventEmitter<EngineEvents> {
  /** The backend that runs its guests. */
  readonly backend: Backend;
  readonly #pool: Pool;
  readonly #registry: Registry;
  readonly #store: SnapshotStore | undefined;
  readonly #events: EventRelay;
  #closing: Promise<void> | undefined;
  #draining: Promise<void> | undefined;

  private constructor({ backend, pool, registry, store, events }: EngineParts) {
    super();
    this.backend = backend;
    this.#pool = pool;
    this.#registry = registry;
    this.#store = store;
    this.#events = events;
    events.connect(this);
  }

  /** @internal A call is about to be made: a worker should be awake by then. */
  expectCall(): void {
    this.#pool.expect();
  }

  /**
   * Checks the machine and starts the workers.
   * @throws SnapvmError `SNAPVM_HOST_PLATFORM`, `SNAPVM_HOST_ADDON`, `SNAPVM_HOST_KVM`,
   * `SNAPVM_HOST_PROCESS`, `SNAPVM_HOST_MEMORY`, `SNAPVM_HOST_DENIED`, `SNAPVM_CONFIG_*`,
   * `SNAPVM_STORE_DIRECTORY`
   */
  static async start(options: EngineOptions = {}): Promise<Engine> {
    const { backend: choice, pool: poolOptions, hostFunctions, logger, directory } = checkOptions(options);
    // Probed here, on the main thread: errors of the machine arrive typed and before any thread is started.
    const backend = await chooseBackend(choice);
    const events = new EventRelay();
    const store = await openStore(directory, (problem) => {
      logStoreProblem(logger, problem.error);
      events.tell('storeProblem', problem);
    });
    const pool = await Pool.start(
      { backend, ...poolOptions },
      {
        workerReplaced: (lost) => events.tell('workerReplaced', lost),
        queueFull: (queue) => events.tell('queueFull', queue),
      },
    );
    const registry = new Registry({
      pool,
      backend,
      hostFunctions,
      logger,
      store,
      poisoned: (name, inRow, error) => {
        if (isRoundNumber(inRow)) events.tell('functionPoisoned', { function: name, inRow, error });
      },
    });
    return new Engine({ backend, pool, registry, store, events });
  }

  /** How many worker threads answer right now. */
  get workers(): number {
    return this.#pool.links.size;
  }

  /** The ids of the worker threads (`worker.threadId`). */
  get threadIds(): readonly number[] {
    return this.#pool.threadIds;
  }

  /**
   * Defines a function from a native guest, a Linux program or a JavaScript module. The guest is built into a
   * snapshot and, unless the policy says otherwise, run once up to the state that calls begin with. If the
   * name is defined already, the new guest takes it over; calls that were made before still end in the old
   * one.
   * @throws SnapvmError `SNAPVM_ELF_*`, `SNAPVM_CONFIG_*`, `SNAPVM_SNAPSHOT_*`, `SNAPVM_GUEST_*`,
   * `SNAPVM_LINUX_*`, `SNAPVM_JS_*`, `SNAPVM_ENGINE_NAME`, `SNAPVM_ENGINE_CLOSED`,
   * `SNAPVM_ENGINE_WORKER_LOST`, `SNAPVM_CALL_TIMEOUT` when Initialise runs into initTimeoutMs
   */
  define(name: string, source: GuestEnvironment, policy?: Policy): Promise<FunctionHandle>;
  define(name: string, source: LinuxSource, policy?: LinuxPolicy): Promise<LinuxHandle>;
  define(name: string, source: JsFunctionSource, policy?: JsPolicy): Promise<JsHandle>;
  async define(name: string, source: Source, policy: Policy | LinuxPolicy = {}): Promise<unknown> {
    return this.#registry.define(name, source, policy);
  }

  /**
   * Calls a function by its name. It takes and gives what the handle's `call` does.
   * @throws SnapvmError `SNAPVM_ENGINE_UNKNOWN`, and what the handle's `call` throws
   */
  async call<Out = Uint8Array>(name: string, input?: AnyInput, options?: AnyCallOptions): Promise<Out> {
    let handle: FunctionHandle<AnyInput, Out, AnyCallOptions>;
    try {
      handle = this.#registry.find(name) as typeof handle;
    } catch (error) {
      throw blame(error, callSite());
    }
    return await handle.call(input, options); // whose errors have the stack of this call
  }

  /**
   * The handle of a function, or `undefined` if none of that name is defined. The caller says of which type
   * it is.
   */
  get<Handle = FunctionHandle>(name: string): Handle | undefined {
    return this.#registry.get(name) as Handle | undefined;
  }

  /** The handles of all functions, in the order in which their names were first defined. */
  list(): AnyHandle[] {
    return this.#registry.list();
  }

  /**
   * Removes a function: further calls fail. Resolves when the calls that were made have ended and its
   * sandboxes, memory and descriptors are released. A worker that runs another function's guest releases its
   * part after that call; it is waited for 2 seconds at most.
   * @throws SnapvmError `SNAPVM_ENGINE_UNKNOWN`
   */
  async undefine(name: string): Promise<void> {
    await this.#registry.undefine(name);
  }

  /** What the engine has done so far, and what it holds now. */
  stats(): EngineStats {
    const residents = { sandboxes: 0, bytes: 0 };
    for (const link of this.#pool.links) {
      residents.sandboxes += link.residents.sandboxes;
      residents.bytes += link.residents.bytes;
    }
    return {
      ...this.#registry.stats(),
      workers: this.#pool.links.size,
      workersReplaced: this.#events.count('workerReplaced'),
      ...this.#pool.queue,
      residents,
      store: this.#store?.stats ?? NO_STORE,
    };
  }

  /**
   * Ends the engine and frees everything. Calls that have not ended fail with `SNAPVM_ENGINE_CLOSED`, or end
   * first with `drain`. New calls fail. Idempotent; a close without `drain` cuts one with `drain` short.
   * @throws SnapvmError `SNAPVM_CONFIG_*`
   */
  async close(options: CloseOptions = {}): Promise<void> {
    const checked = checkObject('options', options);
    checkNames('options', checked, ['drain']);
    const drain = checkBoolean('drain', checked['drain']);
    if (drain === true && this.#closing === undefined) {
      this.#draining ??= this.#pool.drain();
      await this.#draining;
      await this.#registry.idle(); // whose answers may still be read
    }
    this.#closing ??= this.#close();
    await this.#closing;
  }

  /** Closes the engine, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    await this.#pool.close();
    this.#registry.close();
  }
}

async function openStore(
  directory: string | undefined,
  problem: (problem: StoreProblem) => void,
): Promise<SnapshotStore | undefined> {
  return directory === undefined ? undefined : await SnapshotStore.open(directory, problem);
}

/** Whether it is 10, 100, 1,000 ... */
function isRoundNumber(count: number): boolean {
  return count >= 10 && Number.isInteger(Math.log10(count));
}
