/** Waits for a time, an abort, or a deadline. */
import { SnapvmRequestError } from './errors.js';

/** What the server gets to say itself that a deadline has passed. */
const GRACE_MS = 2000;
/** Timers for longer fire at once. */
const MOST_TIMER_MS = 2 ** 31 - 1;

/** Resolves after `ms`. @throws the signal's reason, at once */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Ends a request of its own accord some time after its deadline, for a server that does not answer at all. */
export class DeadlineGuard {
  /** What ends the request. */
  readonly signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(deadlineMs: number | undefined, signal: AbortSignal | undefined) {
    if (deadlineMs === undefined || deadlineMs > MOST_TIMER_MS - GRACE_MS) {
      this.signal = signal;
      return;
    }
    const late = new AbortController();
    this.#timer = setTimeout(() => {
      const message = `the deadline of ${deadlineMs} ms has passed, and the server does not answer`;
      late.abort(new SnapvmRequestError('SNAPVM_CALL_DEADLINE', message));
    }, deadlineMs + GRACE_MS);
    this.signal = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
  }

  /** The request has ended. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
