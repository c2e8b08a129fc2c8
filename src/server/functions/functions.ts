/** The functions of a server: what is on disk of them, and what of them runs. */

import { join } from 'node:path';
import { checkWhole } from '../../base/checks.js';
import { SnapvmError } from '../../base/errors.js';
import { random as anyNumber } from '../../base/globals.js';
import { messageOf } from '../../base/realms.js';
import type { Engine } from '../../engine/engine.js';
import { type Logger, logStoreProblem, logWarning } from '../../engine/logger.js';
import type { CallStats } from '../../engine/stats.js';
import { StoreEntries } from '../../store/entries.js';
import { openDirectory } from '../files.js';
import { DirectoryLock, type LockOptions } from '../lock.js';
import { Catalog } from './catalog.js';
import { infoOf, rolledBack, withAlias, withoutAlias } from './changes.js';
import { Definitions } from './definitions.js';
import { type Admit, Deployments } from './deployments.js';
import { dropSource, type EngineSource, holdSource, readSource } from './engine-source.js';
import type {
  CallableHandle,
  Deployment,
  FunctionInfo,
  FunctionRecord,
  Selected,
  StoredVersion,
  Usage,
  Version,
} from './model.js';
import { checkName, engineName } from './names.js';
import { Sources } from './sources.js';
import { StoredEntries } from './stored.js';
import { Turns } from './turns.js';
import { type GivenTarget, type Naming, sharesFor, versionFor, versionNamed } from './versions.js';

/** What functions are opened with. */
export interface FunctionsOptions extends LockOptions {
  /** What runs them. It is not closed with them. */
  readonly engine: Engine;
  /** Where they are kept. It is made if it is missing; nobody else may write to it. */
  readonly directory: string;
  /** How many versions are defined at a time, in use or not: more only while more are used. @default 1000 */
  readonly maxDefined?: number;
  /**
   * Whether modules may import packages, which are looked for from the working directory of this process: whoever
   * deploys can read them then. @default false
   */
  readonly packages?: boolean;
  /**
   * Where the engine's store is, if nobody else has it: what it has of versions goes with them.
   * @default none, and nothing is removed there
   */
  readonly store?: string;
  /** Is told of what was moved aside, and of what could not be cleaned up. @default nobody */
  readonly log?: Logger | undefined;
  /** Chooses between the two versions of an alias: from 0 up to, not including, 1. @default Math.random */
  readonly random?: () => number;
}

const MOST_DEFINED = 1_000_000;
const DEFAULT_DEFINED = 1000;

interface Parts {
  readonly catalog: Catalog;
  readonly sources: Sources;
  readonly stored: StoredEntries;
  readonly definitions: Definitions;
  readonly lock: DirectoryLock;
  readonly packages: boolean;
  readonly random: () => number;
  readonly log: Logger | undefined;
}

/**
 * The functions of all tenants, with their versions and aliases. What a method has resolved for is on disk,
 * and there after a `kill -9`. Changes of one function happen one after the other; calls go on meanwhile.
 */
export class Functions {
  /** What was wrong on disk when it was opened, a sentence each, which begins with a path. */
  readonly problems: readonly string[];
  readonly #catalog: Catalog;
  readonly #sources: Sources;
  readonly #stored: StoredEntries;
  readonly #definitions: Definitions;
  readonly #deployments: Deployments;
  readonly #lock: DirectoryLock;
  readonly #packages: boolean;
  readonly #random: () => number;
  readonly #log: Logger | undefined;
  readonly #turns = new Turns();
  #closing: Promise<void> | undefined;

  private constructor(
    { catalog, sources, stored, definitions, lock, packages, random, log }: Parts,
    problems: readonly string[],
  ) {
    this.problems = problems;
    this.#catalog = catalog;
    this.#sources = sources;
    this.#stored = stored;
    this.#definitions = definitions;
    this.#lock = lock;
    this.#packages = packages;
    this.#random = random;
    this.#log = log;
    this.#deployments = new Deployments({
      catalog,
      sources,
      stored,
      definitions,
      packages,
      leave: (record, versions) => void this.#leave(record, versions),
    });
  }

  /**
   * Takes the directory, and reads what is in it. What is no record is moved aside, and named in `problems`.
   * @throws SnapvmError `SNAPVM_SERVER_DIRECTORY`: another server has it, it cannot be had, or others may
   * write to it; `SNAPVM_HOST_MEMORY`, `SNAPVM_CONFIG_VALUE`
   */
  static async open(options: FunctionsOptions): Promise<Functions> {
    const { engine, log, packages = false, random = anyNumber, patienceMs } = options;
    const most = checkWhole('maxDefined', options.maxDefined, 1, MOST_DEFINED) ?? DEFAULT_DEFINED;
    const directory = await openDirectory(options.directory);
    const lock = await DirectoryLock.acquire(directory, { ...(patienceMs !== undefined && { patienceMs }) });
    try {
      const catalog = new Catalog(join(directory, 'functions'));
      const sources = new Sources(join(directory, 'sources'));
      const stored = new StoredEntries(
        options.store === undefined ? undefined : new StoreEntries(options.store),
      );
      const problems = await load(catalog, sources, stored);
      for (const problem of problems)
        logStoreProblem(log, new SnapvmError('SNAPVM_SERVER_DIRECTORY', problem));
      const definitions = new Definitions(engine, most, log);
      return new Functions({ catalog, sources, stored, definitions, lock, packages, random, log }, problems);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /**
   * Makes a version of a function, and the function if there is none. What has the hash and the policy of a
   * version that is there is that version (`created` is false). It is durable when this resolves; otherwise
   * nothing is left.
   * @param admit Told what the tenant has, what others are deploying included, and what this adds, before
   * anything is written. What it throws is thrown.
   * @throws SnapvmError what `engine.define` throws; `SNAPVM_SERVER_NAME`, `SNAPVM_SERVER_REQUEST`,
   * `SNAPVM_SERVER_TOO_LARGE`, `SNAPVM_SERVER_DIRECTORY`, `SNAPVM_SERVER_DRAINING`
   */
  async deploy(deployment: Deployment, admit?: Admit): Promise<{ version: Version; created: boolean }> {
    return await this.#change(deployment.tenant, deployment.name, () =>
      this.#deployments.deploy(deployment, admit),
    );
  }

  /**
   * Functions in the order of their names; `next` is to be `after` for those that follow, if there are any.
   */
  list(
    tenant: string,
    { limit, after }: { readonly limit: number; readonly after?: string | undefined },
  ): { functions: FunctionInfo[]; next: string | undefined } {
    const { records, more } = this.#catalog.list(tenant, limit, after);
    return { functions: records.map(infoOf), next: more ? records.at(-1)?.name : undefined };
  }

  /** @throws SnapvmError `SNAPVM_SERVER_UNKNOWN` */
  get(tenant: string, name: string): FunctionInfo {
    return infoOf(this.#catalog.get(tenant, name));
  }

  /**
   * Removes a function with all its versions: further calls fail. Resolves when calls on their way have
   * ended.
   * @throws SnapvmError `SNAPVM_SERVER_UNKNOWN`, `SNAPVM_SERVER_DIRECTORY`, `SNAPVM_SERVER_DRAINING`
   */
  async remove(tenant: string, name: string): Promise<void> {
    await this.#change(tenant, name, async () => {
      const record = this.#catalog.get(tenant, name);
      await this.#catalog.remove(record);
      await this.#leave(record, record.versions);
    });
  }

  /**
   * Points an alias to one version, or to two by weight. The weight of one alone does not matter.
   * @throws SnapvmError `SNAPVM_SERVER_NAME`, `SNAPVM_SERVER_UNKNOWN`, `SNAPVM_SERVER_REQUEST`,
   * `SNAPVM_SERVER_CONFLICT`, `SNAPVM_SERVER_DIRECTORY`, `SNAPVM_SERVER_DRAINING`
   */
  async setAlias(
    tenant: string,
    name: string,
    alias: string,
    targets: readonly GivenTarget[],
  ): Promise<FunctionInfo> {
    checkName('alias', alias);
    return await this.#replace(tenant, name, (record) =>
      withAlias(record, alias, sharesFor(record, targets)),
    );
  }

  /**
   * @throws SnapvmError `SNAPVM_SERVER_UNKNOWN`; `SNAPVM_SERVER_CONFLICT`: it is `live`;
   * `SNAPVM_SERVER_DIRECTORY`, `SNAPVM_SERVER_DRAINING`
   */
  async removeAlias(tenant: string, name: string, alias: string): Promise<void> {
    await this.#replace(tenant, name, (record) => withoutAlias(record, alias));
  }

  /**
   * Points `live` to what it pointed to before its last change; again, to what it did before that.
   * @throws SnapvmError `SNAPVM_SERVER_UNKNOWN`; `SNAPVM_SERVER_CONFLICT`: there is nothing before;
   * `SNAPVM_SERVER_DIRECTORY`, `SNAPVM_SERVER_DRAINING`
   */
  async rollback(tenant: string, name: string): Promise<FunctionInfo> {
    return await this.#replace(tenant, name, rolledBack);
  }

  /**
   * What a call is to run: the version that is named, or one of those its alias points to. It is defined if
   * it is not, and stays so until it is released.
   * @throws SnapvmError `SNAPVM_SERVER_UNKNOWN`, `SNAPVM_SERVER_REQUEST`, `SNAPVM_SERVER_CONFLICT`,
   * `SNAPVM_SERVER_DRAINING`; `SNAPVM_SERVER_DIRECTORY`: its source is gone; what `engine.define` throws
   */
  async select(tenant: string, name: string, by: Naming = {}): Promise<Selected> {
    return await this.selectSoon(tenant, name, by);
  }

  /** The same, at once if it is defined, as it nearly always is. @throws SnapvmError as `select` */
  selectSoon(tenant: string, name: string, by: Naming): Selected | Promise<Selected> {
    this.#checkOpen();
    const record = this.#catalog.get(tenant, name);
    const version = versionFor(record, by, this.#random);
    const named = engineName(record, version.info.revision);
    return (
      this.#definitions.useDefined(named, version.info) ??
      this.#definitions.use(named, version.info, () => this.#define(record, version))
    );
  }

  /**
   * What a version is made of, read from disk.
   * @throws SnapvmError `SNAPVM_SERVER_UNKNOWN`, `SNAPVM_SERVER_REQUEST`, `SNAPVM_SERVER_CONFLICT`,
   * `SNAPVM_SERVER_DRAINING`; `SNAPVM_SERVER_DIRECTORY`: it is gone; `SNAPVM_HOST_MEMORY`
   */
  async source(tenant: string, name: string, version: string): Promise<EngineSource> {
    this.#checkOpen();
    return await readSource(
      this.#sources,
      versionNamed(this.#catalog.get(tenant, name), version),
      this.#packages,
    );
  }

  /** What a tenant has on disk. */
  usage(tenant: string): Usage {
    return this.#catalog.usage(tenant);
  }

  /**
   * What calls have cost, of the versions that are defined, since they were.
   * @throws SnapvmError `SNAPVM_SERVER_UNKNOWN`
   */
  stats(tenant: string, name: string): CallStats {
    const record = this.#catalog.get(tenant, name);
    return this.#definitions.stats(record.versions.map(({ info }) => engineName(record, info.revision)));
  }

  /**
   * Ends it: changes on their way are made, calls on their way end, and another may have the directory.
   * Idempotent.
   */
  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    await this.#turns.idle();
    await this.#sources.close();
    await this.#stored.close();
    await this.#definitions.close();
    await this.#lock.release();
  }

  /** Runs a change of a function in its turn. */
  async #change<T>(tenant: string, name: string, change: () => Promise<T>): Promise<T> {
    this.#checkOpen();
    checkName('tenant', tenant);
    checkName('function', name);
    return await this.#turns.take(`${tenant}/${name}`, change);
  }

  /** Replaces the record of a function. */
  async #replace(
    tenant: string,
    name: string,
    next: (record: FunctionRecord) => FunctionRecord,
  ): Promise<FunctionInfo> {
    return await this.#change(tenant, name, async () => {
      const record = next(this.#catalog.get(tenant, name));
      await this.#catalog.save(record);
      return infoOf(record);
    });
  }

  async #define(record: FunctionRecord, version: StoredVersion): Promise<CallableHandle> {
    const { revision, policy, version: hash } = version.info;
    const name = engineName(record, revision);
    const source = await readSource(this.#sources, version, this.#packages);
    const handle = await this.#definitions.make(name, source, policy);
    if (handle.hash !== hash) {
      const text = `${name} has the hash ${handle.hash} now: snapvm, or a package it imports, is another than when it was deployed`;
      logWarning(this.#log, text, { function: name });
    }
    if (!areSame(handle.storeKeys, version.stored)) void this.#noteStored(record, revision, handle.storeKeys);
    return handle;
  }

  /** Another snapvm has other keys: the version has those from now on. */
  async #noteStored(
    { tenant, name }: FunctionRecord,
    revision: number,
    keys: readonly string[],
  ): Promise<void> {
    try {
      await this.#change(tenant, name, async () => {
        const record = this.#catalog.find(tenant, name);
        const found = record?.versions.find(({ info }) => info.revision === revision);
        if (record === undefined || found === undefined || areSame(found.stored, keys)) return;
        const versions = record.versions.map((each) => (each === found ? { ...each, stored: keys } : each));
        await this.#catalog.save({ ...record, versions });
        this.#stored.hold(keys);
        await this.#stored.drop(found.stored);
      });
    } catch (error) {
      const text = `what the store has of ${name} cannot be noted: ${messageOf(error)}`;
      logWarning(this.#log, text, { function: engineName({ tenant, name }, revision) });
    }
  }

  /** Ends versions that no record has any more: when their last calls have ended, their sources go. */
  async #leave(record: FunctionRecord, versions: readonly StoredVersion[]): Promise<void> {
    await Promise.all(
      versions.map(async ({ info, source, stored }) => {
        const name = engineName(record, info.revision);
        try {
          await this.#definitions.forget(name);
          await dropSource(this.#sources, source);
          await this.#stored.drop(stored);
        } catch (error) {
          logWarning(this.#log, `the rest of ${name} cannot be removed: ${messageOf(error)}`, {
            function: name,
          });
        }
      }),
    );
  }

  #checkOpen(): void {
    if (this.#closing === undefined) return;
    throw new SnapvmError('SNAPVM_SERVER_DRAINING', 'the server is ending; send the request to another one');
  }
}

/** Reads the catalog, and removes sources and stored snapshots of nobody. @returns what is wrong */
async function load(catalog: Catalog, sources: Sources, entries: StoredEntries): Promise<string[]> {
  const problems = await catalog.load();
  for (const { versions } of catalog.all()) {
    for (const { source, stored } of versions) {
      holdSource(sources, source);
      entries.hold(stored);
    }
  }
  const missing = new Set(await sources.missing());
  for (const record of catalog.all())
    for (const { info, source } of record.versions)
      for (const name of [source.body, source.files])
        if (name !== undefined && missing.has(name))
          problems.push(
            `${name} is missing among the sources: ${engineName(record, info.revision)} cannot run`,
          );
  // A record that was moved aside may be mended, and then needs its sources.
  if (problems.length === 0) {
    await sources.removeUnheld();
    await entries.removeUnheld();
  }
  return problems;
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  return some.join() === others.join();
}
