import type { AddonImage } from '../src/addon/addon.js';
import type { Backend } from '../src/base/backend-name.js';
import { PROGRAM_FUNCTION } from '../src/wire/descriptor.js';
import { type InitialiseReply, type InitialiseRequest, NO_LOGS } from '../src/wire/protocol.js';
import { thrown } from './failure.js';
import { Sandbox } from './sandbox.js';

/** The guests this worker has run to ready. Their images are kept until the main thread has opened them. */
export class FrozenGuests {
  /** The images, by their ids. */
  readonly #images = new Map<number, AddonImage>();
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Runs Initialise, or specialises a ready guest, in a sandbox of its own, and freezes the guest when it is ready. */
  initialise({ descriptor, input, options, limits, ticket }: InitialiseRequest): InitialiseReply {
    let sandbox: Sandbox | undefined;
    try {
      sandbox = new Sandbox(descriptor, options, this.#backend);
      const exit =
        input === undefined ? sandbox.initialise(ticket, limits) : sandbox.specialise(input, ticket, limits);
      const logs = sandbox.logs();
      if (exit.kind !== 'ready' && exit.kind !== 'frozen')
        return { ok: false, failure: { kind: 'exit', exit, limits, printed: sandbox.printed() }, logs };
      const { image, drewRandom, ...state } = sandbox.capture();
      this.#images.set(image.id, image);
      const how =
        exit.kind === 'ready'
          ? ({ kind: 'call', functions: exit.functions } as const)
          : ({ kind: 'resume', functions: [PROGRAM_FUNCTION] } as const);
      return { ok: true, ready: { ...how, imageId: image.id, ...state }, drewRandom, logs };
    } catch (error) {
      return { ok: false, failure: thrown(error), logs: sandbox?.logs() ?? NO_LOGS };
    } finally {
      sandbox?.close();
    }
  }

  /** Drops an image. Idempotent. */
  forget(imageId: number): void {
    this.#images.get(imageId)?.close();
    this.#images.delete(imageId);
  }

  close(): void {
    for (const image of this.#images.values()) image.close();
    this.#images.clear();
  }
}
