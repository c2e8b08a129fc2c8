/** Calls for many inputs, some at a time. */
import { invalidOption } from '../base/checks.js';

/**
 * Makes a call for each input, at most `inFlight` at a time, and gives the answers in the order of the
 * inputs. An answer does not wait for the next input, which may depend on it.
 */
export async function* inOrder<In, Out>(
  inputs: Iterable<In> | AsyncIterable<In>,
  inFlight: number,
  make: (input: In) => Promise<Out>,
): AsyncGenerator<Out, void, undefined> {
  const given = new Inputs(inputs);
  const calls: Promise<Out>[] = [];
  try {
    for (;;) {
      if (!given.ended && calls.length < inFlight) {
        const next = await Promise.race([given.next(), ...calls.slice(0, 1).map(settled)]);
        if (next !== undefined) {
          if (!given.take(next)) continue;
          const call = make(next.value);
          call.catch(() => {}); // it is awaited below, or nobody wants it any more
          calls.push(call);
          continue;
        }
      }
      const oldest = calls.shift();
      if (oldest === undefined) return;
      yield await oldest;
    }
  } finally {
    await given.close();
  }
}

async function settled(call: Promise<unknown>): Promise<undefined> {
  await call;
}

/** Gives inputs one at a time; each may take a while to come. */
class Inputs<In> {
  readonly #iterator: Iterator<In> | AsyncIterator<In>;
  #next: Promise<IteratorResult<In>> | undefined;
  /** Whether no more inputs are to come. */
  ended = false;

  /** @throws SnapvmError `SNAPVM_CONFIG_VALUE` when they cannot be iterated */
  constructor(inputs: Iterable<In> | AsyncIterable<In>) {
    this.#iterator = iteratorOf(inputs);
  }

  /** Resolves with the next input. It is the same promise until that input is taken. */
  next(): Promise<IteratorResult<In>> {
    this.#next ??= this.#ask();
    return this.#next;
  }

  /** Takes what `next` gave. Returns false when that was the end. */
  take(result: IteratorResult<In>): result is IteratorYieldResult<In> {
    this.#next = undefined;
    this.ended = result.done === true;
    return !this.ended;
  }

  /** Lets the iterator clean up, unless it has ended by itself. */
  async close(): Promise<void> {
    if (this.ended) return;
    const closed = (async () => this.#iterator.return?.())();
    closed.catch(() => {});
    // One that is asked for an input cannot clean up before it has one, which may be never.
    if (this.#next === undefined) await closed;
  }

  async #ask(): Promise<IteratorResult<In>> {
    try {
      const result = await this.#iterator.next();
      // An iterator that is not async may give promises.
      return result.done ? result : { done: false, value: await result.value };
    } catch (error) {
      this.ended = true;
      throw error;
    }
  }
}

function iteratorOf<In>(inputs: Iterable<In> | AsyncIterable<In>): Iterator<In> | AsyncIterator<In> {
  // A string can be iterated too, but nobody wants a call for each of its characters.
  if (inputs !== undefined && inputs !== null && typeof inputs !== 'string') {
    if (Symbol.asyncIterator in Object(inputs)) return (inputs as AsyncIterable<In>)[Symbol.asyncIterator]();
    if (Symbol.iterator in Object(inputs)) return (inputs as Iterable<In>)[Symbol.iterator]();
  }
  throw invalidOption('inputs', inputs, 'an array or anything else that can be iterated');
}
