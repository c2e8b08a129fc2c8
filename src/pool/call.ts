import type { OnAbort, StopSignal } from '../base/abort.js';
import type { SnapvmError } from '../base/errors.js';
import { LinkedList } from '../base/linked-list.js';
import type {
  CallCost,
  CallReply,
  FunctionSpec,
  GuestLogs,
  HostAnswer,
  RunLimits,
} from '../wire/protocol.js';

/** What the pool knows of a function: what to run, who waits for it, and what it has learned about it. */
export class Target {
  /** The calls of the function that no worker has. */
  readonly waiting = new LinkedList<Call>();
  /** How long a call is likely to keep its worker busy, its restore included, microseconds: an average that forgets. */
  estimateUs = UNKNOWN_US;
  /** The thread of the worker that was given its last call, and so most likely holds a sandbox for it. */
  lastThreadId = -1;
  /** The function's neighbours in the list of functions that have calls waiting. */
  previous: Target | undefined;
  next: Target | undefined;

  constructor(readonly spec: FunctionSpec) {}

  /** Takes into account how long a call has kept its worker busy: the restores that a function needs are its own. */
  learn({ restoreUs, runUs }: CallCost): void {
    const us = restoreUs + runUs;
    this.estimateUs =
      this.estimateUs === UNKNOWN_US ? us : this.estimateUs + (us - this.estimateUs) * LEARNING_RATE;
  }
}

/** The estimate for a function that has answered nothing yet: more than it costs to give a call to an idle worker. */
const UNKNOWN_US = 1500;
const LEARNING_RATE = 0.2;

/** What a call needs to begin. */
export interface CallSpec {
  readonly target: Target;
  /** The call's number, unique in the process, for logs and host functions. */
  readonly id: number;
  /** The caller's own bytes. They are copied before the caller can change them. */
  readonly input: Uint8Array;
  readonly functionIndex: number;
  readonly limits: RunLimits;
  readonly signal: StopSignal | undefined;
  /** Runs a host function for the call; never rejects. The signal aborts when the call has ended. */
  hostCall(name: string, payload: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<HostAnswer>;
  /** Gets what the guest had logged, when the call ended before its worker said so. */
  lateLogs(logs: GuestLogs): void;
}

/** The worker that has a call, as far as the call's books need it: a WorkerLink. */
export interface CallWorker {
  /** It has calls, and has answered none for longer than an ordinary one takes. */
  readonly late: boolean;
  /** Calls that failed since the worker was stopped for good. */
  stopped: number;
  /** Takes back a call that it has not begun. False: it has begun. */
  revoke(call: Call): boolean;
  /** Stops a call that it has begun. To be followed by `settle`. */
  interrupt(call: Call): void;
  /** Gives up a suspended call for whose answer nobody waits. */
  abandon(call: Call): void;
  /** Forgets that a call was interrupted. */
  settle(call: Call): void;
}

/**
 * One call on its way. `waiting`: in its function's list. `placed`: in a slot of its worker's ring. `suspended`: its
 * guest waits for the host, and its slot is free. `ended`: settled.
 */
export class Call implements OnAbort {
  state: 'waiting' | 'placed' | 'suspended' | 'ended' = 'waiting';
  /** The input: the caller's bytes, or a copy. */
  input: Uint8Array;
  /** The worker that the call was given to. */
  link: CallWorker | undefined;
  /** The call's slot in the ring; -1: none. */
  slot = -1;
  /** The call's number on its worker. */
  ticket = 0;
  /** How long its run was likely to take when it was placed, microseconds. */
  estimateUs = 0;
  /** Whether its worker was told to stop it. */
  interrupted = false;
  /** The error that the call ends with when it was told to stop and its worker does not say so in time. */
  stopError: (() => SnapvmError) | undefined;
  /** Is told when its signal aborts. */
  stopper: { aborted(call: Call): void } | undefined;
  /** Stops the call at its deadline. */
  deadline: NodeJS.Timeout | undefined;
  /** Ends the call when its time is up; set once its guest has called the host. */
  timeUp: NodeJS.Timeout | undefined;
  /** Aborts its host functions. */
  hostAbort: AbortController | undefined;
  /** Its neighbours in the list of its function's calls that wait. */
  previous: Call | undefined;
  next: Call | undefined;
  /** The call's place among those that have not ended. */
  index = -1;

  constructor(
    readonly spec: CallSpec,
    readonly resolve: (reply: CallReply) => void,
    readonly reject: (error: unknown) => void,
  ) {
    this.input = spec.input;
  }

  /** Its signal aborts. */
  aborted(): void {
    this.stopper?.aborted(this);
  }
}
