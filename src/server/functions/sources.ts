/**
 * The bytes that functions were made from, each once and named by its SHA-256. A file goes when the last
 * version that holds it is gone.
 */
import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { SnapvmError } from '../../base/errors.js';
import { nextTurn } from '../../base/globals.js';
import { messageOf } from '../../base/realms.js';
import { directoryError, namesIn, readWhole, removeDurably, writeDurably } from '../files.js';
import { Turns } from './turns.js';

const NAME = /^[0-9a-f]{64}$/;
/** What is hashed before others have a turn. */
const STEP_BYTES = 2 ** 20;
/** No source has more: an image has at most 2 GiB. */
const MOST_BYTES = 2 ** 31;

/** A folder of sources. */
export class Sources {
  readonly #folder: string;
  /** How many versions, and deployments on their way, hold a file. */
  readonly #holders = new Map<string, number>();
  readonly #turns = new Turns();
  #closed = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Holds bytes that `nameOf` gave that name; they are durable when this resolves.
   * @throws SnapvmError as `writeDurably`
   */
  async keep(name: string, bytes: Uint8Array): Promise<void> {
    this.hold(name);
    try {
      await this.#turns.take(name, async () => {
        const path = this.#pathOf(name);
        // One that is there is not written again, unless somebody has cut it.
        const found = await lstat(path).catch(() => undefined);
        if (found?.isFile() !== true || found.size !== bytes.length) await writeDurably(path, bytes);
      });
    } catch (error) {
      await this.drop(name).catch(() => {}); // the first error says more
      throw error;
    }
  }

  /** Holds what is on disk already. */
  hold(name: string): void {
    this.#holders.set(name, (this.#holders.get(name) ?? 0) + 1);
  }

  /** Undoes a `keep` or a `hold`. @throws SnapvmError as `removeDurably` */
  async drop(name: string): Promise<void> {
    const holders = (this.#holders.get(name) ?? 0) - 1;
    if (holders > 0) return void this.#holders.set(name, holders);
    this.#holders.delete(name);
    await this.#turns.take(name, async () => {
      // Another server may have the directory after this one.
      if (!this.#closed && !this.#holders.has(name)) await removeDurably(this.#pathOf(name));
    });
  }

  /** @throws SnapvmError `SNAPVM_SERVER_DIRECTORY`: it is missing or was changed; `SNAPVM_HOST_MEMORY` */
  async read(name: string): Promise<Uint8Array> {
    const path = this.#pathOf(name);
    const advice = 'deploy the function again';
    let bytes: Uint8Array | undefined;
    try {
      bytes = await readWhole(path, MOST_BYTES);
    } catch (cause) {
      if (cause instanceof SnapvmError && cause.code === 'SNAPVM_HOST_MEMORY') throw cause;
      throw directoryError(path, `cannot be used (${messageOf(cause)}); ${advice}`, cause);
    }
    if (bytes === undefined) throw directoryError(path, `is missing; ${advice}`);
    if ((await nameOf(bytes)) !== name)
      throw directoryError(path, `was changed after it was written; ${advice}`);
    return bytes;
  }

  /** The names of what is held and not there. @throws SnapvmError as `namesIn` */
  async missing(): Promise<string[]> {
    const names = new Set(await namesIn(this.#folder));
    return [...this.#holders.keys()].filter((name) => !names.has(name));
  }

  /**
   * Removes what nobody holds: a server was killed before it had written who does.
   * @throws SnapvmError as `removeDurably`
   */
  async removeUnheld(): Promise<void> {
    for (const name of await namesIn(this.#folder))
      if (NAME.test(name) && !this.#holders.has(name)) await removeDurably(this.#pathOf(name));
  }

  /** Removes nothing from now on; resolves when what was begun has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#turns.idle();
  }

  #pathOf(name: string): string {
    return join(this.#folder, name);
  }
}

/** Their SHA-256, in hex digits. */
export async function nameOf(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += STEP_BYTES) {
    if (at > 0) await nextTurn();
    hash.update(bytes.subarray(at, at + STEP_BYTES));
  }
  return hash.digest('hex');
}
