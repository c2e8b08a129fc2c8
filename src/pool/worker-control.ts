import type { MessagePort } from 'node:worker_threads';
import type * as comlink from 'comlink';
import { type AddonImage, addon, typed } from '../addon/addon.js';
import { SnapvmError } from '../base/errors.js';
import { clearTimeout, setTimeout } from '../base/globals.js';
import { endpointOf, Questions } from '../wire/endpoint.js';
import type { FunctionSpec, Hello, InitialiseReply, InitialiseRequest, WorkerApi } from '../wire/protocol.js';
import { workerLost } from './errors.js';

/** How long `forgetIn` waits for a worker: it drops what it was told to once the guest that it runs has ended. */
const DROP_MS = 2000;

/** How a guest was initialised; `image`: the pages of a frozen one. */
export type Initialised =
  | Extract<InitialiseReply, { ok: false }>
  | (Extract<InitialiseReply, { ok: true }> & { readonly image: AddonImage });

type Remote = comlink.Remote<WorkerApi>;

/**
 * What the main thread asks of one worker beside its calls, through comlink. Nobody tells comlink that the worker has
 * died: `lost` fails what was not answered.
 */
export class WorkerControl {
  readonly #questions: Questions<WorkerApi>;
  /** Those who wait for an answer. */
  readonly #unanswered = new Set<(error: unknown) => void>();
  /** What the worker was told to drop, until it has. */
  readonly #dropping = new Set<Promise<void>>();
  /** Ids of the snapshots the worker was told of. */
  readonly #known = new Set<number>();
  #initialising = 0;
  #alive = true;

  constructor(port: MessagePort, words: Int32Array) {
    this.#questions = new Questions(endpointOf(port, words));
  }

  /** Guests that the worker initialises, or will. */
  get initialising(): number {
    return this.#initialising;
  }

  /** Ids of the snapshots the worker was told of. */
  get known(): ReadonlySet<number> {
    return this.#known;
  }

  /** Asks the worker who it is. @throws what it says, SnapvmError SNAPVM_ENGINE_WORKER_LOST */
  async hello(): Promise<Exclude<Hello, { readonly error: unknown }>> {
    const hello = await this.#ask<Hello>((remote) => remote.hello());
    if ('error' in hello) throw new SnapvmError(hello.error.code, hello.error.message, hello.error.details);
    return hello;
  }

  /** Runs a guest's Initialise there. @throws SnapvmError SNAPVM_ENGINE_WORKER_LOST */
  async initialise(request: InitialiseRequest): Promise<InitialiseReply> {
    this.#initialising += 1;
    try {
      return await this.#ask<InitialiseReply>((remote) => remote.initialise(request));
    } finally {
      this.#initialising -= 1;
    }
  }

  /** Tells the worker of a snapshot, unless it knows it. */
  define(spec: FunctionSpec): void {
    const { id } = spec.descriptor;
    if (this.#known.has(id)) return;
    this.#known.add(id);
    // When it fails, the worker is gone.
    this.#ask((remote) => remote.define(spec)).catch(() => {});
  }

  /** Has the worker drop what it keeps of a snapshot. */
  forget(snapshotId: number): void {
    if (this.#known.delete(snapshotId)) this.#drop((remote) => remote.forget(snapshotId));
  }

  /** Has the worker drop the image that came of an initialise. */
  releaseFrozen(imageId: number): void {
    this.#drop((remote) => remote.releaseFrozen(imageId));
  }

  /** Resolves when the worker has dropped what it was told to. */
  async dropped(): Promise<void> {
    await Promise.all(this.#dropping);
  }

  /** The worker is about to end: what is asked from now on fails. */
  retire(): void {
    this.#alive = false;
  }

  /** The worker has ended: what it has not answered fails. */
  lost(): void {
    this.#alive = false;
    for (const reject of this.#unanswered) reject(workerLost());
    this.#unanswered.clear();
  }

  #drop(question: (remote: Remote) => Promise<void>): void {
    // A worker that died meanwhile has dropped it too.
    const dropped = this.#ask(question)
      .catch(() => {})
      .finally(() => this.#dropping.delete(dropped));
    this.#dropping.add(dropped);
  }

  async #ask<T>(question: (remote: Remote) => Promise<T>): Promise<T> {
    let forget = (): void => {};
    const lost = new Promise<never>((_resolve, reject) => {
      if (!this.#alive) return reject(workerLost());
      this.#unanswered.add(reject);
      forget = () => this.#unanswered.delete(reject);
    });
    try {
      return await Promise.race([question(this.#questions.next()), lost]);
    } finally {
      forget();
    }
  }
}

/** Has workers drop what they keep of a snapshot; resolves when they have, or are too busy to. */
export async function forgetIn(controls: readonly WorkerControl[], snapshotId: number): Promise<void> {
  for (const control of controls) control.forget(snapshotId);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DROP_MS);
  });
  await Promise.race([Promise.all(controls.map((control) => control.dropped())), late]);
  clearTimeout(timer);
}

/**
 * Opens the image of a guest that a worker has frozen, which then drops it. At once: it ends with its worker.
 * @throws SnapvmError SNAPVM_ENGINE_WORKER_LOST
 */
export function takeFrozen(control: WorkerControl, imageId: number): AddonImage {
  try {
    return typed(() => addon().openImage(imageId));
  } catch (error) {
    throw error instanceof SnapvmError && error.code === 'SNAPVM_SNAPSHOT_CLOSED' ? workerLost() : error;
  } finally {
    control.releaseFrozen(imageId);
  }
}
