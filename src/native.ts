/** The native addon's surface, typed. Nothing else in the project loads the addon. */
import { createRequire } from 'node:module';
import { type ErrorCode, SnapvmError } from './errors.js';
import type { Layer, MemoryShape } from './snapshot/descriptor.js';

/** A sealed or still growing memory file; shared by every thread that opened it, freed with its last owner. */
export interface NativeImage {
  readonly id: number;
  readonly byteLength: number;
  /** Copies bytes of the sealed image into `target`. */
  read(offset: number, target: Uint8Array): void;
  /** Makes the content immutable: the view becomes read-only (a write to it faults), the file is sealed. */
  seal(): void;
  /** Drops this handle; idempotent. Sandboxes that map the image keep it alive. */
  close(): void;
}

/** What `new native.Sandbox` takes: a snapshot descriptor in the addon's terms. */
export interface NativeSnapshot {
  readonly supervisor: boolean;
  /** Entered by calls; otherwise it still has to be initialised. */
  readonly ready: boolean;
  readonly memory: MemoryShape;
  readonly layers: readonly Layer[];
  /** rip, rsp, rdi, rsi, rdx, rcx, rflags, FS base, GS base. */
  readonly registers: BigUint64Array;
  readonly system: Uint8Array | undefined;
  /** Log lines, prints and host calls one call may make, together. */
  readonly maxExits: number;
  /** Bytes of log kept of one call; further lines are counted and dropped. */
  readonly maxLogBytes: number;
}

/** How a run ended; the numbers of native/kvm/exit.h. */
export const EXIT = {
  done: 0,
  hostCall: 1,
  abort: 4,
  syscall: 5,
  fault: 6,
  stopped: 7,
  shutdown: 8,
  unsupported: 9,
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
  words: 9,
} as const;

export interface NativeFault {
  readonly vector: number;
  readonly errorCode: number;
  readonly rip: bigint;
  readonly cr2: bigint;
  readonly rsp: bigint;
}

/** A guest at ready: the pages it changed and the registers it is called with. */
export interface NativeReady {
  /** The GPA of each changed page, ascending. */
  readonly pages: Float64Array;
  readonly dispatch: bigint;
  readonly rsp: bigint;
  readonly fsBase: bigint;
  readonly gsBase: bigint;
  /** Supervisor guests only. */
  readonly system?: Uint8Array;
}

export interface NativeCapture extends NativeReady {
  /** Holds the pages, in that order; sealed. */
  readonly image: NativeImage;
}

/**
 * One VM with a vCPU, bound to a snapshot and to the thread that made it. Runs give an EXIT and fill `status`.
 * `ticket` names the run to interrupt(); limits are microseconds, 0 for none. Failures throw an Error with `code`.
 */
export interface NativeSandbox {
  initialise(ticket: number, wallUs: number, cpuUs: number): number;
  call(input: Uint8Array, functionIndex: number, ticket: number, wallUs: number, cpuUs: number): number;
  callReady(input: Uint8Array, functionIndex: number, ticket: number, wallUs: number, cpuUs: number): number;
  /** Runs on within the limits the call began with. */
  answer(bytes: Uint8Array, status: number, ticket: number): number;
  restore(): void;
  /** After restore: the GPA of the first page that differs from the snapshot. */
  findDifference(): number | undefined;
  capture(): NativeCapture;
  readPayload(target: Uint8Array): void;
  name(): string;
  logs(): { level: number; text: string }[];
  fault(): NativeFault;
  reason(): string;
  close(): void;
}

export interface NativeCapabilities {
  /** 0: TSS I/O bitmap with TR type 11, 1: with type 9, 2: IOPL 3. */
  readonly portMode: 0 | 1 | 2;
  readonly ripAfterOut: boolean;
  readonly dirtyRingBytes: number;
  readonly msrFilter: boolean;
  readonly fsgsbase: boolean;
  readonly xcr0: number;
}

/** Everything the addon exports. */
export interface Native {
  /**
   * Puts a new memory file under the pages of `view`, which must cover a growable SharedArrayBuffer from its
   * first byte (page-aligned; a plain SharedArrayBuffer is not) and be a whole number of pages, all zero.
   */
  createImage(view: Uint8Array): NativeImage;
  /** Another handle on an image this process holds; throws when there is none of that id. */
  openImage(id: number): NativeImage;
  readonly Sandbox: new (snapshot: NativeSnapshot, status: Float64Array) => NativeSandbox;
  /** Probes this machine's KVM once per process. */
  capabilities(monitor: Uint8Array): NativeCapabilities;
  /** Names the calling thread to `interrupt` and `closeThread`. */
  interrupterId(): number;
  /** Stops the run with that ticket, running or yet to begin; harmless when it has ended. */
  interrupt(id: number, ticket: number): void;
  /** Stops what runs on that thread, now and from now on. */
  closeThread(id: number): void;
}

let loaded: Native | undefined;

/** Loads the addon once. @throws SnapvmError SNAPVM_HOST_PLATFORM, SNAPVM_HOST_ADDON */
export function native(): Native {
  loaded ??= load();
  return loaded;
}

function load(): Native {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SnapvmError(
      'SNAPVM_HOST_PLATFORM',
      `snapvm needs Linux on x86-64; this is ${process.platform} on ${process.arch}`,
    );
  }
  try {
    return createRequire(import.meta.url)('../../build/Release/snapvm.node') as Native;
  } catch (cause) {
    throw new SnapvmError(
      'SNAPVM_HOST_ADDON',
      `the native addon does not load (${(cause as Error).message}); run "npm rebuild snapvm" with a C++ compiler, make and python3 installed`,
      {},
      { cause },
    );
  }
}

/** Native failures carry a code; here they become SnapvmErrors, with the stack of the call that caused them. */
export function typed<T>(body: () => T): T {
  try {
    return body();
  } catch (cause) {
    if (cause instanceof SnapvmError) throw cause;
    const { code, message } = cause as { code?: ErrorCode; message: string };
    throw code === undefined ? cause : new SnapvmError(code, message, {}, { cause });
  }
}
