/** Iterations that can be left at any time, also while they wait for what comes next. */

/**
 * What `begin` gives, with a signal that ends its waiting: of `outer`, or of a loop that was left. A generator alone
 * would be left only when it has something.
 */
export class Cancellable<T> implements AsyncIterableIterator<T, void, undefined> {
  readonly #left = new AbortController();
  readonly #inner: AsyncGenerator<T, void, undefined>;

  constructor(
    outer: AbortSignal | undefined,
    begin: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
  ) {
    const { signal } = this.#left;
    this.#inner = begin(outer === undefined ? signal : AbortSignal.any([outer, signal]));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next one. @throws SnapvmRequestError, or the reason of the signal that was given */
  async next(): Promise<IteratorResult<T, void>> {
    try {
      return await this.#inner.next();
    } catch (error) {
      if (this.#left.signal.aborted) return { done: true, value: undefined };
      this.#left.abort(); // what is still on its way is for nobody
      throw error;
    }
  }

  /** Ends it, and the request. Whoever waits for the next one is told that there is none. */
  async return(): Promise<IteratorResult<T, void>> {
    this.#left.abort();
    await this.#inner.return().catch(() => {}); // what it waited for was given up
    return { done: true, value: undefined };
  }
}

/** What a promise resolves to. @throws the signal's reason, if that comes first */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
