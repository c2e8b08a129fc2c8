/** What answers hold until their clients have taken it. */

import { clearInterval, setInterval } from '../../base/globals.js';
import type { Logger } from '../../engine/logger.js';

/** An answer on its way, as far as this looks at it. */
export interface Answering {
  /** Whose it is. */
  readonly tenant: string;
  /** Bytes that the client has not taken. Cuts it off when it takes nothing for `stallMs`. */
  unsent(stallMs: number): number;
  /** Closes its connection. */
  cutOff(): void;
}

/** Who takes nothing of an answer for so long is cut off. */
const STALL_MS = 60_000;
/** Between two looks. */
const LOOK_MS = 2000;
/** After so much of what all may hold has been added, it looks at once. */
const PART = 8;

interface Waiting {
  readonly answer: Answering;
  readonly bytes: number;
}

/**
 * Bounds what all answers hold, by looking now and then: a timer for each answer would cost every call. Where they hold
 * more, the tenant that has most of it loses its largest.
 */
export class Unsent {
  readonly #answers: () => Iterable<Answering>;
  readonly #most: number;
  readonly #log: Logger;
  readonly #timer: NodeJS.Timeout;
  #added = 0;

  constructor(answers: () => Iterable<Answering>, most: number, log: Logger) {
    this.#answers = answers;
    this.#most = most;
    this.#log = log;
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** An answer of so many bytes was sent. */
  sent(bytes: number): void {
    this.#added += bytes;
    if (this.#added > this.#most / PART) this.#look();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    this.#added = 0;
    const waiting: Waiting[] = [];
    let held = 0;
    for (const answer of this.#answers()) {
      const bytes = answer.unsent(STALL_MS);
      if (bytes === 0) continue;
      waiting.push({ answer, bytes });
      held += bytes;
    }
    if (held > this.#most) this.#cut(waiting, held);
  }

  #cut(waiting: readonly Waiting[], held: number): void {
    const tenants = new Map<string, number>();
    for (const { answer, bytes } of waiting)
      tenants.set(answer.tenant, (tenants.get(answer.tenant) ?? 0) + bytes);
    const largestFirst = [...waiting].sort((a, b) => b.bytes - a.bytes);
    let over = held - this.#most;
    while (over > 0) {
      const [tenant = ''] = [...tenants].reduce((a, b) => (b[1] > a[1] ? b : a));
      const at = largestFirst.findIndex(({ answer }) => answer.tenant === tenant);
      const [{ answer, bytes }] = largestFirst.splice(at, 1) as [Waiting];
      tenants.set(tenant, (tenants.get(tenant) ?? 0) - bytes);
      over -= bytes;
      this.#log.warn(
        { tenant, bytes, held },
        'an answer was cut off: clients leave too much of theirs unread',
      );
      answer.cutOff();
    }
  }
}
