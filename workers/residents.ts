import type { AddonServer } from '../src/addon/addon.js';
import type { Backend } from '../src/base/backend-name.js';
import { SnapvmError } from '../src/base/errors.js';
import type { FunctionSpec } from '../src/wire/protocol.js';
import { RESIDENT_BYTES, type RingViews } from '../src/wire/ring.js';
import { Sandbox } from './sandbox.js';

/** A sandbox the worker holds. */
export interface Resident {
  /** The sandbox's number in the addon's server. */
  readonly key: number;
  readonly sandbox: Sandbox;
  readonly spec: FunctionSpec;
}

/**
 * The sandboxes of a worker. The addon's server knows which are idle and how much memory they hold; here they are made
 * and closed, those used longest ago first when together they hold too much.
 */
export class Residents {
  readonly #server: AddonServer;
  readonly #backend: Backend;
  readonly #mostBytes: number;
  readonly #ring: RingViews;
  readonly #specs = new Map<number, FunctionSpec>();
  /** The sandboxes, by key. */
  readonly #residents = new Map<number, Resident>();

  constructor(server: AddonServer, backend: Backend, mostBytes: number, ring: RingViews) {
    this.#server = server;
    this.#backend = backend;
    this.#mostBytes = mostBytes;
    this.#ring = ring;
  }

  /** Remembers how to make sandboxes of a snapshot. */
  define(spec: FunctionSpec): void {
    this.#specs.set(spec.descriptor.id, spec);
  }

  /** A sandbox for a call of that snapshot, until it is released. @throws SnapvmError SNAPVM_HOST_* */
  acquire(snapshotId: number): Resident {
    const idle = this.#residents.get(this.#server.acquire(snapshotId));
    if (idle !== undefined) return idle;
    const spec = this.#specs.get(snapshotId);
    if (spec === undefined) {
      throw new SnapvmError('SNAPVM_INTERNAL', `the worker was never told of snapshot ${snapshotId}`);
    }
    return this.#make(spec);
  }

  /** The sandbox with that key. */
  at(key: number): Resident {
    const resident = this.#residents.get(key);
    if (resident === undefined) throw new SnapvmError('SNAPVM_INTERNAL', `there is no sandbox of key ${key}`);
    return resident;
  }

  /** Closes a sandbox whose call may have ended for want of memory: what its guest had taken is not kept. */
  discard(resident: Resident): void {
    this.#close(resident);
  }

  /** Takes a sandbox back whose call has ended. */
  release(resident: Resident): void {
    if (!this.#specs.has(resident.spec.descriptor.id)) {
      this.#close(resident);
      return;
    }
    this.#server.release(resident.key);
    this.shrink();
  }

  /** Closes idle sandboxes until the others hold no more memory than they should; one stays. */
  shrink(): void {
    while ((this.#ring.doubles[RESIDENT_BYTES] ?? 0) > this.#mostBytes && this.#residents.size > 1) {
      const oldest = this.#residents.get(this.#server.oldestIdle());
      if (oldest === undefined) return;
      this.#close(oldest);
    }
  }

  /** Drops what is kept of a snapshot. A sandbox in use is closed when it is released. Idempotent. */
  forget(snapshotId: number): void {
    this.#specs.delete(snapshotId);
    for (let key = this.#server.acquire(snapshotId); key >= 0; key = this.#server.acquire(snapshotId)) {
      this.#close(this.at(key));
    }
  }

  close(): void {
    for (const resident of this.#residents.values()) this.#close(resident);
  }

  #make(spec: FunctionSpec): Resident {
    const { descriptor, options } = spec;
    const sandbox = new Sandbox(descriptor, options, this.#backend);
    // Anything else than restoring and running is done in JavaScript.
    const plain = descriptor.entry.kind !== 'initialise' && !options.verifyRestore;
    const key = this.#server.add(sandbox.handle, descriptor.id, plain);
    const resident = { key, sandbox, spec };
    this.#residents.set(key, resident);
    this.#ring.addHeld(descriptor.id, 1);
    this.shrink();
    return resident;
  }

  #close({ key, sandbox, spec }: Resident): void {
    this.#server.remove(key);
    this.#residents.delete(key);
    this.#ring.addHeld(spec.descriptor.id, -1);
    sandbox.close();
  }
}
