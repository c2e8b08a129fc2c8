/** Which call goes to which worker, and when. Knows rings by what is in them and nothing of threads. */
import type { Call, Target } from './call.js';
import { LinkedList } from './linked-list.js';
import { RING } from './ring.js';
import type { WorkerLink } from './worker-link.js';

/**
 * Work a ring may hold, by estimate. Enough to keep a worker busy while the main thread is, little enough that a call
 * of another function need not wait long behind it.
 */
const RING_US = 2000;
/** How much more work a worker may have and still get a call whose sandbox it holds: about what making one costs. */
const AFFINITY_US = 500;

/**
 * Functions that wait take turns, however many calls each has. A call goes to an idle worker, best to the one that had
 * the function's last call, since it holds a sandbox for it; when all are busy it goes into a ring with room. What a
 * worker has not begun is taken back for one that becomes idle, and when it stalls: a guest there takes longer than
 * expected.
 */
export class Scheduler {
  readonly #links: ReadonlySet<WorkerLink>;
  readonly #refuse: (call: Call, error: unknown) => void;
  /** Functions with calls that wait; the first is next. */
  readonly #turns = new LinkedList<Target>();
  #waiting = 0;

  /** `refuse`: what a call cannot be given for lack of memory ends with that error. */
  constructor(links: ReadonlySet<WorkerLink>, refuse: (call: Call, error: unknown) => void) {
    this.#links = links;
    this.#refuse = refuse;
  }

  /** Calls that no worker has yet. */
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

  /** Has a call wait behind those of its function; `first`: before them. */
  enqueue(call: Call, first = false): void {
    const { target } = call.spec;
    call.state = 'waiting';
    if (target.waiting.size === 0) this.#turns.push(target);
    if (first) target.waiting.unshift(call);
    else target.waiting.push(call);
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
    const nowMs = performance.now();
    for (const link of this.#links) {
      link.look(nowMs);
      if (link.stalled && link.inRing > (link.busyBeside ? 0 : 1)) this.#recall(link);
    }
    if (this.#waiting > 0) this.#fill();
    else this.#steal();
  }

  /** Takes back what a worker that is about to end has not begun. */
  evacuate(link: WorkerLink): void {
    this.#recall(link);
    this.#fill();
  }

  /** Every call that waits, which from then on nobody knows of. */
  takeWaiting(): Call[] {
    const calls: Call[] = [];
    for (let target = this.#turns.first; target !== undefined; target = this.#turns.first) {
      const call = target.waiting.first as Call;
      this.#dequeue(call);
      calls.push(call);
    }
    return calls;
  }

  /** Takes back what a worker has not begun: it comes next, in its order. */
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

  /** One call of each function in turn, as long as there is room. */
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
      if (this.#give(call, link)) {
        this.#dequeue(call);
        tooLarge = 0;
      } else {
        tooLarge += 1;
      }
    }
  }

  #place(call: Call): boolean {
    const link = this.#choose(call.spec.target);
    return link !== undefined && this.#give(call, link);
  }

  #give(call: Call, link: WorkerLink): boolean {
    try {
      if (!link.place(call)) return false;
      call.spec.target.lastThreadId = link.threadId;
    } catch (error) {
      this.#refuse(call, error);
    }
    return true;
  }

  #choose(target: Target): WorkerLink | undefined {
    let last: WorkerLink | undefined;
    let idle: WorkerLink | undefined;
    let least: WorkerLink | undefined;
    for (const link of this.#links) {
      if (!link.alive) continue;
      if (link.threadId === target.lastThreadId) last = link;
      if (link.idle && isBetter(link, idle, target)) idle = link;
      if (hasRoom(link) && link.loadUs < (least?.loadUs ?? Number.POSITIVE_INFINITY)) least = link;
    }
    if (last?.idle) return last;
    if (idle !== undefined) return idle;
    if (
      last !== undefined &&
      least !== undefined &&
      hasRoom(last) &&
      last.loadUs < least.loadUs + AFFINITY_US
    )
      return last;
    return least;
  }

  /** Gives an idle worker half of what the busiest has not begun. */
  #steal(): void {
    for (const thief of this.#links) {
      if (!thief.idle || !thief.alive) continue;
      let loot: Call[] = [];
      for (const link of this.#links) {
        // A single call may just be waiting for its worker to wake up.
        if (link.inRing < (link.busyBeside ? 1 : 2)) continue;
        const calls = link.unstarted();
        if (calls.length > loot.length) loot = calls;
      }
      for (const call of loot.slice(0, Math.ceil(loot.length / 2))) {
        if (!call.link?.revoke(call)) continue;
        if (!this.#give(call, thief)) this.enqueue(call, true);
      }
    }
  }
}

function hasRoom(link: WorkerLink): boolean {
  if (link.idle) return true;
  return link.loadUs < RING_US && link.inRing < RING.slots && !link.stalled;
}

/** Of two idle workers: the one that knows the function, else the one that knows fewer. */
function isBetter(link: WorkerLink, than: WorkerLink | undefined, { definition }: Target): boolean {
  if (than === undefined) return true;
  const [knows, other] = [link.known.has(definition.descriptor.id), than.known.has(definition.descriptor.id)];
  return knows === other ? link.known.size < than.known.size : knows;
}
