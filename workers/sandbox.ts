import {
  type AddonCapture,
  type AddonSandbox,
  type AddonSnapshot,
  addon,
  BACKEND,
  ENTRY,
  EXIT,
  STATUS,
  typed,
} from '../src/addon/addon.js';
import type { Backend } from '../src/base/backend-name.js';
import { SnapvmError } from '../src/base/errors.js';
import { ownValue } from '../src/base/own-value.js';
import { US_PER_MS } from '../src/wire/clock.js';
import type { SnapshotDescriptor } from '../src/wire/descriptor.js';
import type {
  Exit,
  GuestLogs,
  Printed,
  RunLimits,
  SandboxOptions,
  StopReason,
} from '../src/wire/protocol.js';

const STOP_REASONS: readonly StopReason[] = ['time', 'cpu', 'abort', 'close'];

/** What a sandbox holds and has cost, at the end of its last run. */
export interface SandboxStats {
  /** Pages that the next restore copies back. */
  readonly stickyPages: number;
  readonly restores: number;
  readonly rebuilds: number;
  /** Private memory: pages ever written, the dirty ring, and an estimate of what the kernel keeps. */
  readonly residentBytes: number;
  /** The part of `residentBytes` that is guest memory. */
  readonly privateBytes: number;
  /** Microseconds the guest ran in its last call; restoring and waiting for the host do not count. */
  readonly runUs: number;
  /** Microseconds from the begin of its last call to the guest's first entry. */
  readonly restoreUs: number;
}

/** A guest bound to one snapshot: every call starts from exactly the snapshot's state. Belongs to its thread. */
export class Sandbox {
  readonly #handle: AddonSandbox;
  readonly #status = nextStatus();
  readonly #verify: boolean;

  /** @throws SnapvmError SNAPVM_HOST_*, SNAPVM_SNAPSHOT_CLOSED */
  constructor(descriptor: SnapshotDescriptor, options: SandboxOptions, backend: Backend) {
    this.#verify = options.verifyRestore;
    const { maxExits, maxLogBytes } = options;
    this.#handle = typed(
      () =>
        new (addon().Sandbox)(
          addonSnapshot(descriptor),
          BACKEND[backend],
          maxExits,
          maxLogBytes,
          this.#status,
        ),
    );
  }

  /** The addon's object, for its server. */
  get handle(): AddonSandbox {
    return this.#handle;
  }

  get stats(): SandboxStats {
    return {
      stickyPages: this.#status[STATUS.stickyPages] ?? 0,
      restores: this.#status[STATUS.restores] ?? 0,
      rebuilds: this.#status[STATUS.rebuilds] ?? 0,
      residentBytes: this.#status[STATUS.residentBytes] ?? 0,
      privateBytes: this.#status[STATUS.privateBytes] ?? 0,
      runUs: this.#status[STATUS.runUs] ?? 0,
      restoreUs: this.#status[STATUS.restoreUs] ?? 0,
    };
  }

  /** After a host call: microseconds until the call's deadline, at least 1; 0 when it has none. */
  get wallLeftUs(): number {
    return this.#status[STATUS.wallLeftUs] ?? 0;
  }

  /** Runs a snapshot that is not ready yet until it is, or a Linux program until it wants its standard input. */
  initialise(ticket: number, limits: RunLimits): Exit {
    return this.#run(
      () => this.#handle.initialise(ticket, ...inMicroseconds(limits)),
      () => this.#becameReady(),
    );
  }

  /** Has a ready guest become ready anew by a call of its first function; its code says whether it did. */
  specialise(input: Uint8Array, ticket: number, limits: RunLimits): Exit {
    return this.#run(
      () => this.#handle.specialise(input, 0, ticket, ...inMicroseconds(limits)),
      () => (this.#code === 0 ? this.#becameReady() : this.#result()),
    );
  }

  /** Restores and calls. @throws SnapvmError SNAPVM_CALL_INPUT_TOO_LARGE, SNAPVM_GUEST_PROTOCOL, SNAPVM_GUEST_LIMIT */
  call(input: Uint8Array, functionIndex: number, ticket: number, limits: RunLimits): Exit {
    if (this.#verify) this.#verifyRestored();
    return this.#run(() => this.#handle.call(input, functionIndex, ticket, ...inMicroseconds(limits)));
  }

  /** Calls a guest that has just become ready, without a ready snapshot in between. */
  callReady(input: Uint8Array, functionIndex: number, ticket: number, limits: RunLimits): Exit {
    return this.#run(() => this.#handle.callReady(input, functionIndex, ticket, ...inMicroseconds(limits)));
  }

  /** Answers the guest's host call, or takes its output, and runs on within the limits the call began with. */
  answer(status: number, bytes: Uint8Array, ticket: number): Exit {
    return this.#run(() => this.#handle.answer(bytes, status, ticket));
  }

  /** Freezes a guest that has just become ready: the pages it changed and the registers it is called with. */
  capture(): AddonCapture {
    return typed(() => this.#handle.capture());
  }

  /** What the last run logged; `dropped` lines went over the limit. */
  logs(): GuestLogs {
    const dropped = this.#status[STATUS.droppedLogs] ?? 0;
    return { lines: this.#status[STATUS.logs] === 0 ? [] : this.#handle.logs(), dropped };
  }

  /** What a Linux program wrote in the last run, which failed; undefined where it wrote nothing. */
  printed(): Printed | undefined {
    const stdout = this.#handle.printed(1);
    const stderr = this.#handle.printed(2);
    return stdout.length + stderr.length === 0 ? undefined : { stdout, stderr };
  }

  /** Frees what the sandbox holds. Idempotent. */
  close(): void {
    this.#handle.close();
  }

  #verifyRestored(): void {
    typed(() => this.#handle.restore());
    const gpa = typed(() => this.#handle.findDifference());
    if (gpa === undefined) return;
    throw new SnapvmError(
      'SNAPVM_SANDBOX_RESTORE',
      `guest memory at GPA 0x${gpa.toString(16)} differs from the snapshot after a restore; this is a bug in snapvm, please report it`,
      { gpa },
    );
  }

  /** How the last run ended, when the addon's server has made it. */
  lastExit(): Exit {
    return this.#decode(this.#status[STATUS.kind] ?? 0, () => this.#result());
  }

  #run(enter: () => number, done = () => this.#result()): Exit {
    return this.#decode(typed(enter), done);
  }

  #decode(kind: number, done: () => Exit): Exit {
    switch (kind) {
      case EXIT.done:
        return done();
      case EXIT.hostCall:
        return { kind: 'hostCall', name: this.#handle.name(), payload: this.#payload() };
      case EXIT.abort:
        return { kind: 'abort', code: this.#code, message: new TextDecoder().decode(this.#payload()) };
      case EXIT.fault:
        return { kind: 'fault', fault: this.#handle.fault() };
      case EXIT.stopped:
        return { kind: 'stopped', reason: STOP_REASONS[(this.#status[STATUS.stop] ?? 0) - 1] ?? 'abort' };
      case EXIT.syscall:
        return { kind: 'syscall' };
      case EXIT.exited:
        return { kind: 'exited', output: this.#payload() };
      case EXIT.frozen:
        return { kind: 'frozen' };
      case EXIT.output:
        return { kind: 'output', bytes: this.#payload() };
      case EXIT.shutdown:
        return { kind: 'shutdown' };
      default:
        return { kind: 'unsupported', reason: this.#handle.reason() };
    }
  }

  #becameReady(): Exit {
    return { kind: 'ready', functions: functionNames(this.#payload()) };
  }

  #result(): Exit {
    return { kind: 'result', code: this.#code, output: this.#payload() };
  }

  get #code(): number {
    return this.#status[STATUS.code] ?? 0;
  }

  #payload(): Uint8Array<ArrayBuffer> {
    const length = this.#status[STATUS.length] ?? 0;
    const bytes = new Uint8Array(length);
    this.#handle.readPayload(bytes);
    return bytes;
  }
}

const STATUSES = 64;
let statuses = new Float64Array(0);

/** A status array: a part of one for many, since memory outside of the heap is slow to get. */
function nextStatus(): Float64Array {
  if (statuses.length === 0) statuses = new Float64Array(STATUSES * STATUS.words);
  const status = statuses.subarray(0, STATUS.words);
  statuses = statuses.subarray(STATUS.words);
  return status;
}

/** The snapshots this thread has read: reading one takes a third as long as making a sandbox. */
const snapshots = new WeakMap<SnapshotDescriptor, AddonSnapshot>();

function addonSnapshot(descriptor: SnapshotDescriptor): AddonSnapshot {
  const known = snapshots.get(descriptor);
  if (known !== undefined) return known;
  const r = descriptor.registers;
  const made = new (addon().Snapshot)({
    supervisor: descriptor.privilege === 'supervisor',
    entry: ENTRY[descriptor.entry.kind],
    memory: descriptor.memory,
    layers: descriptor.layers,
    registers: BigUint64Array.of(
      descriptor.entry.address,
      r.rsp,
      r.rdi,
      r.rsi,
      r.rdx,
      r.rcx,
      r.rflags,
      r.fsBase,
      r.gsBase,
    ),
    system: ownValue(r, 'system'),
    frozen: ownValue(r, 'frozen'),
    linux: ownValue(descriptor, 'linux'),
    hostState: ownValue(descriptor, 'hostState'),
  });
  snapshots.set(descriptor, made);
  return made;
}

/** Limits as the addon takes them. */
function inMicroseconds(limits: RunLimits): [wallUs: number, cpuUs: number, deadlineUs: number] {
  return [limits.timeoutMs * US_PER_MS, limits.cpuMs * US_PER_MS, limits.deadlineUs ?? 0];
}

/** The NUL-terminated names of a ready message. @throws SnapvmError SNAPVM_GUEST_PROTOCOL */
function functionNames(payload: Uint8Array): string[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(payload);
  } catch (cause) {
    throw new SnapvmError(
      'SNAPVM_GUEST_PROTOCOL',
      'the guest became ready with names that are not UTF-8',
      {},
      { cause },
    );
  }
  const names = text.split('\0');
  const end = names.pop();
  if (end === '' && names.length > 0 && !names.includes('') && new Set(names).size === names.length)
    return names;
  throw new SnapvmError(
    'SNAPVM_GUEST_PROTOCOL',
    `the guest became ready with ${JSON.stringify(text.slice(0, 200))} as its functions; it must be one or more different names, each ended by a NUL`,
  );
}
