/** How a source becomes a definition: prepared, built, made ready. */

import type { SnapvmError } from '../base/errors.js';
import type { Codec, Guest, Specialisation } from '../guests/guest.js';
import type { Source } from '../guests/kinds.js';
import { Target } from '../pool/call.js';
import { engineClosed } from '../pool/errors.js';
import type { Pool } from '../pool/pool.js';
import { hashSpecialised } from '../snapshot/hash.js';
import { buildSnapshot, type Snapshot } from '../snapshot/snapshot.js';
import { type Made, type ReadySnapshot, readySnapshot } from '../store/ready-snapshots.js';
import type { SnapshotStore } from '../store/store.js';
import { PROGRAM_FUNCTION, type SnapshotDescriptor } from '../wire/descriptor.js';
import type { InitialiseReply, RunLimits, SandboxOptions } from '../wire/protocol.js';
import { Definition } from './definition.js';
import { type Logger, logFrozenRandom, logGuest, logWarning } from './logger.js';
import type { CheckedPolicy } from './policy.js';
import { failureToError } from './run-failure.js';
import { Runtimes } from './runtimes.js';

/** What a builder works with. */
export interface BuilderTools {
  readonly pool: Pool;
  readonly logger: Logger | undefined;
  /** Where ready snapshots are kept, if anywhere. */
  readonly store: SnapshotStore | undefined;
}

const NO_INPUT = new Uint8Array();

/** Builds the definitions of one engine. */
export class Builder {
  readonly #tools: BuilderTools;
  readonly #runtimes: Runtimes;
  readonly #closing = new AbortController();

  constructor(tools: BuilderTools) {
    this.#tools = tools;
    this.#runtimes = new Runtimes({
      make: async (guest, run) => {
        const snapshot = await buildSnapshot(guest.environment, guest.config);
        try {
          const ready = await this.#makeReady({ ...run, snapshot }, snapshot.descriptor);
          return { snapshot, ready };
        } catch (error) {
          snapshot.close();
          throw error;
        }
      },
      drop: ({ snapshot, ready }) => {
        for (const { descriptor } of [ready, snapshot]) void tools.pool.forget(descriptor.id);
        ready.close();
        snapshot.close();
      },
    });
  }

  /** Makes the definition of a source. @throws SnapvmError what `engine.define` throws */
  async build(name: string, source: Source, policy: CheckedPolicy): Promise<Definition> {
    const guest = await policy.prepare(source, this.#closing.signal);
    if (guest.specialise !== undefined) return this.#buildSpecialised(name, guest, guest.specialise, policy);
    const snapshot = await buildSnapshot(guest.environment, guest.config, guest.internals);
    try {
      const run = { name, snapshot, limits: policy.initLimits, options: policy.sandbox, codec: guest.codec };
      const begin = await this.#begin(run, policy);
      return this.#define(run, policy, {
        ...begin,
        codec: guest.codec,
        hash: snapshot.hash,
        releaseParent: () => snapshot.close(),
      });
    } catch (error) {
      snapshot.close();
      throw error;
    }
  }

  /** Ends what is being bundled and releases the runtimes. To be called when no definition is left. */
  close(): void {
    this.#closing.abort(engineClosed());
    this.#runtimes.close();
  }

  /** Runs a guest with a snapshot of its own to where its calls begin, as the policy says. */
  async #begin(
    run: Run,
    { warm }: CheckedPolicy,
  ): Promise<{ ready: ReadySnapshot | undefined; functions: readonly string[] }> {
    const { descriptor } = run.snapshot;
    if (warm) {
      const ready = await this.#makeReady(run, descriptor);
      return { ready, functions: ready.descriptor.functions };
    }
    if (descriptor.entry.kind === 'start') return { ready: undefined, functions: [PROGRAM_FUNCTION] };
    // Run once all the same: it has to become ready, and its functions are to be known.
    const { state, image } = await this.#initialise(run, descriptor);
    image.close();
    return { ready: undefined, functions: state.functions };
  }

  /** Makes a guest of a runtime, which many share. */
  async #buildSpecialised(
    name: string,
    guest: Guest,
    { input, warnings, runtime: how }: Specialisation,
    policy: CheckedPolicy,
  ): Promise<Definition> {
    for (const warning of warnings) logWarning(this.#tools.logger, warning, { function: name });
    const { runtime, release } = await this.#runtimes.use(guest, how);
    try {
      const limits = { limits: policy.initLimits, options: policy.sandbox };
      const run = { name, snapshot: runtime.snapshot, ...limits, codec: guest.codec };
      const ready = await this.#makeReady(run, runtime.ready.descriptor, input);
      const definition = {
        ready,
        functions: ready.descriptor.functions,
        codec: guest.codec,
        base: runtime.ready,
      };
      const hash = hashSpecialised(runtime.snapshot.hash, input);
      return this.#define(run, policy, { ...definition, hash, releaseParent: release });
    } catch (error) {
      release();
      throw error;
    }
  }

  #makeReady(run: Run, parent: SnapshotDescriptor, input?: Uint8Array): Promise<ReadySnapshot> {
    const how = input !== undefined ? 'specialise' : parent.entry.kind === 'start' ? 'stdin' : 'initialise';
    return readySnapshot(this.#tools.store, parent, how, input ?? NO_INPUT, () =>
      this.#initialise(run, parent, input),
    );
  }

  /** Runs a guest in a worker until it is ready. */
  async #initialise(run: Run, descriptor: SnapshotDescriptor, input?: Uint8Array): Promise<Made> {
    const { name, options, limits } = run;
    const reply = await this.#tools.pool.initialise({
      descriptor,
      ...(input !== undefined && { input }),
      options,
      limits,
    });
    await logGuest(this.#tools.logger, reply.logs, run.codec, { function: name });
    if (!reply.ok) throw initialiseError(run, reply);
    if (reply.drewRandom) logFrozenRandom(this.#tools.logger, { function: name });
    const { imageId: _, ...state } = reply.ready;
    return { state, image: reply.image };
  }

  #define({ name, snapshot }: Run, policy: CheckedPolicy, built: Built): Definition {
    const { ready, base, functions, codec, hash, releaseParent } = built;
    const target = new Target({
      descriptor: ready?.descriptor ?? snapshot.descriptor,
      options: policy.sandbox,
      initLimits: policy.initLimits,
      hostFunctions: policy.hostFunctions,
    });
    const release = (): void => {
      ready?.close();
      releaseParent();
    };
    return new Definition({
      name,
      snapshot,
      derived: ready,
      target,
      functions,
      policy,
      codec,
      hash,
      storeKeys: [base, ready].flatMap((each) => each?.storeKey ?? []),
      release,
    });
  }
}

/** What building a guest gave. */
interface Built {
  /** What it was specialised from, if it was. */
  readonly base?: ReadySnapshot;
  readonly ready: ReadySnapshot | undefined;
  readonly functions: readonly string[];
  readonly codec: Codec;
  readonly hash: string;
  /** Releases the snapshot it was built from, which others may use too. */
  readonly releaseParent: () => void;
}

/** What runs to become ready, for whom, and for how long. */
interface Run {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly limits: RunLimits;
  readonly options: SandboxOptions;
  readonly codec?: Codec;
}

function initialiseError(
  { name, snapshot, codec }: Run,
  { failure }: Extract<InitialiseReply, { ok: false }>,
): SnapvmError {
  if (failure.kind === 'exit' && failure.exit.kind === 'exited' && codec?.endedEarly)
    return codec.endedEarly(failure.exit.output, name);
  return failureToError(failure, {
    name,
    symbolize: (rip) => snapshot.symbolize(rip),
    failed: codec?.failed,
    faulted: codec?.faulted,
  });
}
