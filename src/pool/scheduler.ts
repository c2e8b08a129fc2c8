/** Decides which call goes to which worker, and when. It knows nothing of threads. */
import { availableParallelism } from 'node:os';
import { now } from '../base/globals.js';
import { LinkedList } from '../base/linked-list.js';
import { RING } from '../wire/ring.js';
import type { Call, Target } from './call.js';
import type { WorkerLink } from './worker-link.js';

/**
 * Work a ring may hold, by estimate. Enough to keep a worker busy while the main thread is, little enough that a call
 * of another function need not wait long behind it.
 */
const RING_US = 2000;
/** About what it costs to make a sandbox: a worker that holds one may have so much more work and still get the call. */
const MAKE_US = 1000;
/**
 * What it costs to have one more thread awake when every processor has one: with less work than that, two workers that
 * take turns with the main thread make half as many calls as one beside it.
 */
const CROWD_US = 250;
/** A function's calls stay on the worker that had the last one, if it has no more work than this beyond others. */
const CACHES_US = 100;

/**
 * Functions that wait take turns, however many calls each has. A call goes to the worker with room where it costs least
 * (`costUs`): one that holds a sandbox for it, and has little to do. What a worker has not begun is taken back for one
 * that becomes idle, and when it stalls: a guest there takes longer than expected.
 */
export class Scheduler {
  readonly #links: ReadonlySet<WorkerLink>;
  readonly #refuse: (call: Call, error: unknown) => void;
  /** Functions with calls that wait; the first is next. */
  readonly #turns = new LinkedList<Target>();
  #waiting = 0;
  /** The worker that was given the last call. */
  #lastGiven: WorkerLink | undefined;

  /** `refuse`: what a call cannot be given for lack of memory ends with that error. */
  constructor(links: ReadonlySet<WorkerLink>, refuse: (call: Call, error: unknown) => void) {
    this.#links = links;
    this.#refuse = refuse;
  }

  /** How many calls no worker has yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Gives a call to a worker, or has it wait. */
  submit(call: Call): void {
    if (this.#waiting === 0 && this.#place(call)) return;
    // It waits, and meanwhile its caller may change the bytes. (A Buffer's own slice would be a view.)
    try {
      call.input = new Uint8Array(call.input);
    } catch (error) {
      this.#refuse(call, error);
      return;
    }
    this.enqueue(call);
    this.#fill();
  }

  /** A call is about to come: a worker that sleeps takes as long to wake up as to run an ordinary one. */
  expect(): void {
    if (this.#lastGiven?.alive) this.#lastGiven.expect();
  }

  /** Has a call wait behind those of its function; `first`: before them. */
  enqueue(call: Call, first = false): void {
    const { target } = call.spec;
    call.state = 'waiting';
    if (first) {
      // Its function has the next turn: who takes back several calls begins with the newest.
      if (target.waiting.size > 0) this.#turns.remove(target);
      this.#turns.unshift(target);
      target.waiting.unshift(call);
    } else {
      if (target.waiting.size === 0) this.#turns.push(target);
      target.waiting.push(call);
    }
    this.#waiting += 1;
  }

  /** Takes a call back that waits or that its worker has not begun. False: it has begun. */
  withdraw(call: Call): boolean {
    if (call.state === 'waiting') {
      this.#dequeue(call);
      return true;
    }
    if (call.state !== 'placed' || !call.link?.revoke(call)) return false;
    this.balance();
    return true;
  }

  /** To be called when a worker has room: after answers, and when one was added. */
  balance(): void {
    const nowMs = now();
    for (const link of this.#links) {
      link.look(nowMs);
      if (link.stalled && link.inRing > (link.busyBeside ? 0 : 1)) this.#recall(link);
    }
    if (this.#waiting > 0) this.#fill();
    this.#steal();
  }

  /** Takes back what a worker that is about to end has not begun. */
  evacuate(link: WorkerLink): void {
    this.#recall(link);
    this.#fill();
  }

  /** Removes every call that waits, and gives them. */
  takeWaiting(): Call[] {
    const calls: Call[] = [];
    for (let target = this.#turns.first; target !== undefined; target = this.#turns.first) {
      const call = target.waiting.first as Call;
      this.#dequeue(call);
      calls.push(call);
    }
    return calls;
  }

  /** Takes back what a worker has not begun. Those calls come next, in their order. */
  #recall(link: WorkerLink): void {
    // Newest first, each to the front.
    for (const call of link.unstarted()) {
      if (link.revoke(call)) this.enqueue(call, true);
    }
  }

  #dequeue(call: Call): void {
    const { target } = call.spec;
    target.waiting.remove(call);
    if (target.waiting.size === 0) this.#turns.remove(target);
    this.#waiting -= 1;
  }

  /** Gives workers one call of each function in turn, as long as there is room. */
  #fill(): void {
    // Functions in a row whose next call is too large for what is free in the arenas.
    let tooLarge = 0;
    while (this.#waiting > 0 && tooLarge < this.#turns.size) {
      const target = this.#turns.first as Target;
      const call = target.waiting.first as Call;
      const link = this.#choose(target);
      if (link === undefined) return;
      this.#turns.remove(target);
      this.#turns.push(target);
      if (this.#giveSomebody(call, link)) {
        this.#dequeue(call);
        tooLarge = 0;
      } else {
        tooLarge += 1;
      }
    }
  }

  #place(call: Call): boolean {
    const link = this.#choose(call.spec.target);
    return link !== undefined && this.#giveSomebody(call, link);
  }

  /** Gives a call to the best worker, or to another if that has no room for an input of that size. */
  #giveSomebody(call: Call, best: WorkerLink): boolean {
    if (this.#give(call, best)) return true;
    for (const link of this.#links) {
      if (link !== best && link.alive && hasRoom(link) && this.#give(call, link)) return true;
    }
    return false;
  }

  #give(call: Call, link: WorkerLink): boolean {
    try {
      if (!link.place(call)) return false;
      call.spec.target.lastThreadId = link.threadId;
      this.#lastGiven = link;
    } catch (error) {
      this.#refuse(call, error);
    }
    return true;
  }

  #choose(target: Target): WorkerLink | undefined {
    let best: WorkerLink | undefined;
    let leastUs = Number.POSITIVE_INFINITY;
    const crowded = this.#isCrowded();
    const idle = this.#hasIdle();
    for (const link of this.#links) {
      if (!link.alive || !hasRoom(link)) continue;
      // How long another function runs is for nobody to guess, as long as a worker has nothing to do.
      if (idle && !link.idle && link.only !== target) continue;
      const us = costUs(link, target, crowded);
      if (us >= leastUs) continue;
      best = link;
      leastUs = us;
    }
    return best;
  }

  #hasIdle(): boolean {
    for (const link of this.#links) if (link.alive && link.idle) return true;
    return false;
  }

  /** Whether every processor has a thread with work, the main thread counting for one. */
  #isCrowded(): boolean {
    let busy = 1;
    for (const link of this.#links) if (!link.idle) busy += 1;
    return busy >= PROCESSORS;
  }

  /** Gives an idle worker half of what the busiest has not begun; of one that is late all, what waits longest first. */
  #steal(): void {
    const crowded = this.#isCrowded();
    for (const thief of this.#links) {
      if (!thief.idle || !thief.alive) continue;
      let loot: Call[] = [];
      for (const link of this.#links) {
        // A single call may just be waiting for its worker to wake up.
        if (link.inRing < (link.busyBeside ? 1 : 2)) continue;
        const calls = link
          .unstarted()
          .filter(({ spec }) => costUs(thief, spec.target, crowded) < costUs(link, spec.target, crowded));
        if (calls.length > loot.length) loot = calls;
      }
      const late = loot[0]?.link?.late ?? false;
      for (const call of late ? loot.reverse() : loot.slice(0, Math.ceil(loot.length / 2))) {
        if (!call.link?.revoke(call)) continue;
        if (!this.#give(call, thief)) this.enqueue(call, true);
      }
    }
  }
}

const PROCESSORS = availableParallelism();

function hasRoom(link: WorkerLink): boolean {
  if (link.idle) return true;
  return link.loadUs < RING_US && link.inRing < RING.slots && !link.stalled;
}

/** What it costs to give a call of that function to that worker, microseconds: its own wait, and what others lose. */
function costUs(link: WorkerLink, target: Target, crowded: boolean): number {
  const makeUs = link.holds(target) ? 0 : MAKE_US;
  const wakeUs = link.idle && crowded ? CROWD_US : 0;
  // How long it is busy with what is not in its ring, nobody knows.
  const lateUs = link.late || link.busyBeside ? RING_US : 0;
  // Of two that are alike the one with the warmer caches; of two without a sandbox the one that knows less.
  const preference =
    link.threadId === target.lastThreadId
      ? -CACHES_US
      : link.control.known.size / (link.control.known.size + 1);
  return link.loadUs + makeUs + wakeUs + lateUs + preference;
}
