import type { NativeImage } from '../src/native.js';
import type { GuestLogs, InitialiseReply, InitialiseRequest } from '../src/pool/protocol.js';
import { thrown } from './failure.js';
import { Sandbox } from './sandbox.js';

const NO_LOGS: GuestLogs = { lines: [], dropped: 0 };

/** Guests this worker has run to ready. Their images live here until the main thread has opened them. */
export class FrozenGuests {
  /** By the id of the snapshot they started from. */
  readonly #images = new Map<number, NativeImage>();

  /** Runs Initialise in a sandbox of its own and freezes the guest at ready. */
  initialise({ descriptor, options, limits, ticket }: InitialiseRequest): InitialiseReply {
    let sandbox: Sandbox | undefined;
    try {
      sandbox = new Sandbox(descriptor, options);
      const exit = sandbox.initialise(ticket, limits);
      const logs = sandbox.logs();
      if (exit.kind !== 'ready') return { ok: false, failure: { kind: 'exit', exit, limits }, logs };
      const { image, ...state } = sandbox.capture();
      this.#images.set(descriptor.id, image);
      return { ok: true, ready: { kind: 'call', functions: exit.functions, imageId: image.id, ...state }, logs };
    } catch (error) {
      return { ok: false, failure: thrown(error), logs: sandbox?.logs() ?? NO_LOGS };
    } finally {
      sandbox?.close();
    }
  }

  /** Idempotent. */
  forget(snapshotId: number): void {
    this.#images.get(snapshotId)?.close();
    this.#images.delete(snapshotId);
  }

  close(): void {
    for (const image of this.#images.values()) image.close();
    this.#images.clear();
  }
}
