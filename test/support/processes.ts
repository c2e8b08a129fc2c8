/** Processes of guests, as /proc shows them. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { probeBackend } from '../../src/engine/backend.js';
import type { Found } from './linux-build.js';

const { error } = await probeBackend('process');

/** Whether guests can run in processes here, for `testWith`. */
export const PROCESSES: Found<true> = error === undefined ? { value: true } : { missing: error.message };

const GUEST_NAME = 'snapvm-guest';

/** A field of /proc/PID/status; undefined when there is no such process. */
export function statusOf(pid: number, field: string): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return new RegExp(`^${field}:[ \\t]*(.*)$`, 'm').exec(text)?.[1];
  } catch {
    return undefined; // it has ended
  }
}

/** The guest processes that a process and its threads have made: for each thread the zygote, then its clones. */
export function guestProcesses(of: number): number[] {
  const found = childrenOf(of).filter((pid) => statusOf(pid, 'Name') === GUEST_NAME);
  return found.flatMap((zygote) => [zygote, ...childrenOf(zygote)]);
}

/** Those that can run guests. */
export function guestRunners(of: number): number[] {
  return guestProcesses(of).filter((pid) => statusOf(pid, 'Seccomp') === '2');
}

/** The one process that runs a guest of this process, once it has one. Throws where it has none for a minute. */
export async function busyRunner(): Promise<number> {
  for (const end = performance.now() + 60_000; ; ) {
    if (performance.now() > end) throw new Error('no guest was seen to run for a minute');
    const found = guestRunners(process.pid).find(isRunning);
    await sleep(found === undefined ? 5 : 50); // one that is being made runs too, but not for that long
    if (found !== undefined && isRunning(found)) return found;
  }
}

/** Whether it has something to do at this moment. */
export function isRunning(pid: number): boolean {
  return statusOf(pid, 'State')?.startsWith('R') ?? false;
}

/** A zombie is not alive: whoever should wait for it has not come to it. */
export function isAlive(pid: number): boolean {
  const state = statusOf(pid, 'State');
  return state !== undefined && !state.startsWith('Z') && !state.startsWith('X');
}

/** Of any name; none once it has ended. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return []; // it has ended
  }
}
