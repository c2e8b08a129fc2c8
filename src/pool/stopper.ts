import { listen, unlisten } from '../base/abort.js';
import type { SnapvmError } from '../base/errors.js';
import { clearTimeout, setTimeout } from '../base/globals.js';
import { monotonicUs, US_PER_MS } from '../wire/clock.js';
import { type CallReply, type HostAnswer, NO_COST, NO_LOGS } from '../wire/protocol.js';
import type { Call } from './call.js';
import { aborted, deadlinePassed } from './errors.js';

/** How long a worker may take to say that it stopped a guest that waited for the host. */
const ANSWER_MS = 10;

/** What the stopper asks of the pool. */
export interface StopperUser {
  /** Takes back a call that no worker has begun. False: one has. */
  withdraw(call: Call): boolean;
  /** Ends a call with an error. */
  fail(call: Call, error: SnapvmError): void;
  /** Ends a call with a reply. */
  reply(call: Call, reply: CallReply): void;
  /** A call was taken back, so there is room for another. */
  balance(): void;
}

/**
 * Stops calls before their guests end: by their signal, by their deadline, and by their time limit while the guest waits
 * for the host.
 */
export class Stopper {
  readonly #user: StopperUser;
  #closed = false;

  constructor(user: StopperUser) {
    this.#user = user;
  }

  /** Stops nothing more: the pool fails every call itself. */
  close(): void {
    this.#closed = true;
  }

  /** Stops a call when its signal aborts or its deadline passes, until it is not watched any more. */
  watch(call: Call): void {
    const { signal, limits } = call.spec;
    if (signal !== undefined) {
      call.stopper = this;
      listen(signal, call);
    }
    const { deadlineUs } = limits;
    if (!deadlineUs) return;
    const ms = afterUs(deadlineUs - monotonicUs());
    call.deadline = setTimeout(() => this.#stop(call, deadlinePassed), ms);
  }

  /** Ends what `watch` began. */
  unwatch(call: Call): void {
    const { signal } = call.spec;
    if (signal !== undefined) unlisten(signal, call);
    clearTimeout(call.deadline);
  }

  /** The signal of a call aborts. */
  aborted(call: Call): void {
    this.#stop(call, () => aborted(call.spec.signal));
  }

  /** Runs a host function. Its guest waits until it is answered, is told to stop, or its time is up in `leftUs`. */
  async hostCall(
    call: Call,
    name: string,
    payload: Uint8Array<ArrayBuffer>,
    leftUs: number,
  ): Promise<HostAnswer> {
    call.hostAbort ??= new AbortController();
    const { stopError } = call;
    // It was told to stop while its question was on the way here.
    if (stopError !== undefined) this.#stopWaiting(call, () => this.#user.fail(call, stopError()));
    clearTimeout(call.timeUp);
    if (leftUs > 0) {
      // Not before its time is up: the worker is to see that too. The timer runs on after the answer, for a worker that is
      // busy with another guest then.
      const stop = (): void => this.#stopWaiting(call, () => this.#user.reply(call, timedOut(call)));
      call.timeUp = setTimeout(stop, afterUs(leftUs));
    }
    return await call.spec.hostCall(name, payload, call.hostAbort.signal);
  }

  /** Fails a call at once that no worker has begun; another when its worker says that it stopped. */
  #stop(call: Call, error: () => SnapvmError): void {
    if (this.#closed) return;
    if (this.#user.withdraw(call)) {
      this.#user.fail(call, error());
      this.#user.balance();
      return;
    }
    call.link?.interrupt(call);
    call.stopError ??= error;
    if (call.state === 'suspended') this.#stopWaiting(call, () => this.#user.fail(call, error()));
  }

  /**
   * Gives up the host function of a suspended call. Its worker is answered with that, stops the guest and says so; if it
   * is busy with another guest, nobody waits for it.
   */
  #stopWaiting(call: Call, end: () => void): void {
    call.hostAbort?.abort();
    setTimeout(() => {
      if (call.state !== 'suspended') return;
      call.link?.abandon(call);
      end();
    }, ANSWER_MS);
  }
}

/** The reply of a call whose time was up while its guest waited for the host. */
function timedOut(call: Call): CallReply {
  const { limits } = call.spec;
  const exit = { kind: 'stopped', reason: 'time' } as const;
  return { ok: false, failure: { kind: 'exit', exit, limits }, logs: NO_LOGS, cost: NO_COST };
}

/** Milliseconds for a timer that must not be early: timers drop fractions, and may be early by one. */
function afterUs(us: number): number {
  return Math.max(0, Math.ceil(us / US_PER_MS) + 1);
}
