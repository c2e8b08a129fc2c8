import { Definition } from './definition.js';
import { suggest } from './did-you-mean.js';
import { SnapvmError } from './errors.js';
import { FunctionHandle, type FunctionHost } from './function-handle.js';
import { failureToError } from './guest-errors.js';
import type { HostFunction } from './host-functions.js';
import { type Logger, logGuest, logHostFailure } from './logger.js';
import { type CheckedPolicy, checkName, checkPolicy, type Policy } from './policy.js';
import { Target } from './pool/call.js';
import type { Pool } from './pool/pool.js';
import type { DerivedSnapshot, Frozen } from './snapshot/derive.js';
import type { GuestEnvironment } from './snapshot/environment.js';
import { Snapshot } from './snapshot/snapshot.js';
import { type CallStats, Recorder } from './stats.js';
import { readySnapshot } from './store/ready-snapshots.js';
import type { SnapshotStore } from './store/store.js';

/** What the registry works with. */
export interface RegistryTools {
  readonly pool: Pool;
  readonly hostFunctions: ReadonlyMap<string, HostFunction>;
  readonly logger: Logger | undefined;
  /** Where ready snapshots are kept, if anywhere. */
  readonly store: SnapshotStore | undefined;
  readonly poisoned: (name: string, inRow: number, error: SnapvmError) => void;
}

interface Initialised {
  readonly frozen: Frozen;
  /** To be called when the frozen pages are held, or not needed. */
  release(): void;
}

const NO_INPUT = new Uint8Array();

/**
 * The functions of an engine. A definition is released when it was replaced or taken back and its last call has ended.
 */
export class Registry {
  readonly #tools: RegistryTools;
  readonly #host: FunctionHost;
  readonly #handles = new Map<string, FunctionHandle>();
  /** What changes the definition of a name comes one after the other. */
  readonly #changes = new Map<string, Promise<unknown>>();
  readonly #live = new Set<Definition>();
  /** Taken back, and some calls have not ended. */
  readonly #leaving = new Set<FunctionHandle>();
  /** Definitions that were replaced or taken back, until their last calls have ended. */
  readonly #retiring = new Map<FunctionHandle, Set<Promise<void>>>();
  /** Of functions that are not defined any more. */
  readonly #past = new Recorder();
  #callIds = 0;
  #closed = false;

  constructor(tools: RegistryTools) {
    this.#tools = tools;
    const { pool, hostFunctions, logger, poisoned } = tools;
    this.#host = {
      pool,
      hostFunctions,
      nextCallId: () => ++this.#callIds,
      logs: (logs, fields) => logGuest(logger, logs, fields),
      hostFunctionFailed: (err, fields) => logHostFailure(logger, err, fields),
      poisoned,
      undefine: (handle) => this.#undefine(handle),
    };
  }

  get(name: string): FunctionHandle | undefined {
    return this.#handles.get(name);
  }

  /** @throws SnapvmError `SNAPVM_ENGINE_UNKNOWN` */
  find(name: string): FunctionHandle {
    const handle = this.#handles.get(name);
    if (handle !== undefined) return handle;
    this.#checkOpen();
    const names = [...this.#handles.keys()];
    const hint = names.length === 0 ? 'none is' : suggest(String(name), names);
    throw new SnapvmError(
      'SNAPVM_ENGINE_UNKNOWN',
      `no function named ${JSON.stringify(name)} is defined; ${hint}`,
      { function: String(name) },
    );
  }

  /** In the order of their first definition. */
  list(): FunctionHandle[] {
    return [...this.#handles.values()];
  }

  /** Of all functions, those that are no more included. */
  stats(): CallStats {
    const all = new Recorder();
    all.add(this.#past);
    for (const { recorder } of [...this.#handles.values(), ...this.#leaving]) all.add(recorder);
    return all.stats;
  }

  define(name: string, source: GuestEnvironment, policy: Policy): Promise<FunctionHandle> {
    const key = checkName(name);
    const checked = checkPolicy(policy, this.#tools.hostFunctions);
    this.#checkOpen();
    return this.#inTurn(key, async () => {
      const definition = await this.#build(key, source, checked);
      if (this.#closed) {
        release(definition);
        this.#checkOpen();
      }
      this.#live.add(definition);
      const handle = this.#handles.get(key) ?? new FunctionHandle(key, this.#host);
      this.#handles.set(key, handle);
      const before = handle.replace(definition);
      if (before !== undefined) this.#retireLater(handle, before);
      return handle;
    });
  }

  /** Further calls fail at once; resolves when those on their way have ended. */
  undefine(name: string): Promise<void> {
    return this.#inTurn(checkName(name), () => this.#takeBack(this.find(name)));
  }

  /** Releases everything; to be called when no call is on its way. */
  close(): void {
    this.#closed = true;
    for (const definition of this.#live) release(definition);
    this.#live.clear();
    for (const handle of this.#handles.values()) this.#past.add(handle.recorder);
    this.#handles.clear();
  }

  #undefine(handle: { readonly name: string }): Promise<void> {
    return this.#inTurn(handle.name, async () => {
      const defined = this.#handles.get(handle.name);
      if (defined !== undefined && defined === handle) await this.#takeBack(defined);
    });
  }

  async #takeBack(handle: FunctionHandle): Promise<void> {
    this.#handles.delete(handle.name);
    const definition = handle.replace(undefined);
    this.#leaving.add(handle);
    if (definition !== undefined) this.#retireLater(handle, definition);
    await Promise.all(this.#retiring.get(handle) ?? []);
    this.#leaving.delete(handle);
    this.#past.add(handle.recorder);
  }

  #retireLater(handle: FunctionHandle, definition: Definition): void {
    const retiring = this.#retiring.get(handle) ?? new Set();
    this.#retiring.set(handle, retiring);
    const retired = this.#retire(definition).finally(() => {
      retiring.delete(retired);
      if (retiring.size === 0) this.#retiring.delete(handle);
    });
    retiring.add(retired);
  }

  async #retire(definition: Definition): Promise<void> {
    await definition.idle();
    if (!this.#live.delete(definition)) return; // the engine was closed meanwhile
    this.#tools.pool.forget(definition.target.definition.descriptor.id);
    release(definition);
  }

  async #inTurn<T>(name: string, change: () => Promise<T>): Promise<T> {
    const before = this.#changes.get(name);
    const mine = before === undefined ? change() : before.then(change, change);
    this.#changes.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#changes.get(name) === mine) this.#changes.delete(name);
    }
  }

  #checkOpen(): void {
    if (!this.#closed) return;
    throw new SnapvmError(
      'SNAPVM_ENGINE_CLOSED',
      'the engine was closed; start another one to define functions',
    );
  }

  async #build(name: string, source: GuestEnvironment, policy: CheckedPolicy): Promise<Definition> {
    const snapshot = await Snapshot.build(source, policy.memory);
    let derived: DerivedSnapshot | undefined;
    try {
      const initialise = (): Promise<Initialised> => this.#initialise(name, snapshot, policy);
      let functions: readonly string[];
      if (policy.warm) {
        const { store } = this.#tools;
        derived = await readySnapshot(store, snapshot.descriptor, 'initialise', NO_INPUT, initialise);
        functions = derived.descriptor.functions;
      } else {
        const initialised = await initialise();
        initialised.release();
        functions = initialised.frozen.functions;
      }
      const target = new Target({
        descriptor: derived?.descriptor ?? snapshot.descriptor,
        options: policy.sandbox,
        initLimits: policy.initLimits,
        hostFunctions: policy.hostFunctions,
      });
      return new Definition(name, snapshot, derived, target, functions, policy);
    } catch (error) {
      derived?.close();
      snapshot.close();
      throw error;
    }
  }

  /** Runs the guest to ready in a worker. */
  async #initialise(name: string, snapshot: Snapshot, policy: CheckedPolicy): Promise<Initialised> {
    const { reply, release } = await this.#tools.pool.initialise({
      descriptor: snapshot.descriptor,
      options: policy.sandbox,
      limits: policy.initLimits,
    });
    logGuest(this.#tools.logger, reply.logs, { function: name });
    if (reply.ok) return { frozen: reply.ready, release };
    release();
    throw failureToError(reply.failure, { name, symbolize: (rip) => snapshot.symbolize(rip) });
  }
}

function release({ derived, snapshot }: Definition): void {
  derived?.close();
  snapshot.close();
}
