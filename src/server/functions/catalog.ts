/** The records of all functions, in memory as they are on disk. */

import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { SnapvmError } from '../../base/errors.js';
import { show } from '../../base/numbers.js';
import { messageOf } from '../../base/realms.js';
import {
  makeFolder,
  moveAside,
  namesIn,
  readWhole,
  removeDurably,
  removeLeftovers,
  writeDurably,
} from '../files.js';
import type { FunctionRecord, Usage } from './model.js';
import { isName } from './names.js';
import { decodeRecord, encodeRecord, MOST_RECORD_BYTES } from './record.js';

const ENDING = '.json';
const BAD = /\.json\.bad(?:-\d+)?$/;
/** Files that are read at once. */
const AT_ONCE = 32;

/** What one tenant has. */
interface Tenant {
  readonly functions: Map<string, FunctionRecord>;
  bytes: number;
  /** Absent until somebody asks, and after a function was added or removed. */
  names: readonly string[] | undefined;
}

/** The functions of all tenants. */
export class Catalog {
  readonly #folder: string;
  readonly #tenants = new Map<string, Tenant>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws SnapvmError `SNAPVM_SERVER_UNKNOWN` */
  get(tenant: string, name: string): FunctionRecord {
    const found = this.find(tenant, name);
    if (found !== undefined) return found;
    throw new SnapvmError('SNAPVM_SERVER_UNKNOWN', `there is no function ${show(name)}`, { function: name });
  }

  find(tenant: string, name: string): FunctionRecord | undefined {
    return this.#tenants.get(tenant)?.functions.get(name);
  }

  /** In the order of their names, at most `limit` of those behind `after`; and whether there are more. */
  list(
    tenant: string,
    limit: number,
    after: string | undefined,
  ): { records: FunctionRecord[]; more: boolean } {
    const found = this.#tenants.get(tenant);
    if (found === undefined) return { records: [], more: false };
    found.names ??= [...found.functions.keys()].sort();
    const from = after === undefined ? 0 : firstAfter(found.names, after);
    const records = found.names.slice(from, from + limit).flatMap((name) => found.functions.get(name) ?? []);
    return { records, more: from + limit < found.names.length };
  }

  usage(tenant: string): Usage {
    const found = this.#tenants.get(tenant);
    return { functions: found?.functions.size ?? 0, bytes: found?.bytes ?? 0 };
  }

  *all(): Iterable<FunctionRecord> {
    for (const { functions } of this.#tenants.values()) yield* functions.values();
  }

  /**
   * Replaces a function, or adds it; it is durable when this resolves.
   * @throws SnapvmError as `writeDurably`
   */
  async save(record: FunctionRecord): Promise<void> {
    const { tenant, name } = record;
    if (!this.#tenants.has(tenant)) await makeFolder(join(this.#folder, tenant));
    await writeDurably(this.#pathOf(tenant, name), encodeRecord(record));
    this.#put(record);
  }

  /** @throws SnapvmError as `removeDurably` */
  async remove({ tenant, name }: FunctionRecord): Promise<void> {
    await removeDurably(this.#pathOf(tenant, name));
    const found = this.#tenants.get(tenant);
    const record = found?.functions.get(name);
    if (found === undefined || record === undefined) return;
    found.functions.delete(name);
    found.bytes -= bytesOf(record);
    found.names = undefined;
  }

  /**
   * Reads all records. What is none is moved aside. @returns what is wrong, a sentence each, which begins
   * with the path
   * @throws SnapvmError `SNAPVM_SERVER_DIRECTORY`: a folder cannot be read; `SNAPVM_HOST_MEMORY`
   */
  async load(): Promise<string[]> {
    const problems: string[] = [];
    for (const tenant of await namesIn(this.#folder)) {
      const folder = join(this.#folder, tenant);
      if (!isName(tenant) || !(await lstat(folder)).isDirectory()) {
        problems.push(`${folder} is no folder of a tenant; it is left alone`);
        continue;
      }
      await removeLeftovers(folder);
      const names = await namesIn(folder);
      const found: Tenant = { functions: new Map(), bytes: 0, names: undefined };
      this.#tenants.set(tenant, found);
      for (let at = 0; at < names.length; at += AT_ONCE) {
        const some = names.slice(at, at + AT_ONCE);
        const told = await Promise.all(some.map((file) => this.#read(tenant, join(folder, file), file)));
        problems.push(...told.flatMap((problem) => problem ?? []));
      }
    }
    return problems;
  }

  /** Reads one file. @returns what is wrong with it */
  async #read(tenant: string, path: string, file: string): Promise<string | undefined> {
    if (BAD.test(file))
      return `${path} was moved aside before; mend it and take the ending off, or remove it`;
    const name = file.slice(0, -ENDING.length);
    if (!file.endsWith(ENDING) || !isName(name))
      return `${path} is no record of a function; it is left alone`;
    try {
      const bytes = await readWhole(path, MOST_RECORD_BYTES);
      if (bytes !== undefined) this.#put(decodeRecord(bytes, tenant, name));
      return undefined;
    } catch (error) {
      if (error instanceof SnapvmError && error.code === 'SNAPVM_HOST_MEMORY') throw error;
      const aside = await moveAside(path);
      return `${aside} was moved aside: ${messageOf(error)}`;
    }
  }

  #put(record: FunctionRecord): void {
    const found = this.#tenants.get(record.tenant) ?? { functions: new Map(), bytes: 0, names: undefined };
    this.#tenants.set(record.tenant, found);
    const before = found.functions.get(record.name);
    found.functions.set(record.name, record);
    found.bytes += bytesOf(record) - (before === undefined ? 0 : bytesOf(before));
    if (before === undefined) found.names = undefined;
  }

  #pathOf(tenant: string, name: string): string {
    return join(this.#folder, tenant, `${name}${ENDING}`);
  }
}

function bytesOf({ versions }: FunctionRecord): number {
  return versions.reduce((sum, { info }) => sum + info.bytes, 0);
}

/** The place of the first name behind `after`, of names in order. */
function firstAfter(names: readonly string[], after: string): number {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] ?? '') <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}
