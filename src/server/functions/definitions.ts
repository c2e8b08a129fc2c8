/**
 * The versions that are defined in the engine: each when it is first called, those called longest ago removed
 * when there are too many, none while somebody uses it.
 */

import { messageOf } from '../../base/realms.js';
import type { Engine } from '../../engine/engine.js';
import { type Logger, logWarning } from '../../engine/logger.js';
import { type CallStats, Recorder } from '../../engine/stats.js';
import type { LinuxPolicy } from '../../guests/linux/policy.js';
import type { LinuxSource } from '../../guests/linux/source.js';
import type { EngineSource } from './engine-source.js';
import type { CallableHandle } from './model.js';
import { tenantIn } from './names.js';
import { Slots } from './turns.js';

/** After a restart all are called at once: each holds its source in memory until it is defined. */
const AT_ONCE = 8;

/** A handle, and whoever uses it. */
interface Resident {
  readonly name: string;
  readonly defined: Promise<CallableHandle>;
  /** Absent until it is defined. */
  handle: CallableHandle | undefined;
  uses: number;
  /** To be told when nobody uses it. */
  readonly waiting: (() => void)[];
  /** One use has ended. */
  readonly release: () => void;
}

/** What is defined, and stays so until it is released. */
export class Use<Of = undefined> {
  readonly handle: CallableHandle;
  readonly version: Of;
  #end: (() => void) | undefined;

  constructor(handle: CallableHandle, version: Of, end: () => void) {
    this.handle = handle;
    this.version = version;
    this.#end = end;
  }

  /** Idempotent. */
  release(): void {
    const end = this.#end;
    this.#end = undefined;
    end?.();
  }
}

/** What is defined. */
export class Definitions {
  readonly #engine: Engine;
  readonly #most: number;
  readonly #log: Logger | undefined;
  readonly #slots = new Slots(AT_ONCE);
  /** How many may be defined at a time. */
  readonly #defining: number;
  readonly #allSlots: Slots;
  /** Of each tenant that has defined something. */
  readonly #tenantSlots = new Map<string, Slots>();
  /** Those used longest ago come first. */
  readonly #residents = new Map<string, Resident>();
  /** The one that was used last, unless another was added since. */
  #newest: Resident | undefined;
  /** Those that are removed when their last call has ended. */
  readonly #leaving = new Map<string, Promise<void>>();

  constructor(engine: Engine, most: number, log: Logger | undefined) {
    this.#engine = engine;
    this.#defining = engine.workers > 1 ? engine.workers - 1 : AT_ONCE;
    this.#allSlots = new Slots(this.#defining);
    this.#most = most;
    this.#log = log;
  }

  /**
   * Runs `work`, which defines something of a tenant. What a guest does when it is defined may take as long as its policy
   * allows, and a worker: all tenants have all but one of them at a time, if there are several, which is left to
   * calls, and each leaves one of those to definitions of others.
   */
  async inTurn<T>(tenant: string, work: () => Promise<T>): Promise<T> {
    let slots = this.#tenantSlots.get(tenant);
    if (slots === undefined) {
      slots = new Slots(Math.max(1, this.#defining - 1));
      this.#tenantSlots.set(tenant, slots);
    }
    return await slots.take(() => this.#allSlots.take(work));
  }

  /** Defines what nobody is to use yet. @throws SnapvmError what `engine.define` throws */
  async make(
    name: string,
    source: EngineSource,
    policy: Readonly<Record<string, unknown>>,
  ): Promise<CallableHandle> {
    // A function that was removed and made anew has the names it had.
    await this.#leaving.get(name)?.catch(() => {});
    // The engine tells the kinds apart, and checks each policy as that of its source.
    const handle: unknown = await this.#engine.define(name, source as LinuxSource, policy as LinuxPolicy);
    return handle as CallableHandle;
  }

  /** Gives it to whoever asks for its name from now on. */
  adopt(handle: CallableHandle): void {
    const { name } = handle;
    this.#residents.set(name, this.#resident(name, Promise.resolve(handle), handle));
    this.#newest = undefined;
    this.#trim();
  }

  /** What has that name, if it is defined. */
  useDefined<Of>(name: string, version: Of): Use<Of> | undefined {
    const resident = this.#residents.get(name);
    if (resident?.handle === undefined) return undefined;
    this.#took(resident);
    return new Use(resident.handle, version, resident.release);
  }

  /**
   * What has that name. If it is not defined, `make` defines it: once for all that ask.
   * @throws what `make` throws
   */
  async use<Of>(name: string, version: Of, make: () => Promise<CallableHandle>): Promise<Use<Of>> {
    const resident = this.#residents.get(name) ?? this.#begin(name, make);
    this.#took(resident);
    try {
      return new Use(resident.handle ?? (await resident.defined), version, resident.release);
    } catch (error) {
      resident.release();
      throw error;
    }
  }

  /** The last one used is the last in the map. */
  #took(resident: Resident): void {
    resident.uses += 1;
    if (this.#newest === resident) return;
    this.#newest = resident;
    if (this.#residents.delete(resident.name)) this.#residents.set(resident.name, resident);
  }

  /** Removes it when nobody uses it any more, and resolves then. */
  async forget(name: string): Promise<void> {
    const resident = this.#residents.get(name);
    if (resident === undefined) return await this.#leaving.get(name);
    this.#residents.delete(name);
    const gone = this.#remove(resident);
    this.#leaving.set(name, gone);
    try {
      await gone;
    } finally {
      this.#leaving.delete(name);
    }
  }

  /** What the calls of these have cost since they were defined. */
  stats(names: readonly string[]): CallStats {
    const all = new Recorder();
    for (const name of names) {
      const handle = this.#residents.get(name)?.handle;
      if (handle !== undefined) all.add(handle.recorder);
    }
    return all.stats;
  }

  /** Removes all, also what is just being defined; calls that were made end first. */
  async close(): Promise<void> {
    const residents = [...this.#residents.values()];
    this.#residents.clear();
    await Promise.all(
      residents.map(async ({ defined }) => {
        const handle = await defined.catch(() => undefined);
        await handle?.undefine();
      }),
    );
  }

  #begin(name: string, make: () => Promise<CallableHandle>): Resident {
    const defined = this.inTurn(tenantIn(name), () => this.#slots.take(make));
    const resident = this.#resident(name, defined, undefined);
    this.#residents.set(name, resident);
    resident.defined.then(
      (handle) => {
        resident.handle = handle;
        this.#trim();
      },
      // Whoever asks next tries again.
      () => {
        if (this.#residents.get(name) === resident) this.#residents.delete(name);
      },
    );
    return resident;
  }

  #resident(name: string, defined: Promise<CallableHandle>, handle: CallableHandle | undefined): Resident {
    const resident: Resident = {
      name,
      defined,
      handle,
      uses: 0,
      waiting: [],
      release: () => this.#release(resident),
    };
    return resident;
  }

  async #remove(resident: Resident): Promise<void> {
    if (resident.uses > 0) await new Promise<void>((resolve) => resident.waiting.push(resolve));
    await resident.handle?.undefine();
  }

  #release(resident: Resident): void {
    resident.uses -= 1;
    if (resident.uses > 0) return;
    for (const tell of resident.waiting.splice(0)) tell();
    this.#trim();
  }

  #trim(): void {
    for (const resident of this.#residents.values()) {
      if (this.#residents.size <= this.#most) return;
      const { name, handle, uses } = resident;
      if (handle === undefined || uses > 0) continue;
      this.#residents.delete(name);
      // Whoever asks for it meanwhile waits in the engine, which does one thing at a time with a name.
      handle.undefine().catch((error: unknown) => {
        logWarning(this.#log, `${name} cannot be removed from the engine: ${messageOf(error)}`, {
          function: name,
        });
      });
    }
  }
}
