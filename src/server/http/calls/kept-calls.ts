/** The asynchronous calls that the server knows: in memory their records, on disk their results too. */

import { join } from 'node:path';
import { SnapvmError } from '../../../base/errors.js';
import { moveAside, namesIn, readWhole, removeDurably, writeDurably } from '../../files.js';
import { unknownThing } from '../request-error.js';
import { answerText, type CallRecord, fileOf, hasEnded, readRecord, resultIn } from './record.js';

const MOST_ENDED = 10_000;
const MOST_BYTES = 2 ** 30;
const MOST_FILE_BYTES = 2 ** 31;
const NAME = /^([0-9a-f-]{36})\.json$/;

interface Kept {
  readonly record: CallRecord;
  readonly bytes: number;
}

/** What it is opened with. */
export interface KeptOptions {
  /** The folder of the files. */
  readonly folder: string;
  /** How long the result of a call is kept after its end. */
  readonly resultsMs: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** How many calls of a tenant that have ended are kept. @default 10000 */
  readonly mostEnded?: number;
  /** How many bytes the files of all calls have. @default 1 GiB */
  readonly mostBytes?: number;
  /** Whether there is more than one tenant: then each has half of that at most. @default false */
  readonly isShared?: boolean;
}

export class KeptCalls {
  readonly #options: KeptOptions;
  readonly #calls = new Map<string, Kept>();
  /** Of those that have ended, by tenant, in the order in which they expire. */
  readonly #ended = new Map<string, Set<string>>();
  #bytes = 0;
  /** Of each tenant. */
  readonly #bytesOf = new Map<string, number>();
  /** Files that are no records, where they are now. */
  readonly problems: string[] = [];

  private constructor(options: KeptOptions) {
    this.#options = options;
  }

  /**
   * Reads what there is. Calls that had not ended are lost from now on.
   * @throws SnapvmError `SNAPVM_SERVER_DIRECTORY`
   */
  static async open(options: KeptOptions): Promise<KeptCalls> {
    const calls = new KeptCalls(options);
    const found: Kept[] = [];
    for (const name of await namesIn(options.folder)) {
      const path = join(options.folder, name);
      const [, id] = NAME.exec(name) ?? [];
      if (id === undefined) continue; // what was moved aside before
      const kept = await readRecord(path).catch(() => undefined);
      if (kept?.record.id === id) found.push(kept);
      else calls.problems.push(await moveAside(path));
    }
    found.sort(
      (a, b) =>
        (a.record.endedMs ?? Number.POSITIVE_INFINITY) - (b.record.endedMs ?? Number.POSITIVE_INFINITY),
    );
    for (const { record, bytes } of found) {
      if (hasEnded(record)) calls.#set(record, bytes);
      else await calls.end(record, 'lost', '{}');
    }
    await calls.expire();
    return calls;
  }

  /** Keeps a call that is queued. Resolves when it is on disk. @throws SnapvmError `SNAPVM_SERVER_DIRECTORY` */
  async add(record: CallRecord): Promise<void> {
    const file = fileOf(record, '{}');
    await writeDurably(this.#path(record.id), file);
    this.#set(record, file.length);
  }

  /** In memory only: whatever has not ended when the server starts is lost in any case. */
  show(record: CallRecord): void {
    this.#set(record, this.#calls.get(record.id)?.bytes ?? 0);
  }

  /** Keeps how a call ended, and its result as `fileOf` takes it. @throws SnapvmError `SNAPVM_SERVER_DIRECTORY` */
  async end(record: CallRecord, state: CallRecord['state'], result: string): Promise<CallRecord> {
    const endedMs = this.#options.clock();
    const ended: CallRecord = { ...record, state, endedMs, expiresMs: endedMs + this.#options.resultsMs };
    const file = fileOf(ended, result);
    await writeDurably(this.#path(record.id), file);
    this.#set(ended, file.length);
    await this.expire();
    return ended;
  }

  /** Forgets what could not be kept. */
  forget({ id }: CallRecord): void {
    const kept = this.#calls.get(id);
    if (kept === undefined) return;
    this.#calls.delete(id);
    this.#count(kept.record.tenant, -kept.bytes);
    this.#endedOf(kept.record.tenant).delete(id);
  }

  /** @throws SnapvmError `SNAPVM_SERVER_UNKNOWN`, for those of other tenants too */
  find(tenant: string, id: string): CallRecord {
    const record = this.#calls.get(id)?.record;
    const isThere =
      record?.tenant === tenant && (record.expiresMs ?? Number.POSITIVE_INFINITY) > this.#options.clock();
    if (record !== undefined && isThere) return record;
    throw unknownThing(`there is no asynchronous call ${id}; results are kept for a while only`);
  }

  /** A call as clients see it. @throws SnapvmError `SNAPVM_SERVER_UNKNOWN`, `SNAPVM_STORE_FILE` */
  async read(tenant: string, id: string): Promise<string> {
    const record = this.find(tenant, id);
    if (!hasEnded(record)) return answerText(record, '{}');
    const path = this.#path(id);
    const file = await readWhole(path, MOST_FILE_BYTES);
    const result = file === undefined ? undefined : resultIn(file);
    if (result !== undefined) return answerText(record, result);
    this.find(tenant, id); // it may have expired while it was read
    throw new SnapvmError('SNAPVM_STORE_FILE', `${path} is missing, or no file of a call`, { path });
  }

  /** Removes what has expired, and the oldest of what is too much: of the tenant who has too much, or most. */
  async expire(): Promise<void> {
    const nowMs = this.#options.clock();
    const { mostEnded = MOST_ENDED, mostBytes = MOST_BYTES, isShared = false } = this.#options;
    const mostOfOne = isShared ? mostBytes / 2 : mostBytes;
    const gone: CallRecord[] = [];
    for (const [tenant, ids] of this.#ended) {
      for (const id of ids) {
        const record = this.#calls.get(id)?.record;
        const isTooMuch = ids.size > mostEnded || (this.#bytesOf.get(tenant) ?? 0) > mostOfOne;
        if (record === undefined || (!isTooMuch && (record.expiresMs ?? 0) > nowMs)) break;
        this.forget(record);
        gone.push(record);
      }
    }
    while (this.#bytes > mostBytes) {
      const oldest = this.#oldestOfMost();
      if (oldest === undefined) break;
      this.forget(oldest);
      gone.push(oldest);
    }
    // A file that stays is one of a call that has expired when it is read again.
    for (const { id } of gone) await removeDurably(this.#path(id)).catch(() => {});
  }

  /** Of the tenant who has the most bytes, of those who have something that can go. */
  #oldestOfMost(): CallRecord | undefined {
    const [most] = [...this.#ended.keys()]
      .filter((tenant) => this.#endedOf(tenant).size > 0)
      .sort((a, b) => (this.#bytesOf.get(b) ?? 0) - (this.#bytesOf.get(a) ?? 0));
    if (most === undefined) return undefined;
    const [first] = this.#endedOf(most);
    return first === undefined ? undefined : this.#calls.get(first)?.record;
  }

  #set(record: CallRecord, bytes: number): void {
    this.#count(record.tenant, bytes - (this.#calls.get(record.id)?.bytes ?? 0));
    this.#calls.set(record.id, { record, bytes });
    if (hasEnded(record)) this.#endedOf(record.tenant).add(record.id);
  }

  #count(tenant: string, bytes: number): void {
    this.#bytes += bytes;
    this.#bytesOf.set(tenant, (this.#bytesOf.get(tenant) ?? 0) + bytes);
  }

  #endedOf(tenant: string): Set<string> {
    let ids = this.#ended.get(tenant);
    if (ids === undefined) {
      ids = new Set();
      this.#ended.set(tenant, ids);
    }
    return ids;
  }

  #path(id: string): string {
    return join(this.#options.folder, `${id}.json`);
  }
}
