/** A worker thread that does all it can to stop calls that have ended: stale tickets and stray signals. */
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { addon } from '../../src/addon/addon.js';

export interface StaleWork {
  readonly interrupterId: number;
  /** [the last ticket that ended, 1 when it is time to end] */
  readonly shared: BigInt64Array;
}

/** The signal that stops guests: the first real-time one this process has a handler for. */
function stopSignal(): number {
  const caught = BigInt(`0x${/^SigCgt:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]}`);
  for (let number = 35; number <= 64; number++) {
    if ((caught >> BigInt(number - 1)) & 1n) return number;
  }
  throw new Error('no real-time signal has a handler');
}

const { interrupterId, shared } = workerData as StaleWork;
const signal = stopSignal();
let interrupts = 0;
let signals = 0;
parentPort?.postMessage('ready');
while (Atomics.load(shared, 1) === 0n) {
  addon().interrupt(interrupterId, Number(Atomics.load(shared, 0)));
  addon().interrupt(interrupterId, 0);
  addon().interrupt(interrupterId + 1000, 1);
  interrupts += 3;
  if (interrupts % 30 === 0) {
    process.kill(process.pid, signal);
    signals++;
  }
}
parentPort?.postMessage({ interrupts, signals });
