/** What the main thread and a worker say to each other. Both ends use this file and nothing else of each other. */
import type { MessagePort } from 'node:worker_threads';
import type { Backend } from '../base/backend-name.js';
import type { ErrorData } from '../base/errors.js';
import type { SnapshotDescriptor } from './descriptor.js';
import type { FrozenGuest } from './frozen.js';

/** Limits of one run. */
export interface RunLimits {
  /** Wall-clock milliseconds from the moment the guest starts; 0 for none. */
  readonly timeoutMs: number;
  /** CPU milliseconds of the thread while the guest runs; 0 for none. */
  readonly cpuMs: number;
  /** The moment (src/wire/clock.ts) at which it must have ended, whenever it starts; 0 or absent for none. */
  readonly deadlineUs?: number;
}

/** What a sandbox is told when it is made. */
export interface SandboxOptions {
  /** Log lines, prints and host calls one call may make, together. */
  readonly maxExits: number;
  /** How many bytes of log are kept of one call. */
  readonly maxLogBytes: number;
  /** Compare the whole guest memory with the snapshot before every call: slow, for tests and the suspicious. */
  readonly verifyRestore: boolean;
}

/** A line that a guest logged. */
export interface GuestLog {
  /** 1 error, 2 warn, 3 info, 4 debug, 5 trace; what a guest wrote, so any number. */
  readonly level: number;
  readonly text: string;
}

/** What a guest logged in one call. */
export interface GuestLogs {
  readonly lines: readonly GuestLog[];
  /** How many lines were not kept, since they went over the limit. */
  readonly dropped: number;
}

/** The logs of a guest that logged nothing. */
export const NO_LOGS: GuestLogs = { lines: [], dropped: 0 };

/** Why a guest was stopped. */
export type StopReason = 'time' | 'cpu' | 'abort' | 'close';

/** A processor exception that ended a guest. */
export interface GuestFault {
  /** The exception's number: 14 is a page fault. */
  readonly vector: number;
  /** The error code the processor gave with it, or 0. */
  readonly errorCode: number;
  /** GVA of the instruction. */
  readonly rip: bigint;
  /** The address that was accessed, for a page fault. */
  readonly cr2: bigint;
  /** The stack pointer at that moment. */
  readonly rsp: bigint;
}

/** How a run of a guest ended. */
export type Exit =
  | { readonly kind: 'ready'; readonly functions: readonly string[] }
  | { readonly kind: 'result'; readonly code: number; readonly output: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'hostCall'; readonly name: string; readonly payload: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'abort'; readonly code: number; readonly message: string }
  | { readonly kind: 'fault'; readonly fault: GuestFault }
  | { readonly kind: 'stopped'; readonly reason: StopReason }
  | { readonly kind: 'syscall' }
  /** A Linux program ended; its result is as src/guests/program-result.ts reads it. */
  | { readonly kind: 'exited'; readonly output: Uint8Array<ArrayBuffer> }
  /** A Linux program wants its standard input, and was to be stopped there. */
  | { readonly kind: 'frozen' }
  /** A Linux program wrote this to its standard output, and goes on when it was taken. */
  | { readonly kind: 'output'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'unsupported'; readonly reason: string };

/** The end of what a Linux program wrote before its run failed. */
export interface Printed {
  readonly stdout: Uint8Array<ArrayBuffer>;
  readonly stderr: Uint8Array<ArrayBuffer>;
}

/** How a run failed: by an exit that is none of the good ones, or by an error on the way. */
export type Failure = { readonly printed?: Printed | undefined } & (
  | { readonly kind: 'exit'; readonly exit: Exit; readonly limits: RunLimits }
  | { readonly kind: 'error'; readonly error: ErrorData }
);

/** What the main thread asks of a worker that is to initialise a guest. */
export interface InitialiseRequest {
  readonly descriptor: SnapshotDescriptor;
  /** For a snapshot that is ready: its first function is called with this, and becomes ready anew. */
  readonly input?: Uint8Array;
  readonly options: SandboxOptions;
  readonly limits: RunLimits;
  readonly ticket: number;
}

/** What an Initialise came to. The image of a frozen guest stays open in the worker until `releaseFrozen`. */
export type InitialiseReply = {
  readonly logs: GuestLogs;
} /** `drewRandom`: it took random bytes on its way, which are the same in every call. */ & (
  | { readonly ok: true; readonly ready: FrozenGuest; readonly drewRandom: boolean }
  | { readonly ok: false; readonly failure: Failure }
);

/** What a worker has to know of a snapshot to make calls of it. */
export interface FunctionSpec {
  readonly descriptor: SnapshotDescriptor;
  readonly options: SandboxOptions;
  /** For snapshots that are not ready: Initialise runs first, in every call. */
  readonly initLimits: RunLimits;
  /** The names of the host functions that the guest may call. */
  readonly hostFunctions: ReadonlySet<string>;
}

/** What the main thread is asked by, as a host function, to take the output of a program: no name of one. */
export const TAKE_OUTPUT = '\0output';

/** What a call has cost, and what the sandbox it ran in has cost so far. */
export interface CallCost {
  /** The moment (src/wire/clock.ts) its worker began with it, before the restore; 0 when it did not. */
  readonly startedUs: number;
  /** Microseconds the guest ran, waiting for the host not included. */
  readonly runUs: number;
  /**
   * Microseconds before that to put its sandbox back to the snapshot, and to enter it. Earlier calls of the same function
   * that wrote much make it long, so it counts in no time limit of this call (`timeoutMs`, `cpuMs`).
   */
  readonly restoreUs: number;
  /** Pages the sandbox puts back before every call. */
  readonly stickyPages: number;
  /** Times the sandbox was put back to its snapshot so far. */
  readonly restores: number;
  /** Times it needed a new VM for that, as after a triple fault. */
  readonly rebuilds: number;
}

/** The cost of a call that never ran. */
export const NO_COST: CallCost = {
  startedUs: 0,
  runUs: 0,
  restoreUs: 0,
  stickyPages: 0,
  restores: 0,
  rebuilds: 0,
};

/** What a call came to. */
export type CallReply = { readonly logs: GuestLogs; readonly cost: CallCost } & (
  | { readonly ok: true; readonly output: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly failure: Failure }
);

/** An answer that is more than bytes in the ring. */
export interface CallAnswer {
  readonly ticket: number;
  readonly reply: CallReply;
}

/** The guest's host call is answered with one of these (`status` of the input header). */
export const HOST_STATUS = { ok: 0, failed: 1, notAllowed: 2, tooLarge: 3 } as const;

/** The answer to a guest that called the host. */
export interface HostAnswer {
  readonly status: (typeof HOST_STATUS)[keyof typeof HOST_STATUS];
  /** The answer, in a buffer of its own, which is transferred. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a worker is attached by. */
export interface WorkerSetup {
  /** Serves the WorkerApi through comlink. */
  readonly control: MessagePort;
  /** Gives the HostApi through comlink. */
  readonly host: MessagePort;
  /** Gives a CallAnswer for each call that the ring cannot answer. */
  readonly answers: MessagePort;
  /** See src/wire/ring.ts. */
  readonly ring: SharedArrayBuffer;
  readonly arena: SharedArrayBuffer;
  readonly mainDoorbell: SharedArrayBuffer;
  /** What runs its guests. */
  readonly backend: Backend;
  /** Bytes of private memory its sandboxes should hold at most. */
  readonly residentBytes: number;
}

/** Names the worker's thread to `addon().interrupt`, and to Node; or why it can run no guests. */
export type Hello =
  | { readonly interrupterId: number; readonly threadId: number }
  | { readonly error: ErrorData };

/** What a worker offers beside calls, through comlink. Each message it is sent counts in the ring's `control` word. */
export interface WorkerApi {
  hello(): Hello;
  initialise(request: InitialiseRequest): InitialiseReply;
  /** Tells the worker of a snapshot, before its first call. */
  define(spec: FunctionSpec): void;
  /** Drops the sandboxes the worker keeps of a snapshot. */
  forget(snapshotId: number): void;
  /** Drops the image that came of an initialise. */
  releaseFrozen(imageId: number): void;
}

/** What the main thread offers to a worker, through comlink. */
export interface HostApi {
  /**
   * Runs a host function for the call with that ticket. From here on the call's slot is the main thread's again.
   * `leftUs`: microseconds until its time is up, 0 without a limit; it is answered not much later.
   */
  call(ticket: number, name: string, payload: Uint8Array<ArrayBuffer>, leftUs: number): Promise<HostAnswer>;
}
