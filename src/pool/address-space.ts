/**
 * V8 ends the whole process when a thread that begins finds no addresses to reserve (`ulimit -v`). So they are looked for
 * before one is started.
 */
import { readFileSync } from 'node:fs';
import { SnapvmError } from '../base/errors.js';

/** What V8 reserves for a thread (its code alone 128 MiB), its stack, and the arena of its worker. */
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

/** Bytes; undefined where there is no limit, or nobody says. */
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
