import { MessageChannel, type MessagePort } from 'node:worker_threads';
import * as comlink from 'comlink';
import { addon } from '../addon/addon.js';
import { SnapvmError } from '../base/errors.js';
import { endpointOf, wake } from '../wire/endpoint.js';
import type {
  CallAnswer,
  CallReply,
  HostApi,
  InitialiseReply,
  InitialiseRequest,
  WorkerSetup,
} from '../wire/protocol.js';
import { RESIDENT_BYTES, WORD } from '../wire/ring.js';
import type { Call, CallWorker, Target } from './call.js';
import { Slots } from './slots.js';
import { SuspendedCalls } from './suspended-calls.js';
import { WorkerControl } from './worker-control.js';

/** Hands a worker what it is to serve (workers/main.ts). */
export type Attach = (setup: WorkerSetup, transfer: readonly MessagePort[]) => Promise<void>;

/** Who is told what a worker does. */
export interface LinkEvents {
  /** A call was answered; its slot is free again. */
  answered(call: Call, reply: CallReply): void;
  hostCall(
    call: Call,
    name: string,
    payload: Uint8Array<ArrayBuffer>,
    leftUs: number,
  ): ReturnType<HostApi['call']>;
  /** A slot became free otherwise than by `drain`. */
  room(): void;
}

/** A few times what a ring may hold: what waits behind a guest that takes longer is better off elsewhere. */
const STALL_MS = 5;
/** After that, idle workers help. */
const LATE_MS = 1;
/** What Initialise counts as: more than a ring may hold, so that no call waits behind it that need not. */
const INITIALISE_US = 10_000;

/**
 * The main thread's end of one worker. Calls travel in a ring of shared memory; comlink carries control one way and
 * host functions the other; answers that are more than bytes come through a port. Neither end is told when the other
 * dies, so the link keeps its own books.
 */
export class WorkerLink implements CallWorker {
  readonly #slots = new Slots();
  readonly #suspended = new SuspendedCalls();
  readonly #words = this.#slots.views.words;
  /** What the worker is asked beside its calls. */
  readonly control: WorkerControl;
  readonly #host: MessagePort;
  readonly #answers: MessagePort;
  readonly #events: LinkEvents;
  /** Resolves when the worker has ended. */
  readonly lost: Promise<void>;
  /** Calls that failed since their guests were stopped for good, with the worker. */
  stopped = 0;
  #worker = { interrupterId: 0, threadId: 0 };
  #alive = true;
  #only: Target | undefined;
  #late = false;
  #stalled = false;
  #lastTicket = 0;

  private constructor(ports: Record<'control' | 'host' | 'answers', MessagePort>, events: LinkEvents) {
    this.control = new WorkerControl(ports.control, this.#words);
    this.#host = ports.host;
    this.#answers = ports.answers;
    this.#events = events;
    const host: HostApi = { call: (...host) => this.#hostCall(...host) };
    comlink.expose(host, endpointOf(ports.host, this.#words));
    ports.answers.on('message', (answer: CallAnswer) => this.#answered(answer));
    for (const port of [ports.control, ports.host, ports.answers]) port.unref();
    this.lost = new Promise((resolve) => {
      // The answers come before the end of their port.
      ports.answers.once('close', () => {
        this.#alive = false;
        this.control.lost();
        resolve();
      });
    });
  }

  /** Attaches a worker and waits until it answers. @throws what attaching throws, SNAPVM_ENGINE_WORKER_LOST */
  static async open(
    attach: Attach,
    mainDoorbell: SharedArrayBuffer,
    { backend, residentBytes }: Pick<WorkerSetup, 'backend' | 'residentBytes'>,
    events: LinkEvents,
  ): Promise<WorkerLink> {
    const [control, host, answers] = [new MessageChannel(), new MessageChannel(), new MessageChannel()];
    const link = new WorkerLink({ control: control.port1, host: host.port1, answers: answers.port1 }, events);
    const setup: WorkerSetup = {
      control: control.port2,
      host: host.port2,
      answers: answers.port2,
      ring: link.#slots.memory,
      arena: link.#slots.arena.memory,
      mainDoorbell,
      backend,
      residentBytes,
    };
    try {
      await attach(setup, [setup.control, setup.host, setup.answers]);
      link.#worker = await link.control.hello();
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  /** Whether it takes calls. */
  get alive(): boolean {
    return this.#alive;
  }

  /** The worker thread's id. */
  get threadId(): number {
    return this.#worker.threadId;
  }

  /** Calls in the ring. */
  get inRing(): number {
    return this.#slots.used;
  }

  /** Nothing to do: what it is given now starts at once. */
  get idle(): boolean {
    return this.#slots.used === 0 && !this.busyBeside;
  }

  /** The function whose calls are all that it has to do, if they are of one. */
  get only(): Target | undefined {
    return this.busyBeside ? undefined : this.#only;
  }

  /** Busy with something that is not in the ring: an Initialise, or guests that the host has answered. */
  get busyBeside(): boolean {
    return this.control.initialising > 0 || this.#suspended.running;
  }

  /** It has calls and has answered none for long, as of the last `look`. */
  get stalled(): boolean {
    return this.#stalled;
  }

  /** It has calls, and has answered none for longer than an ordinary one takes, as of the last `look`. */
  get late(): boolean {
    return this.#late;
  }

  /** Sees whether it is late or stalled, at the moment `nowMs` of `now()`. */
  look(nowMs: number): void {
    const ms = this.#slots.withoutAnswerMs(nowMs);
    // One that has begun nothing has not woken up yet, as where others want the processor.
    this.#late = ms > LATE_MS && this.#slots.begun;
    this.#stalled = ms > STALL_MS && this.#late;
  }

  /** Estimated run time of what it has to do, microseconds. */
  get loadUs(): number {
    return this.#slots.loadUs + this.control.initialising * INITIALISE_US;
  }

  /** Whether it holds a sandbox for the function, in use or idle; now and then wrongly so. */
  holds({ definition }: Target): boolean {
    return this.#slots.views.held(definition.descriptor.id) > 0;
  }

  /** Sandboxes it holds, and their private memory in bytes. */
  get residents(): { readonly sandboxes: number; readonly bytes: number } {
    return {
      sandboxes: Atomics.load(this.#words, WORD.residents),
      bytes: this.#slots.views.doubles[RESIDENT_BYTES] ?? 0,
    };
  }

  /** How long the worker may spin for its next call. */
  allowSpin(us: number): void {
    this.#words[WORD.spinUs] = us;
  }

  /** How long an answer may wait for others before a sleeping main thread is woken. */
  allowPatience(us: number): void {
    this.#words[WORD.patienceUs] = us;
  }

  /** Gives the worker a call. False: there is no room for it now. */
  place(call: Call): boolean {
    const { target } = call.spec;
    call.ticket = ++this.#lastTicket;
    call.estimateUs = target.estimateUs;
    // Before the call: the worker has to know the snapshot when it takes it.
    this.control.define(target.definition);
    const first = this.#slots.used === 0;
    if (!this.#slots.put(call)) return false;
    if (first) this.#only = target;
    else if (this.#only !== target) this.#only = undefined;
    call.state = 'placed';
    call.link = this;
    wake(this.#words);
    return true;
  }

  /** Takes back a call that the worker has not begun. */
  revoke(call: Call): boolean {
    // A worker may put back what it took; its ticket is to be stopped there.
    if (call.interrupted || !this.#slots.takeBack(call)) return false;
    call.state = 'waiting';
    call.link = undefined;
    return true;
  }

  /** The calls that the worker has not begun, as far as can be told: the newest first. */
  unstarted(): Call[] {
    return this.#slots.untaken().sort((a, b) => b.ticket - a.ticket);
  }

  /** Reads the answers in the ring. */
  drain(): void {
    this.#slots.drain(this.#events.answered);
  }

  /** Stops a call that the worker has begun; harmless when it has ended. To be followed by `settle`. */
  interrupt(call: Call): void {
    call.interrupted = true;
    addon().interrupt(this.#worker.interrupterId, call.ticket);
  }

  /** Ends the books of a suspended call whose worker does not answer. It is stopped whenever the worker comes to it. */
  abandon(call: Call): void {
    this.interrupt(call);
    call.interrupted = false; // nothing to settle before the worker's answer
    this.#suspended.abandon(call);
    this.#slots.release(call);
  }

  /** Forgets that a call was interrupted. */
  settle(call: Call): void {
    if (call.interrupted) addon().settleTicket(this.#worker.interrupterId, call.ticket);
  }

  /** Runs a guest's Initialise there. @throws SnapvmError SNAPVM_ENGINE_WORKER_LOST */
  initialise(request: Omit<InitialiseRequest, 'ticket'>): Promise<InitialiseReply> {
    return this.control.initialise({ ...request, ticket: ++this.#lastTicket });
  }

  /** Takes nothing more and stops what runs: the worker is about to end. */
  retire(): void {
    this.#alive = false;
    this.control.retire();
    this.#stop();
  }

  /** The same, and lets the worker go. Idempotent. */
  close(): void {
    this.#stop();
    for (const port of [this.control, this.#host, this.#answers]) port.close();
  }

  /** Everything the worker had begun, once it is gone; what it had not begun was revoked before. */
  takeLost(): Call[] {
    const lost = [...this.#slots.calls, ...this.#suspended.calls];
    for (const call of lost) this.#release(call);
    return lost;
  }

  #stop(): void {
    // Before its guest is stopped: a worker that is done with that one must not begin another.
    Atomics.store(this.#words, WORD.closed, 1);
    addon().closeThread(this.#worker.interrupterId);
    wake(this.#words);
  }

  #answered({ ticket, reply }: CallAnswer): void {
    const call = this.#byTicket(ticket);
    if (call === undefined) {
      this.#answeredLate(ticket, reply);
      return;
    }
    this.#release(call);
    this.#events.answered(call, reply);
    this.#events.room();
  }

  #answeredLate(ticket: number, { logs }: CallReply): void {
    const call = this.#suspended.takeAbandoned(ticket);
    if (call === undefined) return;
    addon().settleTicket(this.#worker.interrupterId, ticket);
    call.spec.lateLogs(logs);
  }

  #byTicket(ticket: number): Call | undefined {
    return this.#suspended.get(ticket) ?? this.#slots.calls.find((call) => call.ticket === ticket);
  }

  async #hostCall(
    ...[ticket, name, payload, leftUs]: Parameters<HostApi['call']>
  ): ReturnType<HostApi['call']> {
    const call = this.#byTicket(ticket);
    if (call === undefined) throw new SnapvmError('SNAPVM_INTERNAL', `a host call for ticket ${ticket}`);
    if (call.slot >= 0) {
      this.#release(call);
      this.#suspended.add(call);
      this.#events.room();
    }
    this.#suspended.waits(call);
    const answer = await this.#events.hostCall(call, name, payload, leftUs);
    this.#suspended.resumes(call);
    return comlink.transfer(answer, [answer.bytes.buffer]);
  }

  /** The call is in this worker's books no longer. */
  #release(call: Call): void {
    this.#suspended.delete(call);
    this.#slots.release(call);
  }
}
