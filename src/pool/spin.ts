import { availableParallelism } from 'node:os';
import type { WorkerLink } from './worker-link.js';

/** A worker with more calls than this may collect its answers for a while before it wakes the main thread. */
const PATIENCE_CALLS = 4;
const PATIENCE_US = 250;
/** How often the main thread looks though nobody wakes it: at answers that wait, at calls that wait behind others. */
const LOOK_MS = 1;
const PROCESSORS = availableParallelism();

/** Decides for how long threads spin before they sleep, and after how long a sleeping main thread looks by itself. */
export class Spin {
  readonly #links: ReadonlySet<WorkerLink>;
  readonly #rests: () => boolean;
  #allowed = true;

  /** `rests`: whether polling did not pay lately. */
  constructor(links: ReadonlySet<WorkerLink>, rests: () => boolean) {
    this.#links = links;
    this.#rests = rests;
  }

  /** Whether threads may spin. */
  get allowed(): boolean {
    return this.#allowed;
  }

  /** Tells a new worker whether it may spin. */
  added(link: WorkerLink): void {
    link.allowSpin(this.#allowed);
  }

  /**
   * Forbids spinning when every processor has work, the main thread counting for one, or when polling did not pay
   * lately; allows it again otherwise.
   */
  adjust(): void {
    let busy = 1;
    for (const link of this.#links) if (link.inRing > 0) busy += 1;
    const allowed = busy <= PROCESSORS && !this.#rests();
    if (allowed === this.#allowed) return;
    this.#allowed = allowed;
    for (const link of this.#links) this.added(link);
  }

  /** To be called before the main thread sleeps. Gives the milliseconds after which it has to look by itself. */
  prepareSleep(): number {
    let lookMs = Number.POSITIVE_INFINITY;
    for (const link of this.#links) {
      const patient = link.inRing > PATIENCE_CALLS;
      link.allowPatience(patient ? PATIENCE_US : 0);
      const behind = link.inRing > (link.busyBeside ? 0 : 1);
      if (patient || (behind && this.#links.size > 1)) lookMs = LOOK_MS;
    }
    return lookMs;
  }
}
