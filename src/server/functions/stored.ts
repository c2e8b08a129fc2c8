/** What the engine's store has of versions: removed when the last version that has it goes. */

import type { StoreEntries } from '../../store/entries.js';
import { Turns } from './turns.js';

/** Counts who has an entry. Versions with equal bytes have the same, and modules share that of their runtime. */
export class StoredEntries {
  readonly #entries: StoreEntries | undefined;
  readonly #holders = new Map<string, number>();
  readonly #turns = new Turns();
  #closed = false;

  /** @param entries None: the store is not the server's own, and nothing is removed. */
  constructor(entries: StoreEntries | undefined) {
    this.#entries = entries;
  }

  hold(keys: readonly string[]): void {
    for (const key of keys) this.#holders.set(key, (this.#holders.get(key) ?? 0) + 1);
  }

  /** Undoes a `hold`. @throws what the file system throws */
  async drop(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const holders = (this.#holders.get(key) ?? 0) - 1;
      if (holders > 0) {
        this.#holders.set(key, holders);
        continue;
      }
      this.#holders.delete(key);
      await this.#turns.take(key, async () => {
        if (!this.#closed && !this.#holders.has(key)) await this.#entries?.remove(key);
      });
    }
  }

  /** Removes what nobody holds: what a server left that was killed. @throws what the file system throws */
  async removeUnheld(): Promise<void> {
    await this.#entries?.keepOnly(new Set(this.#holders.keys()));
  }

  /** Removes nothing from now on; resolves when what was begun has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#turns.idle();
  }
}
