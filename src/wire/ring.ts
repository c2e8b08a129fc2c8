/**
 * The shared memory between the main thread and one worker. It has slots; a call lives in one from the moment the main
 * thread gives it to the worker until the answer is read or the guest waits for the host.
 *
 *   free --main--> queued --worker--> taken --worker--> done --main--> free
 *                  queued --main, who takes it back--> free
 *                  taken --worker, who puts it back for a message that comes first--> queued
 *                  taken --main, told by a port of its answer or that its guest waits for the host--> free
 *
 * Whoever changes the state owns the slot's header and payload from then on; the two who may change `queued` do it by
 * compare-and-exchange. The worker takes the slot with the lowest order first. Larger payloads are in the arena, whose
 * blocks the main thread gives out (arena.ts). native/pool/ring.h has the same numbers.
 */
export const RING = {
  slots: 64,
  inlineBytes: 16_384,
  /** Word index of the slots' states. */
  states: 64,
  /** Word index of the slots' orders: a count that wraps round. */
  orders: 128,
  /** Index of the first header, in doubles. */
  headers: 128,
  headerDoubles: 16,
  /** Byte offset of the counts of sandboxes the worker holds, a byte each, by the last bits of the snapshot's id. */
  held: 12_288,
  heldCounts: 4096,
  /** Byte offset of the first payload. */
  payloads: 16_384,
  bytes: 16_384 + 64 * 16_384,
} as const;

/** 32-bit words at the start of a ring. */
export const WORD = {
  /** Counts what the main thread wants the worker to look at; the worker sleeps on it. */
  doorbell: 0,
  /** 1 while the worker sleeps or is about to. */
  asleep: 1,
  /** Messages sent to the worker's event loop. */
  control: 2,
  /** Microseconds the worker may spin before it sleeps. */
  spinUs: 3,
  /** 1: the worker is to end. */
  closed: 4,
  /** The doorbell as it was before the worker last found nothing to do. */
  seen: 5,
  /** Sandboxes the worker holds. */
  residents: 6,
  /** What `serve` returned for: a slot, and the key of a sandbox or -1. */
  slot: 7,
  resident: 8,
  /** Microseconds an answer may wait for others before a main thread that sleeps is woken for it. */
  patienceUs: 9,
} as const;

/** Double index of the private memory of the worker's sandboxes, in bytes. */
export const RESIDENT_BYTES = 16;

/** Bytes of addresses for each worker's arena, in which inputs travel that no slot has room for: the largest input. */
export const ARENA_BYTES = 256 * 1024 * 1024;

/** The states of a slot. */
export const STATE = { free: 0, queued: 1, taken: 2, done: 3 } as const;

/** The fields of a slot's header, as indices of doubles. From outputBytes on the worker writes, before that the main thread. */
export const FIELD = {
  snapshot: 0,
  ticket: 1,
  wallUs: 2,
  cpuUs: 3,
  deadlineUs: 4,
  fn: 5,
  inputBytes: 6,
  /** -1: the payload is in the slot. */
  arenaOffset: 7,
  outputBytes: 9,
  startedUs: 10,
  runUs: 11,
  pages: 12,
  restores: 13,
  rebuilds: 14,
  restoreUs: 15,
} as const;

/** The words of the main thread's doorbell, which all workers of a pool ring: answers so far, and whether it sleeps. */
export const MAIN_DOORBELL = { answers: 0, asleep: 1, words: 2 } as const;

/** Typed views on a ring. */
export class RingViews {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly bytes: Uint8Array;
  /** The payload of each slot: a write to one cannot reach the next. */
  readonly slots: readonly Uint8Array[];

  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory);
    this.doubles = new Float64Array(memory);
    this.bytes = new Uint8Array(memory);
    this.slots = Array.from(
      { length: RING.slots },
      (_, slot) => new Uint8Array(memory, this.payload(slot), RING.inlineBytes),
    );
  }

  /** Index of a slot's header in `doubles`. */
  header(slot: number): number {
    return RING.headers + slot * RING.headerDoubles;
  }

  /** Offset of a slot's payload in `bytes`. */
  payload(slot: number): number {
    return RING.payloads + slot * RING.inlineBytes;
  }

  /** How many sandboxes the worker holds of that snapshot, and of others whose ids end in the same bits. */
  held(snapshotId: number): number {
    return this.bytes[heldAt(snapshotId)] ?? 0;
  }

  /** Counts a sandbox that the worker has made (1) or closed (-1). */
  addHeld(snapshotId: number, count: 1 | -1): void {
    const at = heldAt(snapshotId);
    this.bytes[at] = Math.min(255, Math.max(0, (this.bytes[at] ?? 0) + count));
  }

  /** Sandboxes the worker holds, and their private memory in bytes. */
  get residents(): { readonly sandboxes: number; readonly bytes: number } {
    return { sandboxes: Atomics.load(this.words, WORD.residents), bytes: this.doubles[RESIDENT_BYTES] ?? 0 };
  }

  /** A number of a slot's header; `field` is one of FIELD. */
  field(slot: number, field: number): number {
    return this.doubles[this.header(slot) + field] ?? 0;
  }
}

function heldAt(snapshotId: number): number {
  return RING.held + (snapshotId % RING.heldCounts);
}
