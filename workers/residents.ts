import { type ErrorData, SnapvmError } from '../src/errors.js';
import type { NativeImage } from '../src/native.js';
import type {
  CallReply,
  CallRequest,
  Exit,
  Failure,
  GuestLogs,
  InitialiseReply,
  InitialiseRequest,
  RunLimits,
} from '../src/pool/protocol.js';
import { ANSWER, Sandbox } from './sandbox.js';

const NO_LOGS: GuestLogs = { lines: [], dropped: 0 };
const NO_STATS = { stickyPages: 0, restores: 0, rebuilds: 0 };
const EMPTY = new Uint8Array(0);

interface Resident {
  readonly sandbox: Sandbox;
  readonly ready: boolean;
}

/** The sandboxes a worker holds, by the id of their snapshot. */
export class Residents {
  readonly #sandboxes = new Map<number, Resident>();
  /** Images of guests this worker froze: they live here until the main thread has opened them and says `forget`. */
  readonly #frozen = new Map<number, NativeImage>();

  /** Runs Initialise in a sandbox of its own and freezes the guest at ready. */
  initialise({ descriptor, options, limits, ticket }: InitialiseRequest): InitialiseReply {
    let sandbox: Sandbox | undefined;
    try {
      sandbox = new Sandbox(descriptor, options);
      const exit = sandbox.initialise(ticket, limits);
      const logs = sandbox.logs();
      if (exit.kind !== 'ready') return { ok: false, failure: failed(exit, limits), logs };
      const { image, ...state } = sandbox.capture();
      this.#frozen.set(descriptor.id, image);
      return { ok: true, ready: { functions: exit.functions, imageId: image.id, ...state }, logs };
    } catch (error) {
      return { ok: false, failure: thrown(error), logs: sandbox?.logs() ?? NO_LOGS };
    } finally {
      sandbox?.close();
    }
  }

  /** Calls from fresh state. */
  call(request: CallRequest): CallReply {
    let sandbox: Sandbox | undefined;
    try {
      const resident = this.#find(request);
      sandbox = resident.sandbox;
      const [exit, limits] = run(resident, request);
      const logs = sandbox.logs();
      const { stats } = sandbox;
      if (exit.kind !== 'result' || exit.code !== 0) {
        return { ok: false, failure: failed(exit, limits), logs, stats };
      }
      return { ok: true, output: exit.output, logs, stats };
    } catch (error) {
      const logs = sandbox?.logs() ?? NO_LOGS;
      return { ok: false, failure: thrown(error), logs, stats: sandbox?.stats ?? NO_STATS };
    }
  }

  /** Idempotent. */
  forget(snapshotId: number): void {
    this.#sandboxes.get(snapshotId)?.sandbox.close();
    this.#sandboxes.delete(snapshotId);
    this.#frozen.get(snapshotId)?.close();
    this.#frozen.delete(snapshotId);
  }

  close(): void {
    for (const id of [...this.#sandboxes.keys(), ...this.#frozen.keys()]) this.forget(id);
  }

  #find({ snapshotId, sandbox: given }: CallRequest): Resident {
    const found = this.#sandboxes.get(snapshotId);
    if (found !== undefined) return found;
    if (given === undefined) {
      throw new SnapvmError('SNAPVM_INTERNAL', `the worker was never given snapshot ${snapshotId}`);
    }
    const { descriptor, options } = given;
    const resident = { sandbox: new Sandbox(descriptor, options), ready: descriptor.entry.kind === 'call' };
    this.#sandboxes.set(snapshotId, resident);
    return resident;
  }
}

/** One call, Initialise included where the snapshot is not ready; with the limits of the part it ended in. */
function run({ sandbox, ready }: Resident, request: CallRequest): [Exit, RunLimits] {
  const { input, functionIndex, ticket, limits, initLimits } = request;
  let exit: Exit;
  if (ready) {
    exit = sandbox.call(input, functionIndex, ticket, limits);
  } else {
    const initialised = sandbox.initialise(ticket, initLimits);
    if (initialised.kind !== 'ready') return [initialised, initLimits];
    exit = sandbox.callReady(input, functionIndex, ticket, limits);
  }
  // No function has a host function yet, so every name is one it may not call; its SDK can handle that.
  while (exit.kind === 'hostCall') exit = sandbox.answer(ANSWER.notAllowed, EMPTY, ticket);
  return [exit, limits];
}

function failed(exit: Exit, limits: RunLimits): Failure {
  return { kind: 'exit', exit, limits };
}

/** Errors cross threads as data: their class and code would not survive. */
function thrown(error: unknown): Failure {
  const data: ErrorData =
    error instanceof SnapvmError
      ? { code: error.code, message: error.message, details: error.details }
      : {
          code: 'SNAPVM_INTERNAL',
          message: error instanceof Error ? (error.stack ?? error.message) : String(error),
          details: {},
        };
  return { kind: 'error', error: data };
}
