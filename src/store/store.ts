/** Ready snapshots on disk, content-addressed. Nothing that does not check is ever used; see docs/architecture/store.md. */

import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { shortage } from '../base/errno.js';
import { SnapvmError } from '../base/errors.js';
import { messageOf } from '../base/realms.js';
import { absolutePath } from '../base/working-directory.js';
import type { DerivedSnapshot } from '../snapshot/derive.js';
import type { SnapshotDescriptor } from '../wire/descriptor.js';
import {
  isTemporary,
  makeFolder,
  makeFolders,
  openStored,
  readFully,
  removeStale,
  syncFolder,
  writeDurably,
  writeFully,
} from './files.js';
import { decodeReady, encodeReady, READY_BYTES, STORE_FORMAT } from './format.js';
import { readObject, writeObject } from './object-file.js';
import { type Foreign, findForeign } from './ownership.js';
import { errnoOf, refusal } from './refusal.js';

/** Something in the store was not used, or could not be saved. Functions work all the same. */
export interface StoreProblem {
  /** `refused`: what is on disk does not check, and is made anew. `unsaved`: it is ready, but not on disk. */
  readonly kind: 'refused' | 'unsaved';
  /** `SNAPVM_STORE_*`, with `path` in its details. */
  readonly error: SnapvmError;
}

/** What a store has done. */
export interface StoreStats {
  /** Ready snapshots that were loaded instead of made. */
  readonly loaded: number;
  /** Ready snapshots that were saved. */
  readonly saved: number;
  /** Files that did not check. */
  readonly refused: number;
  /** Ready snapshots that could not be saved. */
  readonly unsaved: number;
}

const FORMAT_FILE = 'format';
const FORMAT_TEXT = `snapvm store ${STORE_FORMAT}\n`;
const FOLDERS = ['objects', 'ready'] as const;
/** What may be in a directory that has no format file yet: a start that was cut short, and a file system's own. */
const OWN_NAMES: ReadonlySet<string> = new Set([...FOLDERS, 'lost+found']);

/** A directory of ready snapshots. Processes may share one. */
export class SnapshotStore {
  readonly #directory: string;
  readonly #problem: (problem: StoreProblem) => void;
  readonly #counts = { loaded: 0, saved: 0, refused: 0, unsaved: 0 };

  private constructor(directory: string, problem: (problem: StoreProblem) => void) {
    this.#directory = directory;
    this.#problem = problem;
  }

  /**
   * Makes the directory if there is none. One that cannot be written is read, and `problem` is told.
   * @param problem Told once of everything that is refused or cannot be saved.
   * @throws SnapvmError SNAPVM_HOST_MEMORY; SNAPVM_STORE_DIRECTORY when it cannot be had, is not a store's, or others may change it
   */
  static async open(directory: string, problem: (problem: StoreProblem) => void): Promise<SnapshotStore> {
    const store = new SnapshotStore(await checkedDirectory(directory), problem);
    await store.#prepare();
    return store;
  }

  get stats(): StoreStats {
    return { ...this.#counts };
  }

  /** What is ready for a key and checks in every respect, or `undefined`; never throws for what is on disk. */
  async load(key: string, parent: SnapshotDescriptor): Promise<DerivedSnapshot | undefined> {
    try {
      const hash = await this.#readyHash(key);
      if (hash === undefined) return undefined;
      const path = join(this.#directory, 'objects', hash);
      const file = await openStored(path);
      if (file === undefined) throw refusal('SNAPVM_STORE_FILE', path, 'is missing');
      try {
        const derived = await readObject(file, path, hash, parent);
        this.#counts.loaded += 1;
        return derived;
      } finally {
        await file.handle.close();
      }
    } catch (error) {
      if (!(error instanceof SnapvmError && error.code.startsWith('SNAPVM_STORE_'))) throw error;
      this.#counts.refused += 1;
      this.#problem({ kind: 'refused', error });
      return undefined;
    }
  }

  /** Resolves to true when it is durable; to false, with `problem` told, when it could not be saved. */
  async save(key: string, derived: DerivedSnapshot): Promise<boolean> {
    const { hash } = derived.descriptor;
    try {
      // In this order: what a ready file names is on disk, whenever the machine stops.
      await writeDurably(join(this.#directory, 'objects'), hash, (handle) => writeObject(handle, derived));
      await writeDurably(join(this.#directory, 'ready'), key, (handle) =>
        writeFully(handle, encodeReady(key, hash)),
      );
      this.#counts.saved += 1;
      return true;
    } catch (cause) {
      this.#unsaved(cause);
      return false;
    }
  }

  async #readyHash(key: string): Promise<string | undefined> {
    const path = join(this.#directory, 'ready', key);
    const file = await openStored(path);
    if (file === undefined) return undefined;
    try {
      // One byte more than it should have: a longer file is none.
      const bytes = Buffer.alloc(Math.min(file.size, READY_BYTES + 1));
      await readFully(file, path, bytes, 0);
      return decodeReady(bytes, path, key);
    } finally {
      await file.handle.close();
    }
  }

  /** Folders, the format file, and what dead processes left. */
  async #prepare(): Promise<void> {
    const path = join(this.#directory, FORMAT_FILE);
    const found = await formatOf(path);
    try {
      for (const folder of FOLDERS) {
        const made = await makeFolder(join(this.#directory, folder));
        if (made) await syncFolder(this.#directory);
        else await removeStale(join(this.#directory, folder));
      }
      await removeStale(this.#directory);
      if (found === FORMAT_TEXT) return;
      if (found !== undefined) {
        this.#counts.refused += 1;
        const why = `says ${JSON.stringify(found.slice(0, 80))}, not ${JSON.stringify(FORMAT_TEXT)}`;
        this.#problem({ kind: 'refused', error: refusal('SNAPVM_STORE_VERSION', path, why) });
      }
      await writeDurably(this.#directory, FORMAT_FILE, (handle) =>
        writeFully(handle, Buffer.from(FORMAT_TEXT)),
      );
    } catch (cause) {
      this.#unsaved(cause);
    }
  }

  #unsaved(cause: unknown): void {
    this.#counts.unsaved += 1;
    const message = `a snapshot cannot be saved in ${this.#directory} (${messageOf(cause)})`;
    const details = { path: this.#directory, ...errnoOf(cause) };
    this.#problem({
      kind: 'unsaved',
      error: new SnapvmError('SNAPVM_STORE_WRITE', message, details, { cause }),
    });
  }
}

/** @throws SnapvmError SNAPVM_STORE_DIRECTORY, SNAPVM_HOST_MEMORY */
async function checkedDirectory(directory: string): Promise<string> {
  const unusable = (why: string, cause?: unknown, foreign?: Foreign): SnapvmError =>
    new SnapvmError(
      'SNAPVM_STORE_DIRECTORY',
      `${directory} cannot be a snapshot store: ${why}`,
      {
        path: directory,
        ...(foreign && { folder: foreign.folder, owner: foreign.owner, mode: foreign.mode }),
        ...errnoOf(cause),
      },
      cause === undefined ? undefined : { cause },
    );
  try {
    const given = absolutePath(directory);
    await makeFolders(given);
    const path = await realpath(given);
    for (const folder of FOLDERS) {
      const found = await lstat(join(path, folder)).catch(() => undefined);
      if (found !== undefined && !found.isDirectory()) throw unusable(`${folder} in it is no directory`);
    }
    const foreign = await findForeign(path, FOLDERS);
    if (foreign !== undefined) throw unusable(foreign.why, undefined, foreign);
    const names = await readdir(path);
    if (!names.includes(FORMAT_FILE) && !names.every((name) => OWN_NAMES.has(name) || isTemporary(name)))
      throw unusable('it has files that are not of one; give an empty or a new directory');
    return path;
  } catch (cause) {
    if (cause instanceof SnapvmError) throw cause;
    throw shortage(cause, `${directory} cannot be a snapshot store`) ?? unusable(messageOf(cause), cause);
  }
}

/** What the format file says, if there is one that can be read. */
async function formatOf(path: string): Promise<string | undefined> {
  const handle = await open(path).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(FORMAT_TEXT.length + 80), 0);
    return buffer.toString('latin1', 0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}
