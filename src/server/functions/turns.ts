/** Changes of one thing happen one after the other; those of others meanwhile. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `change` when all before it of the same name have ended, however they did. */
  async take<T>(name: string, change: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const mine = before === undefined ? change() : before.then(change, change);
    this.#last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(name) === mine) this.#last.delete(name);
    }
  }

  /** Resolves when there is nothing left to do. */
  async idle(): Promise<void> {
    while (this.#last.size > 0) await Promise.allSettled(this.#last.values());
  }
}
