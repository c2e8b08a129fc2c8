import type { SnapvmError } from '../errors.js';
import type { CallReply, Definition, GuestLogs, HostAnswer, RunLimits } from './protocol.js';
import type { WorkerLink } from './worker-link.js';

/** Runs a host function for a call; never rejects. The signal aborts when the call has ended. */
export type HostCalls = (
  call: Call,
  name: string,
  payload: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
) => Promise<HostAnswer>;

/** What the pool knows of a function: what to run, who waits for it, and what it has learned about it. */
export class Target {
  readonly waiting = new CallList();
  /** How long a call is likely to run, microseconds: an average that forgets. */
  estimateUs = FIRST_ESTIMATE_US;
  /** The thread of the worker that was given its last call, and so most likely holds a sandbox for it. */
  lastThreadId = -1;

  constructor(readonly definition: Definition) {}

  learn(runUs: number): void {
    this.estimateUs += (runUs - this.estimateUs) * LEARNING_RATE;
  }
}

const FIRST_ESTIMATE_US = 500;
const LEARNING_RATE = 0.2;

/** What a call needs to begin. */
export interface CallSpec {
  readonly target: Target;
  /** Unique in the process, for logs and host functions. */
  readonly id: number;
  /** The caller's own; it is copied before the caller can change it. */
  readonly input: Uint8Array;
  readonly functionIndex: number;
  readonly limits: RunLimits;
  readonly signal: AbortSignal | undefined;
  readonly hostCalls: HostCalls;
  /** Gets what the guest of a call had logged that ended before its worker said so. */
  readonly lateLogs: (logs: GuestLogs) => void;
}

/**
 * One call on its way. `waiting`: in its function's list. `placed`: in a slot of its worker's ring. `suspended`: its
 * guest waits for the host, and its slot is free. `ended`: settled.
 */
export class Call {
  state: 'waiting' | 'placed' | 'suspended' | 'ended' = 'waiting';
  input: Uint8Array;
  link: WorkerLink | undefined;
  slot = -1;
  /** Names it on its worker. */
  ticket = 0;
  /** How long its run was likely to take when it was placed, microseconds. */
  estimateUs = 0;
  /** Its worker was told to stop it. */
  interrupted = false;
  /** The error it ends with then, if its worker does not say so in time. */
  stopError: (() => SnapvmError) | undefined;
  /** Takes back what watches it: its signal, its deadline. */
  unwatch: (() => void) | undefined;
  /** Since its guest has called the host: ends the call when its time is up. */
  timeUp: NodeJS.Timeout | undefined;
  /** Aborts its host functions. */
  host: AbortController | undefined;
  previous: Call | undefined;
  next: Call | undefined;

  constructor(
    readonly spec: CallSpec,
    readonly submittedUs: number,
    readonly resolve: (reply: CallReply) => void,
    readonly reject: (error: unknown) => void,
  ) {
    this.input = spec.input;
  }
}

/** First in, first out; one from the middle can leave. A call is in one list at most. */
export class CallList {
  #first: Call | undefined;
  #last: Call | undefined;

  get empty(): boolean {
    return this.#first === undefined;
  }

  get first(): Call | undefined {
    return this.#first;
  }

  push(call: Call): void {
    call.previous = this.#last;
    call.next = undefined;
    if (this.#last === undefined) this.#first = call;
    else this.#last.next = call;
    this.#last = call;
  }

  unshift(call: Call): void {
    call.previous = undefined;
    call.next = this.#first;
    if (this.#first === undefined) this.#last = call;
    else this.#first.previous = call;
    this.#first = call;
  }

  remove(call: Call): void {
    if (call.previous === undefined) this.#first = call.next;
    else call.previous.next = call.next;
    if (call.next === undefined) this.#last = call.previous;
    else call.next.previous = call.previous;
    call.previous = call.next = undefined;
  }
}
