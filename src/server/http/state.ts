/** What the server keeps of a request while it is answered. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Stop } from '../../base/abort.js';
import { now } from '../../base/globals.js';
import type { Principal } from '../access/roles.js';
import type { RequestTrace } from '../observe/tracing.js';
import type { BodyBudget } from './budget.js';
import type { Answering } from './unsent.js';

/** Requests that wait for a `100 Continue` before they send their body. */
const waiting = new WeakSet<IncomingMessage>();

/** Notes that the client sends its body only when it is told to. */
export function awaitsContinue(raw: IncomingMessage): void {
  waiting.add(raw);
}

/** One request. */
export class RequestState implements Answering {
  readonly raw: IncomingMessage;
  readonly id: string;
  /** When its headers had arrived, by `now`. */
  readonly arrivedMs = now();
  /** Its place among those that are on their way. */
  index = -1;
  principal: Principal | undefined;
  trace: RequestTrace | undefined;
  /** Stops the calls of the request when the client hangs up, or when the server does not wait any longer. */
  readonly stop = new Stop();
  readonly #response: ServerResponse;
  readonly #budget: BodyBudget;
  #held = 0;
  #abort: AbortController | undefined;
  #ended = false;
  /** Whether its connection ends when the client takes nothing for a while. */
  #isTimed = false;

  constructor(raw: IncomingMessage, response: ServerResponse, id: string, budget: BodyBudget) {
    this.raw = raw;
    this.#response = response;
    this.id = id;
    this.#budget = budget;
  }

  /** The same as an AbortSignal. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.stop.aborted) this.#abort.abort(this.stop.reason);
    return this.#abort.signal;
  }

  /** Whether the client has hung up, so that nobody gets an answer. */
  get isGone(): boolean {
    return this.#ended;
  }

  /** Lets a client that waits for it send its body. */
  goOn(): void {
    if (waiting.delete(this.raw)) this.#response.writeContinue();
  }

  get tenant(): string {
    return this.principal?.tenant ?? '';
  }

  unsent(stallMs: number): number {
    const { socket, writableLength } = this.#response;
    const waits = writableLength > 0;
    // Where requests are pipelined, only the first has the socket.
    if (socket !== null && waits !== this.#isTimed) {
      this.#isTimed = waits;
      socket.setTimeout(waits ? stallMs : 0); // Node takes it back for the next request
    }
    return writableLength;
  }

  cutOff(): void {
    this.raw.socket.destroy();
  }

  /** Counts bytes of its body. @throws SnapvmError `SNAPVM_HOST_MEMORY` */
  hold(bytes: number): void {
    this.#budget.take(this.tenant, bytes);
    this.#held += bytes;
    if (this.#ended) this.#release();
  }

  abort(reason: unknown): void {
    this.stop.abort(reason);
    this.#abort?.abort(reason);
  }

  /** The response was sent, or never will be. */
  end(): void {
    this.#ended = true;
    this.#release();
    if (!this.#response.writableFinished) this.abort(new Error('the client hung up'));
  }

  #release(): void {
    if (this.#held > 0) this.#budget.give(this.tenant, this.#held);
    this.#held = 0;
  }
}
