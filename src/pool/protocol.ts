/** What the main thread and a worker say to each other. Both ends use this file and nothing else of each other. */
import type { MessagePort } from 'node:worker_threads';
import type { ErrorData } from '../errors.js';
import type { NativeFault } from '../native.js';
import type { Frozen } from '../snapshot/derive.js';
import type { SnapshotDescriptor } from '../snapshot/descriptor.js';

/** Limits of one run. */
export interface RunLimits {
  /** Wall-clock milliseconds from the moment the guest starts; 0 for none. */
  readonly timeoutMs: number;
  /** CPU milliseconds of the thread while the guest runs; 0 for none. */
  readonly cpuMs: number;
}

/** What a sandbox is told once. */
export interface SandboxOptions {
  /** Log lines, prints and host calls one call may make, together. */
  readonly maxExits: number;
  /** Bytes of log kept of one call. */
  readonly maxLogBytes: number;
  /** Compare the whole guest memory with the snapshot before every call: slow, for tests and the suspicious. */
  readonly verifyRestore: boolean;
}

export interface GuestLog {
  /** 1 error, 2 warn, 3 info, 4 debug, 5 trace; what a guest wrote, so any number. */
  readonly level: number;
  readonly text: string;
}

export interface GuestLogs {
  readonly lines: readonly GuestLog[];
  /** Lines over the limit, which were not kept. */
  readonly dropped: number;
}

export type StopReason = 'time' | 'cpu' | 'abort' | 'close';

/** Why the guest stopped running, decoded once. */
export type Exit =
  | { readonly kind: 'ready'; readonly functions: readonly string[] }
  | { readonly kind: 'result'; readonly code: number; readonly output: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'hostCall'; readonly name: string; readonly payload: Uint8Array }
  | { readonly kind: 'abort'; readonly code: number; readonly message: string }
  | { readonly kind: 'fault'; readonly fault: NativeFault }
  | { readonly kind: 'stopped'; readonly reason: StopReason }
  | { readonly kind: 'syscall' }
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'unsupported'; readonly reason: string };

/** How a run failed: by an exit that is none of the good ones, or by an error on the way. */
export type Failure =
  | { readonly kind: 'exit'; readonly exit: Exit; readonly limits: RunLimits }
  | { readonly kind: 'error'; readonly error: ErrorData };

export interface InitialiseRequest {
  readonly descriptor: SnapshotDescriptor;
  readonly options: SandboxOptions;
  readonly limits: RunLimits;
  readonly ticket: number;
}

/** The image of a frozen guest stays open in the worker until `forget`. */
export type InitialiseReply = { readonly logs: GuestLogs } & (
  | { readonly ok: true; readonly ready: Frozen }
  | { readonly ok: false; readonly failure: Failure }
);

export interface CallRequest {
  readonly snapshotId: number;
  /** Given with the first call of a snapshot to a worker. */
  readonly sandbox?: { readonly descriptor: SnapshotDescriptor; readonly options: SandboxOptions };
  /** Its own buffer, which is transferred. */
  readonly input: Uint8Array<ArrayBuffer>;
  readonly functionIndex: number;
  /** Names this call to `interrupt`: unique per worker and not 0. */
  readonly ticket: number;
  readonly limits: RunLimits;
  /** For snapshots that are not ready: Initialise runs first, in every call. */
  readonly initLimits: RunLimits;
}

/** What the sandbox of a call has cost so far. */
export interface SandboxStats {
  readonly stickyPages: number;
  readonly restores: number;
  readonly rebuilds: number;
}

export type CallReply = { readonly logs: GuestLogs; readonly stats: SandboxStats } & (
  | { readonly ok: true; readonly output: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly failure: Failure }
);

/** How a worker answers a call. */
export interface CallAnswer {
  readonly ticket: number;
  readonly reply: CallReply;
}

/** What a worker is attached by. */
export interface WorkerPorts {
  /** Serves the WorkerApi through comlink. */
  readonly control: MessagePort;
  /** Takes CallRequests and gives a CallAnswer to each, in order. */
  readonly calls: MessagePort;
}

/** What a worker offers beside calls, through comlink. */
export interface WorkerApi {
  /** Names the worker's thread to `native().interrupt`, and to Node. */
  hello(): { readonly interrupterId: number; readonly threadId: number };
  initialise(request: InitialiseRequest): InitialiseReply;
  /** Drops what the worker keeps of a snapshot: its sandbox, and the image that came of initialising it. */
  forget(snapshotId: number): void;
}
