/** Places for runs: a few at a time, tenant after tenant. */

import { onAbort } from '../../base/abort.js';
import { SnapvmError } from '../../base/errors.js';

/** What a tenant may have waiting. */
const MOST_WAITING = 16;

export class Slots {
  #free: number;
  /** The tenant whose turn is next is the first. */
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(most: number) {
    this.#free = most;
  }

  /**
   * Resolves when there is a place, with what gives it back.
   * @throws SnapvmError `SNAPVM_ENGINE_QUEUE_FULL`, `SNAPVM_CALL_ABORTED`
   */
  async take(tenant: string, signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw aborted(signal);
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(tenant, signal);
    let held = true;
    return () => {
      if (held) this.#give();
      held = false;
    };
  }

  #wait(tenant: string, signal: AbortSignal): Promise<void> {
    const queue = this.#waiting.get(tenant) ?? [];
    if (queue.length >= MOST_WAITING)
      throw new SnapvmError(
        'SNAPVM_ENGINE_QUEUE_FULL',
        `${MOST_WAITING} runs of code and programs wait already, as many as may; try again`,
      );
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        forget();
        resolve();
      };
      const forget = onAbort(signal, () => {
        this.#remove(tenant, begin);
        reject(aborted(signal));
      });
      queue.push(begin);
      this.#waiting.set(tenant, queue);
    });
  }

  #remove(tenant: string, begin: () => void): void {
    const queue = this.#waiting.get(tenant) ?? [];
    const at = queue.indexOf(begin);
    if (at >= 0) queue.splice(at, 1);
    if (queue.length === 0) this.#waiting.delete(tenant);
  }

  #give(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    const [tenant, queue] = next;
    const begin = queue.shift() as () => void; // no queue is empty
    this.#waiting.delete(tenant);
    if (queue.length > 0) this.#waiting.set(tenant, queue);
    begin();
  }
}

function aborted({ reason }: AbortSignal): unknown {
  if (reason instanceof SnapvmError) return reason;
  return new SnapvmError(
    'SNAPVM_CALL_ABORTED',
    'the call was aborted before it began',
    {},
    { cause: reason },
  );
}
