/**
 * Checks that there are addresses for the worker threads before they start: V8 ends the whole process when a new thread
 * finds none to reserve (`ulimit -v`).
 */
import { readFileSync } from 'node:fs';
import { SnapvmError } from '../base/errors.js';

/** Addresses a worker takes: what V8 reserves for a thread (128 MiB for code alone), its stack, and its arena. */
const WORKER_MIB = 640;
const MIB = 2 ** 20;
const KIB = 2 ** 10;

/** @throws SnapvmError SNAPVM_HOST_MEMORY when so many workers have no room */
export function checkAddressSpace(workers: number): void {
  const left = addressesLeft();
  if (left === undefined || left >= workers * WORKER_MIB * MIB) return;
  const needed = `${workers === 1 ? 'a worker thread needs' : `${workers} worker threads need`} ${workers * WORKER_MIB} MiB of addresses`;
  const message = `${needed}, and the limit of this process leaves ${Math.max(0, Math.floor(left / MIB))}; raise it (ulimit -v), or have fewer workers`;
  throw new SnapvmError('SNAPVM_HOST_MEMORY', message, { option: 'workers' });
}

/** Bytes of addresses that the process may still take; undefined when there is no limit, or it is not known. */
function addressesLeft(): number | undefined {
  try {
    const limit = /^Max address space +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    if (limit === undefined) return undefined;
    const used = /^VmSize:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return used === undefined ? undefined : Number(limit) - Number(used) * KIB;
  } catch {
    return undefined;
  }
}
