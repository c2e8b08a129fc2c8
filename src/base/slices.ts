/**
 * Long work of the main thread, in slices between which its event loop runs, so that what one guest made long
 * keeps nobody else waiting. All engines of a thread share it.
 */
import { now, setImmediate } from './globals.js';

/** Work that ends with a `T`. What is done between two `yield` takes a millisecond or two at most. */
export type Steps<T> = Generator<void, T, void>;

/** No further step is begun in a turn of the event loop after so long, or so many: whatever comes first. */
const TURN_MS = 2;
const TURN_STEPS = 16;
/** Bytes that may be read at once in a turn, however many guests sent them. */
const TURN_BYTES = 16_384;
/** So few are read at once, and not counted: that would cost as much. */
const FEW_BYTES = 512;

interface Work {
  /** Makes a step. Returns whether it was the last one. */
  step(): boolean;
}

/** Each makes a step, then the next one, so that short work waits for no long one. */
const waiting: Work[] = [];
let bytesLeft = TURN_BYTES;

/** Whether bytes of a guest may be read at once: in short work, or before others have taken this turn's share. */
export function mayReadNow(bytes: number): boolean {
  if (bytes <= FEW_BYTES) return true;
  if (bytes > bytesLeft) return false;
  if (bytesLeft === TURN_BYTES) setImmediate(nextTurnBegins);
  bytesLeft -= bytes;
  return true;
}

/** Does work in later turns of the event loop, some steps in each. Rejects with what a step throws. */
export function inSlices<T>(steps: Steps<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const step = (): boolean => {
      try {
        const { done, value } = steps.next();
        if (done === true) resolve(value);
        return done === true;
      } catch (error) {
        reject(error);
        return true;
      }
    };
    if (waiting.push({ step }) === 1) setImmediate(turn);
  });
}

/** Does all of it now. @throws what a step throws */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

function turn(): void {
  const start = now();
  for (let steps = 0; steps < TURN_STEPS; steps++) {
    const work = waiting.shift();
    if (work === undefined) return;
    if (!work.step()) waiting.push(work);
    if (now() - start >= TURN_MS) break;
  }
  if (waiting.length > 0) setImmediate(turn);
}

function nextTurnBegins(): void {
  bytesLeft = TURN_BYTES;
}
