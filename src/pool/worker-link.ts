import * as comlink from 'comlink';
import { addon } from '../addon/addon.js';
import { SnapvmError } from '../base/errors.js';
import { endpointOf, wake } from '../wire/endpoint.js';
import type {
  CallAnswer,
  CallReply,
  HostAnswer,
  HostApi,
  InitialiseReply,
  InitialiseRequest,
  WorkerSetup,
} from '../wire/protocol.js';
import { WORD } from '../wire/ring.js';
import type { Call, CallWorker, Target } from './call.js';
import { Slots } from './slots.js';
import { SuspendedCalls } from './suspended-calls.js';
import { Waker } from './waker.js';
import { WorkerControl } from './worker-control.js';
import { type Attach, openPorts, type WorkerPorts } from './worker-ports.js';

/** Who is told what a worker does. */
export interface LinkEvents {
  /** A call was answered; its slot is free again. */
  answered(call: Call, reply: CallReply): void;
  /** Answers a guest that calls the host. `leftUs`: microseconds until its time is up, 0 without a limit. */
  hostCall(call: Call, name: string, payload: Uint8Array<ArrayBuffer>, leftUs: number): Promise<HostAnswer>;
  /** A slot became free otherwise than by `drain`. */
  room(): void;
}

/** The time an Initialise is counted as: more than a ring may hold, so that no call waits behind it that need not. */
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
  readonly #waker = new Waker(this.#words);
  /** What the worker is asked beside its calls. */
  readonly control: WorkerControl;
  readonly #ports: WorkerPorts;
  readonly #events: LinkEvents;
  /** Resolves when the worker has ended. */
  readonly lost: Promise<void>;
  /** Calls that failed since their guests were stopped for good, with the worker. */
  stopped = 0;
  #worker = { interrupterId: 0, threadId: 0 };
  #alive = true;
  #only: Target | undefined;
  #lastTicket = 0;

  private constructor(ports: WorkerPorts, events: LinkEvents) {
    this.control = new WorkerControl(ports.control, this.#words);
    this.#ports = ports;
    this.#events = events;
    const host: HostApi = { call: (...asked) => this.#hostCall(...asked) };
    comlink.expose(host, endpointOf(ports.host, this.#words));
    ports.answers.on('message', (answer: CallAnswer) => this.#answered(answer));
    for (const port of Object.values(ports)) port.unref();
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
    const { ours, theirs } = openPorts();
    const link = new WorkerLink(ours, events);
    const setup: WorkerSetup = {
      ...theirs,
      ring: link.#slots.memory,
      arena: link.#slots.arena.memory,
      mainDoorbell,
      backend,
      residentBytes,
    };
    try {
      await attach(setup, Object.values(theirs));
      link.#worker = await link.control.hello();
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  /** Whether the worker takes calls. */
  get alive(): boolean {
    return this.#alive;
  }

  /** The worker thread's id. */
  get threadId(): number {
    return this.#worker.threadId;
  }

  /** How many calls are in the ring. */
  get inRing(): number {
    return this.#slots.used;
  }

  /** Whether the worker has nothing to do, so that what it is given now starts at once. */
  get idle(): boolean {
    return this.#slots.used === 0 && !this.busyBeside;
  }

  /** The function whose calls are all that the worker has to do; undefined when it has others, too. */
  get only(): Target | undefined {
    return this.busyBeside ? undefined : this.#only;
  }

  /** Whether the worker is busy with what is not in the ring: an Initialise, or guests that the host has answered. */
  get busyBeside(): boolean {
    return this.control.initialising > 0 || this.#suspended.running;
  }

  /** Whether a guest of the worker takes longer than most, as of the last `look`. */
  get late(): boolean {
    return this.#slots.late;
  }

  /** Whether what waits behind that guest is better off elsewhere, as of the last `look`. */
  get stalled(): boolean {
    return this.#slots.stalled;
  }

  /** Sees whether it is late or stalled, at the moment `nowMs` of `now()`. */
  look(nowMs: number): void {
    this.#slots.look(nowMs);
  }

  /** How long the worker is likely to be busy with what it has to do, microseconds. */
  get loadUs(): number {
    return this.#slots.loadUs + this.control.initialising * INITIALISE_US;
  }

  /** Whether the worker holds a sandbox for the function, in use or idle. Now and then the answer is wrong. */
  holds({ spec }: Target): boolean {
    return this.#slots.views.held(spec.descriptor.id) > 0;
  }

  /** How many sandboxes the worker holds, and their private memory in bytes. */
  get residents(): { readonly sandboxes: number; readonly bytes: number } {
    return this.#slots.views.residents;
  }

  /** Sets whether the worker may spin for its next call before it sleeps. */
  allowSpin(allowed: boolean): void {
    this.#waker.allowSpin(allowed);
  }

  /** Sets for how long an answer may wait for others before the worker wakes a sleeping main thread. */
  allowPatience(us: number): void {
    this.#words[WORD.patienceUs] = us;
  }

  /** Gives the worker a call. False: there is no room for it now. */
  place(call: Call): boolean {
    const { target } = call.spec;
    call.ticket = ++this.#lastTicket;
    call.estimateUs = target.estimateUs;
    // Before the call: the worker has to know the snapshot when it takes it.
    this.control.define(target.spec);
    const first = this.#slots.used === 0;
    if (!this.#slots.put(call)) return false;
    if (first) this.#only = target;
    else if (this.#only !== target) this.#only = undefined;
    call.state = 'placed';
    call.link = this;
    this.#waker.ring(first);
    return true;
  }

  /** A call is about to come. */
  expect(): void {
    this.#waker.prod();
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
    if (this.#slots.used === 0) return;
    this.#slots.drain(this.#events.answered);
    if (this.#slots.used === 0) this.#waker.rests();
  }

  /** Stops a call that the worker has begun; harmless when it has ended. To be followed by `settle`. */
  interrupt(call: Call): void {
    call.interrupted = true;
    addon().interrupt(this.#worker.interrupterId, call.ticket);
  }

  /** Gives up a suspended call whose worker does not answer. The worker stops it once it comes to it. */
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

  /** Gives the worker nothing more and stops what it runs: it is about to end. */
  retire(): void {
    this.#alive = false;
    this.control.retire();
    this.#stop();
  }

  /** Stops what the worker runs, and closes the ports, so that it ends. Idempotent. */
  close(): void {
    this.#stop();
    for (const port of Object.values(this.#ports)) port.close();
  }

  /** The calls that a worker had begun which is gone; those it had not begun were revoked before. */
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

  async #hostCall(...[ticket, name, payload, leftUs]: Parameters<HostApi['call']>): Promise<HostAnswer> {
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

  /** Forgets a call: it is no longer this worker's. */
  #release(call: Call): void {
    this.#suspended.delete(call);
    this.#slots.release(call);
  }
}
