/** Removes entries of a store that one program has for itself, which knows what it still needs. */

import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { openStored, readFully } from './files.js';
import { decodeReady, READY_BYTES } from './format.js';

const NAME = /^[0-9a-f]{64}$/;

/**
 * The entries of a store, by their keys. Whatever is removed, also while it is loaded, is made anew when it is wanted:
 * that costs an Initialise and nothing more.
 */
export class StoreEntries {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Removes an entry, if there is one. @throws what the file system throws */
  async remove(key: string): Promise<void> {
    const object = await this.#objectOf(key);
    // In this order: what a ready file names is there.
    await removeFile(join(this.#directory, 'ready', key));
    if (object !== undefined) await removeFile(join(this.#directory, 'objects', object));
  }

  /** Removes all entries but these. @throws what the file system throws */
  async keepOnly(keys: ReadonlySet<string>): Promise<void> {
    const needed = new Set<string>();
    for (const key of await this.#names('ready')) {
      const object = keys.has(key) ? await this.#objectOf(key) : undefined;
      if (object === undefined) await removeFile(join(this.#directory, 'ready', key));
      else needed.add(object);
    }
    for (const name of await this.#names('objects'))
      if (!needed.has(name)) await removeFile(join(this.#directory, 'objects', name));
  }

  /** The object of a key; `undefined` if there is none that could be loaded. */
  async #objectOf(key: string): Promise<string | undefined> {
    const path = join(this.#directory, 'ready', key);
    const file = await openStored(path).catch(() => undefined);
    if (file === undefined) return undefined;
    try {
      const bytes = Buffer.alloc(Math.min(file.size, READY_BYTES + 1));
      await readFully(file, path, bytes, 0);
      return decodeReady(bytes, path, key);
    } catch {
      return undefined;
    } finally {
      await file.handle.close();
    }
  }

  /** Nothing but what a store writes there. */
  async #names(folder: string): Promise<string[]> {
    const names = await readdir(join(this.#directory, folder)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return names.filter((name) => NAME.test(name));
  }
}

async function removeFile(path: string): Promise<void> {
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
