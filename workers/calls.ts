import type * as comlink from 'comlink';
import { monotonicUs, US_PER_MS } from '../src/wire/clock.js';
import type {
  CallAnswer,
  CallCost,
  CallReply,
  Exit,
  HostAnswer,
  HostApi,
  RunLimits,
} from '../src/wire/protocol.js';
import { HOST_STATUS, NO_COST, NO_LOGS, TAKE_OUTPUT } from '../src/wire/protocol.js';
import { FIELD, type RingViews } from '../src/wire/ring.js';
import { thrown } from './failure.js';
import type { Resident, Residents } from './residents.js';

const EMPTY = new Uint8Array(0);

/** A call that runs, as far as it is not the addon's. */
interface Running {
  readonly ticket: number;
  readonly resident: Resident;
  /** The limits of the part that runs: Initialise, or the call itself. */
  readonly limits: RunLimits;
  /** The moment (src/wire/clock.ts) its run began. */
  readonly startedUs: number;
}

/** Runs the calls of a worker that need more than a restore, a run and an answer that fits the ring. */
export class Calls {
  readonly #ring: RingViews;
  readonly #arena: SharedArrayBuffer;
  readonly #residents: Residents;
  readonly #host: comlink.Remote<HostApi>;
  readonly #post: (answer: CallAnswer) => void;
  #closed = false;

  constructor(
    ring: RingViews,
    arena: SharedArrayBuffer,
    residents: Residents,
    host: comlink.Remote<HostApi>,
    post: (answer: CallAnswer) => void,
  ) {
    this.#ring = ring;
    this.#arena = arena;
    this.#residents = residents;
    this.#host = host;
    this.#post = post;
  }

  /** Runs the call in a slot from its start. */
  begin(slot: number): void {
    const ticket = this.#ring.field(slot, FIELD.ticket);
    let resident: Resident | undefined;
    try {
      resident = this.#residents.acquire(this.#ring.field(slot, FIELD.snapshot));
      this.#run({ ticket, resident, limits: this.#limits(slot), startedUs: monotonicUs() }, slot);
    } catch (error) {
      this.#failed(ticket, resident, error);
    }
  }

  /** Goes on with a call that the addon has run to an exit it does not handle. */
  finish(slot: number, key: number): void {
    const resident = this.#residents.at(key);
    const ticket = this.#ring.field(slot, FIELD.ticket);
    try {
      const { restoreUs, runUs } = resident.sandbox.stats;
      const startedUs = monotonicUs() - restoreUs - runUs;
      const exit = resident.sandbox.lastExit();
      this.#left({ ticket, resident, limits: this.#limits(slot), startedUs }, exit);
    } catch (error) {
      this.#failed(ticket, resident, error);
    }
  }

  /** Ends a call whose run threw. */
  fail(slot: number, key: number, error: unknown): void {
    const resident = key < 0 ? undefined : this.#residents.at(key);
    this.#failed(this.#ring.field(slot, FIELD.ticket), resident, error);
  }

  /** From now on guests that wait for the host are not resumed. */
  close(): void {
    this.#closed = true;
  }

  #limits(slot: number): RunLimits {
    return {
      timeoutMs: this.#ring.field(slot, FIELD.wallUs) / US_PER_MS,
      cpuMs: this.#ring.field(slot, FIELD.cpuUs) / US_PER_MS,
      deadlineUs: this.#ring.field(slot, FIELD.deadlineUs),
    };
  }

  #run(call: Running, slot: number): void {
    const { resident, ticket, limits } = call;
    const { sandbox, spec } = resident;
    const input = this.#input(slot);
    const fn = this.#ring.field(slot, FIELD.fn);
    if (spec.descriptor.entry.kind !== 'initialise') {
      this.#left(call, sandbox.call(input, fn, ticket, limits));
      return;
    }
    const initLimits = { ...spec.initLimits, deadlineUs: limits.deadlineUs ?? 0 };
    const initialised = sandbox.initialise(ticket, initLimits);
    if (initialised.kind !== 'ready') this.#left({ ...call, limits: initLimits }, initialised);
    else this.#left(call, sandbox.callReady(input, fn, ticket, limits));
  }

  #input(slot: number): Uint8Array {
    const bytes = this.#ring.field(slot, FIELD.inputBytes);
    const offset = this.#ring.field(slot, FIELD.arenaOffset);
    if (offset >= 0) return new Uint8Array(this.#arena, offset, bytes);
    const start = this.#ring.payload(slot);
    return this.#ring.bytes.subarray(start, start + bytes);
  }

  #left(call: Running, exit: Exit): void {
    let current = exit;
    while (current.kind === 'hostCall') {
      if (call.resident.spec.hostFunctions.has(current.name)) {
        void this.#suspend(call, current.name, current.payload);
        return;
      }
      current = call.resident.sandbox.answer(HOST_STATUS.notAllowed, EMPTY, call.ticket);
    }
    if (current.kind === 'output') void this.#suspend(call, TAKE_OUTPUT, current.bytes);
    else this.#ended(call, current);
  }

  /**
   * The worker serves other calls until the host has answered. The main thread answers at the latest when the call's
   * time is up or it was told to stop, and then the guest is stopped before it runs on.
   */
  async #suspend(call: Running, name: string, payload: Uint8Array<ArrayBuffer>): Promise<void> {
    const { ticket, resident } = call;
    let answer: HostAnswer;
    try {
      answer = await this.#host.call(ticket, name, payload, resident.sandbox.wallLeftUs);
    } catch {
      answer = { status: HOST_STATUS.failed, bytes: EMPTY };
    }
    if (!this.#closed) this.#resume(call, answer);
  }

  #resume(call: Running, { status, bytes }: HostAnswer): void {
    try {
      this.#left(call, call.resident.sandbox.answer(status, bytes, call.ticket));
    } catch (error) {
      this.#failed(call.ticket, call.resident, error, call.startedUs);
    }
  }

  #ended({ ticket, resident, limits, startedUs }: Running, exit: Exit): void {
    const logs = resident.sandbox.logs();
    const cost = costOf(resident, startedUs);
    // A program answers by its exit; a guest that exports functions should not exit.
    const exits = resident.spec.descriptor.entry.kind !== 'call';
    const ok = (exit.kind === 'result' && exit.code === 0) || (exit.kind === 'exited' && exits);
    const reply: CallReply = ok
      ? { ok, output: exit.output, logs, cost }
      : {
          ok: false,
          failure: { kind: 'exit', exit, limits, printed: resident.sandbox.printed() },
          logs,
          cost,
        };
    if (exit.kind === 'unsupported') this.#residents.discard(resident);
    else this.#residents.release(resident);
    this.#post({ ticket, reply });
  }

  #failed(ticket: number, resident: Resident | undefined, error: unknown, startedUs?: number): void {
    const logs = resident?.sandbox.logs() ?? NO_LOGS;
    const cost = resident === undefined ? NO_COST : costOf(resident, startedUs);
    const failure = thrown(error);
    // Only from these is it known that this call ran: a sandbox still has what the call before it wrote.
    const ran = failure.error.code === 'SNAPVM_LINUX_STUCK' || failure.error.code === 'SNAPVM_GUEST_LIMIT';
    const printed = ran ? resident?.sandbox.printed() : undefined;
    if (resident !== undefined) this.#residents.release(resident);
    this.#post({ ticket, reply: { ok: false, failure: { ...failure, printed }, logs, cost } });
  }
}

/** The cost of a call. Without `startedUs` its run has ended just now and never waited for the host. */
function costOf({ sandbox }: Resident, startedUs?: number): CallCost {
  const { restoreUs, runUs, stickyPages, restores, rebuilds } = sandbox.stats;
  return {
    startedUs: startedUs ?? monotonicUs() - restoreUs - runUs,
    runUs,
    restoreUs,
    stickyPages,
    restores,
    rebuilds,
  };
}
