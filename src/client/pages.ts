/** Takes the inputs of a long batch a page at a time: only what is sent next is taken from where they come. */
import { unlessAborted } from './cancellable.js';
import { optionError } from './errors.js';
import { batchLine } from './values.js';

/** A page is sent when its lines have so many bytes, or more with the last one. */
const PAGE_BYTES = 4 * 2 ** 20;
const NOTHING_YET = Symbol('nothing yet');

/** Inputs as a body has them. */
export interface Page {
  /** Lines of JSON, each with its end. */
  readonly lines: string;
  readonly inputs: number;
}

type Inputs = Iterator<unknown> | AsyncIterator<unknown>;

/** Pages of the inputs that come from a source. */
export class Pages {
  readonly #source: Inputs;
  readonly #isAsync: boolean;
  readonly #size: number;
  /** What the source was asked for, and has not given yet. */
  #next: Promise<IteratorResult<unknown>> | undefined;
  #isDone = false;

  /** @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
  constructor(inputs: unknown, size: number) {
    const { iterator, isAsync } = iteratorOf(inputs);
    this.#isAsync = isAsync;
    this.#source = iterator;
    this.#size = size;
  }

  /**
   * The next page: until it is full, or the source has nothing more at once. `undefined`: there are no more inputs.
   * @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION`, what the source throws, and the signal's reason
   */
  async take(signal: AbortSignal): Promise<Page | undefined> {
    let lines = '';
    let inputs = 0;
    while (!this.#isDone && inputs < this.#size && lines.length < PAGE_BYTES) {
      const step = await this.#step(inputs === 0, signal);
      if (step === NOTHING_YET) break;
      if (step.done) this.#isDone = true;
      else {
        lines += `${batchLine(step.value)}\n`;
        inputs += 1;
      }
    }
    return inputs === 0 ? undefined : { lines, inputs };
  }

  /** Tells the source that nothing more is wanted. One that is asked for an input hears it after that. */
  async leave(): Promise<void> {
    if (this.#isDone) return;
    this.#isDone = true;
    const left = Promise.resolve(this.#source.return?.());
    if (this.#next === undefined) await left;
    else left.catch(() => {}); // nobody waits for a source that may never answer
  }

  async #step(waits: boolean, signal: AbortSignal): Promise<IteratorResult<unknown> | typeof NOTHING_YET> {
    if (!this.#isAsync) return (this.#source as Iterator<unknown>).next();
    this.#next ??= Promise.resolve(this.#source.next());
    const next = this.#next;
    next.catch(() => {}); // told to whoever takes the next page
    const step = await unlessAborted(waits ? next : Promise.race([next, oneTurn()]), signal);
    if (step !== NOTHING_YET) this.#next = undefined;
    return step;
  }
}

/** @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
function iteratorOf(inputs: unknown): { readonly iterator: Inputs; readonly isAsync: boolean } {
  // Texts and bytes can be iterated too, and are surely one input.
  if (typeof inputs === 'object' && inputs !== null && !(inputs instanceof Uint8Array)) {
    const given = inputs as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
    const ofAsync = given[Symbol.asyncIterator]?.();
    if (ofAsync !== undefined) return { iterator: ofAsync, isAsync: true };
    const ofSync = given[Symbol.iterator]?.();
    if (ofSync !== undefined) return { iterator: ofSync, isAsync: false };
  }
  throw optionError('inputs', inputs, 'a list, or something else that gives one input after the other');
}

/** What happens at once has happened by then. */
function oneTurn(): Promise<typeof NOTHING_YET> {
  return new Promise((resolve) => setImmediate(resolve, NOTHING_YET));
}
