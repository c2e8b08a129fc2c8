/** The types of what the C++ addon exports, and the addon itself. Nothing else in the project loads it. */

import type { Backend } from '../base/backend-name.js';
import { type ErrorCode, SnapvmError } from '../base/errors.js';
import type { EntryKind, Layer, LinuxSpec, MemoryShape } from '../wire/descriptor.js';
import type { CapturedState } from '../wire/frozen.js';
import type { GuestFault } from '../wire/protocol.js';
import { loadAddon } from './load.js';

/** A sealed or still growing memory file; shared by every thread that opened it, freed with its last owner. */
export interface AddonImage {
  /** The image's number, for `openImage`. */
  readonly id: number;
  readonly byteLength: number;
  /** Bytes of memory it takes: pages that were never touched take none. */
  readonly heldBytes: number;
  /** Copies bytes of the sealed image into `target`. */
  read(offset: number, target: Uint8Array): void;
  /** Copies bytes into an image that is not sealed yet. */
  write(offset: number, bytes: Uint8Array): void;
  /** Makes the content immutable: the view becomes read-only (a write to it faults), the file is sealed. */
  seal(): void;
  /** Drops this handle; idempotent. Sandboxes that map the image keep it alive. */
  close(): void;
}

/** What `new addon().Snapshot` takes: a snapshot descriptor in the addon's terms. */
export interface AddonSnapshotSpec {
  readonly supervisor: boolean;
  /** An ENTRY. */
  readonly entry: number;
  readonly memory: MemoryShape;
  readonly layers: readonly Layer[];
  /** rip, rsp, rdi, rsi, rdx, rcx, rflags, FS base, GS base. */
  readonly registers: BigUint64Array;
  readonly system: Uint8Array | undefined;
  readonly frozen: Uint8Array | undefined;
  readonly linux: LinuxSpec | undefined;
  readonly hostState: Uint8Array | undefined;
}

declare const snapshotBrand: unique symbol;

/** A descriptor as the addon has read it. It names its images and does not hold them. */
export interface AddonSnapshot {
  readonly [snapshotBrand]: never;
}

/** What runs a guest; the numbers of native/node/sandbox_wrap.cc. */
export const BACKEND: Readonly<Record<Backend, number>> = { kvm: 0, process: 1 };

/** Where a snapshot is entered; the numbers of native/machine/snapshot.h. */
export const ENTRY: Readonly<Record<EntryKind, number>> = { initialise: 0, call: 1, start: 2, resume: 3 };

/** How a run ended; the numbers of native/sandbox/outcome.h. */
export const EXIT = {
  done: 0,
  hostCall: 1,
  abort: 4,
  syscall: 5,
  fault: 6,
  stopped: 7,
  shutdown: 8,
  unsupported: 9,
  exited: 10,
  frozen: 11,
  output: 12,
} as const;

/** Indices into a sandbox's status array; the numbers of native/node/sandbox_wrap.cc. */
export const STATUS = {
  kind: 0,
  stop: 1,
  code: 2,
  length: 3,
  stickyPages: 4,
  restores: 5,
  rebuilds: 6,
  logs: 7,
  droppedLogs: 8,
  /** Bytes of private memory the sandbox holds, the kernel's part estimated. */
  residentBytes: 9,
  /** Microseconds the guest ran in this call so far; restoring and waiting for the host do not count. */
  runUs: 10,
  /** While the guest waits for the host: microseconds until its deadline, at least 1; 0 when it has none. */
  wallLeftUs: 11,
  /** Bytes of guest pages that are the sandbox's own; `residentBytes` includes them. */
  privateBytes: 12,
  /** Microseconds from the begin of the call to its guest's first entry; no limit counts them. */
  restoreUs: 13,
  words: 14,
} as const;

/** What `capture` gives: a guest that was frozen. */
export interface AddonCapture extends CapturedState {
  /** Holds the pages, in that order; sealed. */
  readonly image: AddonImage;
  /** Whether a Linux guest took random bytes before, other than those that its C library takes for itself. */
  readonly drewRandom: boolean;
}

type AddonCall = (
  input: Uint8Array,
  functionIndex: number,
  ticket: number,
  wallUs: number,
  cpuUs: number,
  deadlineUs?: number,
) => number;

/**
 * One VM with a vCPU, bound to a snapshot and to the thread that made it. Runs give an EXIT and fill `status`.
 * `ticket` names the call to interrupt(); limits are microseconds, 0 for none, and `deadlineUs` is a moment of the
 * monotonic clock (process.hrtime). Failures throw an Error with `code`.
 */
export interface AddonSandbox {
  /** Runs until the guest is ready; a Linux program, until it wants its standard input. */
  initialise(ticket: number, wallUs: number, cpuUs: number, deadlineUs?: number): number;
  /** Calls a ready guest, which becomes ready anew. */
  readonly specialise: AddonCall;
  readonly call: AddonCall;
  readonly callReady: AddonCall;
  /** Runs on within the limits the call began with. */
  answer(bytes: Uint8Array, status: number, ticket: number): number;
  restore(): void;
  /** After restore: the GPA of the first page that differs from the snapshot. */
  findDifference(): number | undefined;
  capture(): AddonCapture;
  readPayload(target: Uint8Array): void;
  name(): string;
  logs(): { level: number; text: string }[];
  fault(): GuestFault;
  reason(): string;
  /** The end of what a Linux program has written to 1 or 2 in its last run. */
  printed(stream: 1 | 2): Uint8Array<ArrayBuffer>;
  close(): void;
}

/** Why `serve` returned; the numbers of native/node/server_wrap.h. */
export const WHY = {
  /** Nothing to do for as long as the main thread allows to spin. */
  idle: 0,
  /** Messages for the event loop. */
  control: 1,
  closed: 2,
  /** The call in word `slot` needs a sandbox, a payload from the arena, or more than a plain run. */
  unprepared: 3,
  /** The call in `slot` ran in the sandbox in `resident`, and ended otherwise than by a plain answer. */
  ran: 4,
  /** Sandboxes hold more memory than they may. */
  full: 5,
} as const;

/** Answers the calls of a ring (src/wire/ring.ts) with the sandboxes of its thread, each known by a key. */
export interface AddonServer {
  /**
   * Answers calls until JavaScript is needed, and gives a WHY. `control`: messages handled so far. Throws what a run
   * throws; the words `slot` and `resident` then say which.
   */
  serve(control: number): number;
  /** Registers a sandbox that is in use, until it is released. `plain`: its calls need nothing but a run. */
  add(sandbox: AddonSandbox, snapshotId: number, plain: boolean): number;
  /** An idle sandbox of that snapshot, now in use; -1 when there is none. */
  acquire(snapshotId: number): number;
  release(key: number): void;
  /** Forgets a sandbox; whoever removes it closes it. */
  remove(key: number): void;
  /** The idle sandbox that was used longest ago; -1 when there is none. */
  oldestIdle(): number;
}

export interface AddonCapabilities {
  /** 0: TSS I/O bitmap with TR type 11, 1: with type 9, 2: IOPL 3. */
  readonly portMode: 0 | 1 | 2;
  readonly ripAfterOut: boolean;
  readonly dirtyRingBytes: number;
  readonly msrFilter: boolean;
  readonly fsgsbase: boolean;
  readonly xcr0: number;
  /** Whether guests can use PKRU. */
  readonly pkru: boolean;
  /** The components of vector state that guests reach and that every entry puts back, as bits of XCR0. */
  readonly entryMask: bigint;
}

export interface AddonProcessCapabilities {
  /** Whether each worker's processes have a user namespace of their own, so that not even their user is the host's. */
  readonly userNamespace: boolean;
  /** Whether they run as nobody, though this process is root. */
  readonly nobody: boolean;
  /** Whether they have the other namespaces: PIDs, network, mounts, IPC, host name, control groups. */
  readonly namespaces: boolean;
  readonly xcr0: number;
  readonly pkru: boolean;
  /** Whether the kernel knows of bases of FS and GS that ring 3 has set itself. Where it does not, it may lose them. */
  readonly keepsBases: boolean;
  readonly entryMask: bigint;
}

/** What the addon exports. An argument of a wrong kind is a TypeError, one out of range a RangeError. */
export interface Addon {
  /**
   * Puts a new memory file under the pages of `view`, which must cover a growable SharedArrayBuffer from its
   * first byte (page-aligned; a plain SharedArrayBuffer is not) and be a whole number of pages, all zero.
   */
  createImage(view: Uint8Array): AddonImage;
  /** A new memory file of so many bytes, whole pages, all zero, that is written through its handle. */
  createLayer(bytes: number): AddonImage;
  /** Another handle on an image this process holds; throws when there is none of that id. */
  openImage(id: number): AddonImage;
  readonly Snapshot: new (spec: AddonSnapshotSpec) => AddonSnapshot;
  /**
   * `backend`: a BACKEND. `maxExits`: log lines, prints, host calls and system calls one call may make, together.
   * `maxLogBytes`: bytes of log kept of one call; further lines are counted and dropped. Throws when an image of the
   * snapshot was released.
   */
  readonly Sandbox: new (
    snapshot: AddonSnapshot,
    backend: number,
    maxExits: number,
    maxLogBytes: number,
    status: Float64Array,
  ) => AddonSandbox;
  /** `wake` has the main thread look at its doorbell; `mostBytes` of private memory its sandboxes should hold. */
  readonly Server: new (
    ring: Uint8Array,
    mainDoorbell: Uint8Array,
    wake: () => void,
    mostBytes: number,
  ) => AddonServer;
  /** Probes this machine's KVM once per process. Throws SNAPVM_HOST_KVM. */
  capabilities(monitor: Uint8Array): AddonCapabilities;
  /** Makes a process for guests and drops it. Throws SNAPVM_HOST_PROCESS. */
  processCapabilities(): AddonProcessCapabilities;
  /**
   * What entries put back on a processor with that XCR0, whose component n has `places[2n]` bytes at `places[2n + 1]` of
   * an XSAVE area. Throws SNAPVM_HOST_KVM naming a component that cannot be put back.
   */
  entryMask(xcr0: bigint, places: Uint32Array): bigint;
  /** Names the calling thread to `interrupt` and `closeThread`. */
  interrupterId(): number;
  /** How many virtual machines and processes this thread keeps for its next sandboxes. */
  keptMachines(): number;
  /** Stops the call with that ticket, running or yet to begin or to go on; harmless when it has ended. */
  interrupt(id: number, ticket: number): void;
  /** Forgets an interrupt. To be called for each of them, once the call with that ticket is answered. */
  settleTicket(id: number, ticket: number): void;
  /** Gives the pages of a part of a SharedArrayBuffer back to the system; they read as zeros from then on. */
  discard(view: Uint8Array): void;
  /** Stops what runs on that thread, now and from now on. */
  closeThread(id: number): void;
}

let loaded: Addon | undefined;

/** Loads the addon once. @throws SnapvmError SNAPVM_HOST_PLATFORM, SNAPVM_HOST_ADDON */
export function addon(): Addon {
  loaded ??= load();
  return loaded;
}

function load(): Addon {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SnapvmError(
      'SNAPVM_HOST_PLATFORM',
      `snapvm runs on Linux on x86-64; this is ${process.platform} on ${process.arch}: use a Linux machine, virtual machine or container with an x86-64 processor`,
    );
  }
  return loadAddon() as Addon;
}

/** Runs `body` and throws what the addon fails with as a SnapvmError, with the stack of the call that caused it. */
export function typed<T>(body: () => T): T {
  try {
    return body();
  } catch (cause) {
    if (cause instanceof SnapvmError) throw cause;
    const { code, message } = cause as { code?: ErrorCode; message: string };
    throw code === undefined ? cause : new SnapvmError(code, message, {}, { cause });
  }
}
