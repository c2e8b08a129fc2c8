/** The main thread's side of a ring: which call is in which slot. */

import { addon } from '../addon/addon.js';
import { SnapvmError } from '../base/errors.js';
import { US_PER_MS } from '../wire/clock.js';
import { type CallReply, NO_LOGS } from '../wire/protocol.js';
import { FIELD, RING, RingViews, STATE } from '../wire/ring.js';
import { Arena } from './arena.js';
import type { Call } from './call.js';

/** After so long without an answer idle workers help: it is more than an ordinary call takes. */
const LATE_MS = 1;
/** After so long, which is a few times what a ring may hold, calls that wait behind the guest are better off elsewhere. */
const STALL_MS = 5;

/** Slots of one worker's ring, and the blocks of its arena that large inputs take. */
export class Slots {
  readonly memory = new SharedArrayBuffer(RING.bytes);
  readonly views = new RingViews(this.memory);
  readonly arena = new Arena((view) => addon().discard(view));
  /** The call in each slot. */
  readonly #calls: (Call | undefined)[] = new Array(RING.slots).fill(undefined);
  readonly #free = Array.from({ length: RING.slots }, (_, i) => RING.slots - 1 - i);
  #order = 0;
  #loadUs = 0;
  /** Whether a call was answered, or put into an empty ring, since the last `look`. */
  #progressed = false;
  /** The moment of the last `look` at which that was so. */
  #progressMs = 0;
  #late = false;
  #stalled = false;

  /** How many calls are in the ring. */
  get used(): number {
    return RING.slots - this.#free.length;
  }

  /** How long those calls are likely to run, together, microseconds. */
  get loadUs(): number {
    return this.#loadUs;
  }

  /** Whether the worker has begun a call and has answered none for LATE_MS, as of the last `look`. */
  get late(): boolean {
    return this.#late;
  }

  /** Whether the worker has begun a call and has answered none for STALL_MS, as of the last `look`. */
  get stalled(): boolean {
    return this.#stalled;
  }

  /**
   * Sees whether the worker is late or stalled, at the moment `nowMs` of `now()`; to be called often. (Reading the clock
   * with every call and answer would cost more than either.)
   */
  look(nowMs: number): void {
    if (this.#progressed || this.used === 0) this.#progressMs = nowMs;
    this.#progressed = false;
    const ms = nowMs - this.#progressMs;
    // A worker that has begun nothing has not woken up yet, as where others want the processor.
    this.#late = ms > LATE_MS && this.#begun;
    this.#stalled = ms > STALL_MS && this.#late;
  }

  /** The calls in the ring, in no order. */
  get calls(): Call[] {
    return this.#calls.filter((call) => call !== undefined);
  }

  /** Puts a call that has its ticket into a slot, for the worker to take. False: there is no room. */
  put(call: Call): boolean {
    const slot = this.#free.at(-1);
    if (slot === undefined) return false;
    const arenaOffset = this.#writeInput(slot, call.input);
    if (arenaOffset === undefined) return false;
    if (this.used === 0) this.#progressed = true;
    this.#free.pop();
    this.#calls[slot] = call;
    call.slot = slot;
    this.#loadUs += call.estimateUs;
    const { target, functionIndex, limits } = call.spec;
    const { words, doubles } = this.views;
    const header = this.views.header(slot);
    doubles[header + FIELD.snapshot] = target.spec.descriptor.id;
    doubles[header + FIELD.ticket] = call.ticket;
    doubles[header + FIELD.wallUs] = limits.timeoutMs * US_PER_MS;
    doubles[header + FIELD.cpuUs] = limits.cpuMs * US_PER_MS;
    doubles[header + FIELD.deadlineUs] = limits.deadlineUs ?? 0;
    doubles[header + FIELD.fn] = functionIndex;
    doubles[header + FIELD.inputBytes] = call.input.length;
    doubles[header + FIELD.arenaOffset] = arenaOffset;
    words[RING.orders + slot] = this.#order = (this.#order + 1) | 0;
    Atomics.store(words, RING.states + slot, STATE.queued);
    return true;
  }

  /** Takes a call back, unless the worker has taken it or there is no memory for its input. */
  takeBack(call: Call): boolean {
    const { words } = this.views;
    const at = RING.states + call.slot;
    if (Atomics.load(words, at) !== STATE.queued) return false;
    try {
      // The caller may have changed the bytes it gave: those in the ring are what it called with. Before it is taken
      // back, since there may be no memory for it.
      call.input = this.#readInput(call.slot);
    } catch {
      return false;
    }
    if (Atomics.compareExchange(words, at, STATE.queued, STATE.free) !== STATE.queued) return false;
    this.release(call);
    return true;
  }

  /** The calls that the worker has not taken, as far as can be told. */
  untaken(): Call[] {
    const { words } = this.views;
    return this.calls.filter(({ slot }) => Atomics.load(words, RING.states + slot) === STATE.queued);
  }

  /** Whether the worker has begun a call, as far as can be told. */
  get #begun(): boolean {
    const { words } = this.views;
    return this.calls.some(({ slot }) => Atomics.load(words, RING.states + slot) === STATE.taken);
  }

  /** Hands on the answers in the ring, and frees their slots. */
  drain(answered: (call: Call, reply: CallReply) => void): void {
    if (this.used === 0) return;
    const { words } = this.views;
    for (let slot = 0; slot < RING.slots; slot++) {
      const call = this.#calls[slot];
      if (call === undefined || Atomics.load(words, RING.states + slot) !== STATE.done) continue;
      const reply = this.#readAnswer(slot);
      this.release(call);
      answered(call, reply);
    }
  }

  /** Frees the slot of a call, if it has one; the worker must be done with it. */
  release(call: Call): void {
    const { slot } = call;
    if (slot < 0) return;
    const arenaOffset = this.views.field(slot, FIELD.arenaOffset);
    if (arenaOffset >= 0) this.arena.free(arenaOffset);
    Atomics.store(this.views.words, RING.states + slot, STATE.free);
    this.#progressed = true;
    this.#calls[slot] = undefined;
    this.#free.push(slot);
    call.slot = -1;
    this.#loadUs = this.used === 0 ? 0 : this.#loadUs - call.estimateUs;
  }

  /** Writes an input. Gives the offset of the block it takes in the arena, -1 for none; undefined: there is no room. */
  #writeInput(slot: number, input: Uint8Array): number | undefined {
    if (input.length <= RING.inlineBytes) {
      this.views.slots[slot]?.set(input);
      return -1;
    }
    const offset = this.arena.allocate(input.length);
    if (offset !== undefined) this.arena.view(offset, input.length).set(input);
    return offset;
  }

  #readInput(slot: number): Uint8Array {
    const bytes = this.views.field(slot, FIELD.inputBytes);
    const offset = this.views.field(slot, FIELD.arenaOffset);
    if (offset >= 0) return this.arena.view(offset, bytes).slice();
    const start = this.views.payload(slot);
    return this.views.bytes.slice(start, start + bytes);
  }

  #readAnswer(slot: number): CallReply {
    const { bytes, doubles } = this.views;
    const header = this.views.header(slot);
    const start = this.views.payload(slot);
    const length = doubles[header + FIELD.outputBytes] as number;
    if (!(length >= 0 && length <= RING.inlineBytes)) {
      throw new SnapvmError('SNAPVM_INTERNAL', `a worker answered ${length} bytes in its ring`);
    }
    return {
      ok: true,
      output: bytes.slice(start, start + length) as Uint8Array<ArrayBuffer>,
      logs: NO_LOGS,
      cost: {
        startedUs: doubles[header + FIELD.startedUs] as number,
        runUs: doubles[header + FIELD.runUs] as number,
        restoreUs: doubles[header + FIELD.restoreUs] as number,
        stickyPages: doubles[header + FIELD.pages] as number,
        restores: doubles[header + FIELD.restores] as number,
        rebuilds: doubles[header + FIELD.rebuilds] as number,
      },
    };
  }
}
