/** What a case works with: guests and engines on one backend, gone when it ends. Only this file names a backend. */

import { addon, typed } from '../../src/addon/addon.js';
import type { Backend } from '../../src/base/backend-name.js';
import { Engine, type EngineOptions, type SnapvmError } from '../../src/index.js';
import { type DerivedSnapshot, deriveSnapshot } from '../../src/snapshot/derive.js';
import type { GuestEnvironment, SnapshotConfig } from '../../src/snapshot/environment.js';
import { Snapshot } from '../../src/snapshot/snapshot.js';
import type { SnapshotDescriptor } from '../../src/wire/descriptor.js';
import type { SandboxOptions } from '../../src/wire/protocol.js';
import { Sandbox } from '../../workers/sandbox.js';
import { guestPath, nextTicket, PATIENT, ReadyGuest } from './guest.js';

/** Which guest, and how its sandbox is to be. */
export interface GuestOptions extends Partial<SandboxOptions> {
  readonly config?: SnapshotConfig;
  readonly initData?: GuestEnvironment['initData'];
  readonly elf?: Uint8Array;
}

const DEFAULTS: SandboxOptions = { maxExits: 10_000, maxLogBytes: 65_536, verifyRestore: false };

function sandboxOptions(options: GuestOptions): SandboxOptions {
  const { maxExits, maxLogBytes, verifyRestore } = { ...DEFAULTS, ...options };
  return { maxExits, maxLogBytes, verifyRestore };
}

/** A sandbox on that backend; whoever makes it closes it. */
export function makeSandbox(
  backend: Backend,
  descriptor: SnapshotDescriptor,
  options: SandboxOptions,
): Sandbox {
  return new Sandbox(descriptor, options, backend);
}

function startEngine(backend: Backend, options: EngineOptions): Promise<Engine> {
  return Engine.start({ ...options, backend });
}

function buildSnapshot(name: string, options: GuestOptions): Promise<Snapshot> {
  const environment: GuestEnvironment = {
    elf: options.elf ?? guestPath(name),
    privilege: name.endsWith('.supervisor') ? 'supervisor' : 'user',
    ...(options.initData !== undefined && { initData: options.initData }),
  };
  return Snapshot.build(environment, options.config);
}

/** A guest before and after it became ready. */
interface Prepared {
  readonly snapshot: Snapshot;
  readonly derived: DerivedSnapshot;
}

/** Runs Initialise on that backend, and freezes what came of it. */
async function freeze(
  backend: Backend,
  from: SnapshotDescriptor,
  options: SandboxOptions = DEFAULTS,
): Promise<DerivedSnapshot> {
  const sandbox = makeSandbox(backend, from, options);
  try {
    const exit = sandbox.initialise(nextTicket(), PATIENT);
    if (exit.kind !== 'ready') throw new Error(`the guest did not become ready: ${exit.kind}`);
    const { image, ...state } = sandbox.capture();
    return await deriveSnapshot(from, { kind: 'call', functions: exit.functions, ...state }, image);
  } finally {
    sandbox.close();
  }
}

async function prepare(backend: Backend, name: string, options: GuestOptions): Promise<Prepared> {
  const snapshot = await buildSnapshot(name, options);
  try {
    return { snapshot, derived: await freeze(backend, snapshot.descriptor, sandboxOptions(options)) };
  } catch (error) {
    snapshot.close();
    throw error;
  }
}

/**
 * Whether FS and GS base are a guest's own while it runs. A kernel that does not know that ring 3 may set them neither keeps
 * them for a process nor keeps those of others from it: then they say nothing of what was put back.
 */
export function keepsBases(backend: Backend): boolean {
  return backend === 'kvm' || typed(() => addon().processCapabilities()).keepsBases;
}

/** What cases share: ready snapshots, which nothing changes, and an engine, whose functions each case defines anew. */
export class Fixtures {
  readonly backend: Backend;
  readonly #prepared = new Map<string, Promise<Prepared>>();
  #engine: Promise<Engine> | undefined;

  constructor(backend: Backend) {
    this.backend = backend;
  }

  /** @internal */
  prepared(name: string, options: GuestOptions): Promise<Prepared> {
    const { config, initData, elf } = options;
    const key = JSON.stringify([name, config, initData, elf && Buffer.from(elf).toString('base64')]);
    const known = this.#prepared.get(key);
    if (known !== undefined) return known;
    const made = prepare(this.backend, name, options);
    this.#prepared.set(key, made);
    return made;
  }

  /** @internal */
  engine(): Promise<Engine> {
    this.#engine ??= startEngine(this.backend, { workers: 1 });
    return this.#engine;
  }

  /** Closes everything; what is asked for afterwards is made anew. */
  async close(): Promise<void> {
    const engine = this.#engine;
    const prepared = [...this.#prepared.values()];
    this.#engine = undefined;
    this.#prepared.clear();
    await (await settled(engine))?.close();
    for (const made of prepared) {
      const found = await settled(made);
      found?.derived.close();
      found?.snapshot.close();
    }
  }
}

/** Undefined for what failed: whoever asked for it was told. */
async function settled<T>(promise: Promise<T> | undefined): Promise<T | undefined> {
  return await promise?.catch(() => undefined);
}

/** A piece of work to be done when a case ends, the last one first. */
export type Defer = (done: () => unknown) => void;

/** What a case is run with. */
export class Context {
  readonly backend: Backend;
  readonly defer: Defer;
  /** What the case found where more than one thing is right; part of the report. */
  readonly notes: string[] = [];
  readonly #fixtures: Fixtures;

  constructor(fixtures: Fixtures, defer: Defer) {
    this.backend = fixtures.backend;
    this.defer = defer;
    this.#fixtures = fixtures;
  }

  note(text: string): void {
    this.notes.push(text);
  }

  /** A snapshot of a guest, still to be initialised. */
  async snapshot(name: string, options: GuestOptions = {}): Promise<Snapshot> {
    const snapshot = await buildSnapshot(name, options);
    this.defer(() => snapshot.close());
    return snapshot;
  }

  /** What Initialise makes of a snapshot. */
  async freeze(from: SnapshotDescriptor): Promise<DerivedSnapshot> {
    const derived = await freeze(this.backend, from);
    this.defer(() => derived.close());
    return derived;
  }

  sandbox(descriptor: SnapshotDescriptor, options: GuestOptions = {}): Sandbox {
    const sandbox = makeSandbox(this.backend, descriptor, sandboxOptions(options));
    this.defer(() => sandbox.close());
    return sandbox;
  }

  /** A guest that is still to be initialised, in a sandbox of its own. */
  async cold(
    name: string,
    options: GuestOptions = {},
  ): Promise<{ readonly snapshot: Snapshot; readonly sandbox: Sandbox }> {
    const snapshot = await this.snapshot(name, options);
    return { snapshot, sandbox: this.sandbox(snapshot.descriptor, options) };
  }

  /** A guest that is ready for calls, in a sandbox of its own. */
  async ready(name: string, options: GuestOptions = {}): Promise<ReadyGuest> {
    const { snapshot, derived } = await this.#fixtures.prepared(name, options);
    return new ReadyGuest(
      derived.descriptor,
      snapshot,
      this.sandbox(derived.descriptor, options),
      keepsBases(this.backend),
    );
  }

  /** The engine all cases share: one worker, no host functions. */
  engine(): Promise<Engine> {
    return this.#fixtures.engine();
  }

  /** An engine for this case alone. */
  async ownEngine(options: EngineOptions = {}): Promise<Engine> {
    const engine = await startEngine(this.backend, { workers: 1, ...options });
    this.defer(() => engine.close());
    return engine;
  }
}

/** The code a call failed with; `no error` if it did not. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => 'no error',
    (error: SnapvmError) => error.code ?? String(error),
  );
}
