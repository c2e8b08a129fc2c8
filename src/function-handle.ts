import { suggest } from './did-you-mean.js';
import { SnapvmError } from './errors.js';
import { failureToError } from './guest-errors.js';
import { type CallOptions, type CheckedPolicy, checkCallOptions, copyInput } from './policy.js';
import type { Pool } from './pool/pool.js';
import type { GuestLogs, SandboxStats } from './pool/protocol.js';
import type { SnapshotDescriptor } from './snapshot/descriptor.js';
import type { Snapshot } from './snapshot/snapshot.js';

/** What the engine knows of a defined function. */
export interface Definition {
  readonly name: string;
  readonly snapshot: Snapshot;
  /** What calls enter: the snapshot of the ready guest, or the built one when it is not warm. */
  readonly descriptor: SnapshotDescriptor;
  readonly functions: readonly string[];
  readonly policy: CheckedPolicy;
  readonly onLogs: (logs: GuestLogs, fn: string | undefined) => void;
}

/** A defined function. Every call starts from the same state and leaves nothing behind. */
export class FunctionHandle {
  readonly #definition: Definition;
  readonly #pool: Pool;
  #lastStats: SandboxStats = { stickyPages: 0, restores: 0, rebuilds: 0 };

  /** @internal Use `engine.define`. */
  constructor(definition: Definition, pool: Pool) {
    this.#definition = definition;
    this.#pool = pool;
  }

  get name(): string {
    return this.#definition.name;
  }

  /** BLAKE3 of the built snapshot, 64 hex digits: names what runs, on any machine. */
  get hash(): string {
    return this.#definition.snapshot.hash;
  }

  /** The functions the guest exports; `call` without `fn` calls the first. */
  get functions(): readonly string[] {
    return this.#definition.functions;
  }

  /** The built snapshot: layout, rights, symbols. */
  get snapshot(): Snapshot {
    return this.#definition.snapshot;
  }

  /** Of the sandbox that served the last call: the pages it puts back before every call, restores and rebuilds. */
  get sandboxStats(): SandboxStats {
    return this.#lastStats;
  }

  /**
   * Calls the guest from fresh state and gives the bytes it answered.
   * @param input Bytes, or text sent as UTF-8. @default none
   * @throws SnapvmError SNAPVM_CALL_*, SNAPVM_GUEST_*, SNAPVM_ENGINE_CLOSED, SNAPVM_ENGINE_WORKER_LOST,
   *   SNAPVM_CONFIG_*, SNAPVM_HOST_*
   */
  async call(input?: Uint8Array | string, options: CallOptions = {}): Promise<Uint8Array> {
    const { policy, descriptor, snapshot, name, functions, onLogs } = this.#definition;
    const { fn, limits, signal } = checkCallOptions(options, policy);
    const reply = await this.#pool.call({
      request: {
        snapshotId: descriptor.id,
        input: copyInput(input),
        functionIndex: this.#functionIndex(fn),
        limits,
        initLimits: policy.initLimits,
      },
      descriptor,
      options: policy.sandbox,
      signal,
    });
    this.#lastStats = reply.stats;
    const called = fn ?? functions[0];
    onLogs(reply.logs, called);
    if (reply.ok) return reply.output;
    throw failureToError(reply.failure, {
      name,
      fn: called,
      signal,
      symbolize: (rip) => snapshot.symbolize(rip),
    });
  }

  #functionIndex(fn: string | undefined): number {
    if (fn === undefined) return 0;
    const { functions, name } = this.#definition;
    const index = functions.indexOf(fn);
    if (index >= 0) return index;
    throw new SnapvmError(
      'SNAPVM_CALL_FUNCTION',
      `${name} has no function ${JSON.stringify(fn)}; ${suggest(fn, functions)}`,
      { function: name, fn },
    );
  }
}
