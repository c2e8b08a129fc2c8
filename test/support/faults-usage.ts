/** What a process holds that somebody has to give back. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { addon } from '../../src/addon/addon.js';
import { childrenOf } from './processes.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

export interface Usage {
  readonly descriptors: number;
  /** Of memory files and virtual machines. */
  readonly mappings: number;
  /** Children of this process: a zygote for each thread that runs guests. */
  readonly children: number;
  readonly threads: number;
  /** Tasks of the kernel's, one for each VM that has run, on Linux 6.13 and newer. */
  readonly vmTasks: number;
  /** Processes of guests that this thread does not keep for its next ones. */
  readonly strays: number;
}

const TASKS = '/proc/self/task';
const VM_TASK = 'kvm-nx-lpage-re';

function nameOfTask(id: string): string {
  try {
    return readFileSync(`${TASKS}/${id}/comm`, 'utf8').trim();
  } catch {
    return ''; // it ended meanwhile
  }
}

export function usage(): Usage {
  const maps = readFileSync('/proc/self/maps', 'utf8').split('\n');
  const zygotes = childrenOf(process.pid);
  const tasks = readdirSync(TASKS).map(nameOfTask);
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    mappings: maps.filter((line) => /memfd:snapvm|kvm/.test(line)).length,
    children: zygotes.length,
    threads: tasks.filter((name) => name !== VM_TASK).length,
    vmTasks: tasks.filter((name) => name === VM_TASK).length,
    strays: zygotes.flatMap(childrenOf).length - addon().keptMachines(),
  };
}

/** What is held more than before, once garbage is gone and what ends has ended; empty if that is nothing. */
export async function surplus(before: Usage, ignored: readonly (keyof Usage)[] = []): Promise<string> {
  const names = (Object.keys(before) as (keyof Usage)[]).filter((name) => !ignored.includes(name));
  for (let turn = 0; ; turn++) {
    const now = usage();
    const more = names.filter((name) => now[name] > before[name]);
    if (more.length === 0) return '';
    if (turn === 40) return more.map((name) => `${now[name] - before[name]} ${name}`).join(', ');
    collect();
    await sleep(turn < 10 ? 2 : 50);
  }
}
