/** What can be in a `Pending`; in one at a time. */
export interface Placed {
  /** Its place there; -1: it is in none. */
  index: number;
}

/**
 * What has not ended yet, in no order. Not a Set: V8 gives a Set that is added to and deleted from a new table every
 * hundred times or so, and each old one refers to the next. When one survives two collections, all later ones do, with
 * everything that was in them: a third of all that a busy pool allocates, and twice the time spent on collecting it.
 */
export class Pending<T extends Placed> implements Iterable<T> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  add(item: T): void {
    item.index = this.#items.length;
    this.#items.push(item);
  }

  /** Removes an item, which must be in here. */
  delete(item: T): void {
    const last = this.#items.pop() as T;
    if (last !== item) {
      this.#items[item.index] = last;
      last.index = item.index;
    }
    item.index = -1;
  }

  /** Iterates over a copy, so that items may be deleted meanwhile. */
  [Symbol.iterator](): Iterator<T> {
    return [...this.#items].values();
  }
}
