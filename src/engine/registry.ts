import type { Backend } from '../base/backend-name.js';
import { SnapvmError } from '../base/errors.js';
import { suggest } from '../base/suggest.js';
import type { GuestKind } from '../guests/kind.js';
import { kindOf, type Source } from '../guests/kinds.js';
import type { LinuxPolicy } from '../guests/linux/policy.js';
import type { Policy } from '../guests/policy.js';
import { Builder, type BuilderTools } from './builder.js';
import type { Definition } from './definition.js';
import { FunctionHandle, type FunctionServices } from './function-handle.js';
import type { HostFunction } from './host-functions.js';
import { checkPolicy } from './policy.js';
import { type CallStats, Recorder } from './stats.js';

/** What the registry works with. */
export interface RegistryTools extends BuilderTools {
  readonly backend: Backend;
  readonly hostFunctions: ReadonlyMap<string, HostFunction>;
  readonly poisoned: (name: string, inRow: number, error: SnapvmError) => void;
}

/**
 * The functions of an engine. A definition is released when it was replaced or removed and its last call has
 * ended.
 */
export class Registry {
  readonly #tools: RegistryTools;
  readonly #services: FunctionServices;
  readonly #builder: Builder;
  readonly #handles = new Map<string, FunctionHandle>();
  /** The last change of each name's definition: changes of one name happen one after the other. */
  readonly #changes = new Map<string, Promise<unknown>>();
  readonly #live = new Set<Definition>();
  /** Functions that were removed and have calls that have not ended. */
  readonly #leaving = new Set<FunctionHandle>();
  /** For each handle, the definitions it had whose calls have not all ended. */
  readonly #retiring = new Map<FunctionHandle, Set<Promise<void>>>();
  /** The counts of functions that are not defined any more. */
  readonly #past = new Recorder();
  #callIds = 0;
  #closed = false;

  constructor(tools: RegistryTools) {
    this.#tools = tools;
    this.#builder = new Builder(tools);
    const { pool, hostFunctions, logger, poisoned } = tools;
    this.#services = {
      pool,
      hostFunctions,
      nextCallId: () => ++this.#callIds,
      logger,
      poisoned,
      undefine: (handle) => this.#undefine(handle),
    };
  }

  get(name: string): FunctionHandle | undefined {
    return this.#handles.get(name);
  }

  /** The handle of a function that must be defined. @throws SnapvmError `SNAPVM_ENGINE_UNKNOWN` */
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

  /** All handles, in the order in which their names were first defined. */
  list(): FunctionHandle[] {
    return [...this.#handles.values()];
  }

  /** The counts of all functions, removed ones included. */
  stats(): CallStats {
    const all = new Recorder();
    all.add(this.#past);
    for (const { recorder } of [...this.#handles.values(), ...this.#leaving]) all.add(recorder);
    return all.stats;
  }

  define(name: string, source: Source, policy: Policy | LinuxPolicy): Promise<FunctionHandle> {
    const key = checkName(name);
    const kind = kindOf(source);
    const checked = checkPolicy(kind, policy, this.#tools.hostFunctions, this.#tools.logger !== undefined);
    this.#checkOpen();
    checkBackend(key, kind, source, this.#tools.backend);
    return this.#inTurn(key, async () => {
      const definition = await this.#builder.build(key, source, checked);
      if (this.#closed) {
        definition.release();
        this.#checkOpen();
      }
      this.#live.add(definition);
      const handle = this.#handles.get(key) ?? new FunctionHandle(key, this.#services);
      this.#handles.set(key, handle);
      const before = handle.replace(definition);
      if (before !== undefined) this.#retireLater(handle, before);
      return handle;
    });
  }

  /** Further calls fail at once; resolves when those on their way have ended and all is released. */
  undefine(name: string): Promise<void> {
    return this.#inTurn(checkName(name), () => this.#remove(this.find(name)));
  }

  /** Resolves when the calls that were made have ended, their answers read. */
  async idle(): Promise<void> {
    await Promise.all(Array.from(this.#live, (definition) => definition.idle()));
  }

  /** Releases everything; to be called when no call is on its way. */
  close(): void {
    this.#closed = true;
    for (const definition of this.#live) definition.release();
    this.#builder.close();
    this.#live.clear();
    for (const handle of this.#handles.values()) this.#past.add(handle.recorder);
    this.#handles.clear();
  }

  #undefine(handle: { readonly name: string }): Promise<void> {
    return this.#inTurn(handle.name, async () => {
      const defined = this.#handles.get(handle.name);
      if (defined !== undefined && defined === handle) await this.#remove(defined);
    });
  }

  async #remove(handle: FunctionHandle): Promise<void> {
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
    const forgotten = this.#tools.pool.forget(definition.target.spec.descriptor.id);
    definition.release();
    await forgotten;
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
}

/** Checks the name of a function. @throws SnapvmError SNAPVM_ENGINE_NAME */
function checkName(name: unknown): string {
  if (typeof name === 'string' && name.length > 0 && name.length <= 256) return name;
  throw new SnapvmError('SNAPVM_ENGINE_NAME', 'a function needs a name: a string of 1 to 256 characters');
}

/** @throws SnapvmError SNAPVM_HOST_BACKEND when this kind of guest, or this one, cannot run on the backend */
function checkBackend(name: string, kind: GuestKind, source: Source, backend: Backend): void {
  const why = backend === 'kvm' ? undefined : kind.needsKvm(source);
  if (why === undefined) return;
  throw new SnapvmError('SNAPVM_HOST_BACKEND', `function ${JSON.stringify(name)} ${why}`, {
    function: name,
    backend,
  });
}
