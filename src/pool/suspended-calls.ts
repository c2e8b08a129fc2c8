import type { Call } from './call.js';

/** The calls of one worker whose guests have called the host: they have no slot in the ring any more. */
export class SuspendedCalls {
  /** By ticket. */
  readonly #calls = new Map<number, Call>();
  /** By ticket: calls that have ended without their worker, which may answer long after. */
  readonly #abandoned = new Map<number, Call>();
  /** Calls that the host has answered, and whose guests run again. */
  readonly #resumed = new Set<Call>();

  /** The calls, in no order; those that were abandoned are not among them. */
  get calls(): Call[] {
    return [...this.#calls.values()];
  }

  /** Whether a guest runs again that the host has answered. */
  get running(): boolean {
    return this.#resumed.size > 0;
  }

  get(ticket: number): Call | undefined {
    return this.#calls.get(ticket);
  }

  /** Adds a call whose guest has called the host for the first time. */
  add(call: Call): void {
    this.#calls.set(call.ticket, call);
    call.state = 'suspended';
  }

  /** The guest of the call waits for the host. */
  waits(call: Call): void {
    this.#resumed.delete(call);
  }

  /** The host has answered. A call that has ended meanwhile does not run on. */
  resumes(call: Call): void {
    if (call.state === 'suspended') this.#resumed.add(call);
  }

  /** Forgets a call, if it is here. */
  delete(call: Call): void {
    this.#calls.delete(call.ticket);
    this.#resumed.delete(call);
  }

  /** Keeps a call that has ended for the late answer of its worker. */
  abandon(call: Call): void {
    this.delete(call);
    this.#abandoned.set(call.ticket, call);
  }

  /** The abandoned call with that ticket, which is forgotten here. */
  takeAbandoned(ticket: number): Call | undefined {
    const call = this.#abandoned.get(ticket);
    this.#abandoned.delete(ticket);
    return call;
  }
}
