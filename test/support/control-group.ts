/** Control groups for tests, of version 1 or 2: one of its own, with a limit that can be set and lifted. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './engine.js';
import type { Found } from './linux-build.js';

type Controller = 'pids' | 'memory';

/** Where the system may have a controller, and the files of its limit and of what is used. */
const PLACES: Readonly<
  Record<Controller, readonly { root: string; limit: string; used: string; none: string }[]>
> = {
  pids: [
    { root: '/sys/fs/cgroup/pids', limit: 'pids.max', used: 'pids.current', none: 'max' },
    { root: '/sys/fs/cgroup', limit: 'pids.max', used: 'pids.current', none: 'max' },
  ],
  memory: [
    {
      root: '/sys/fs/cgroup/memory',
      limit: 'memory.limit_in_bytes',
      used: 'memory.usage_in_bytes',
      none: '-1',
    },
    { root: '/sys/fs/cgroup', limit: 'memory.max', used: 'memory.current', none: 'max' },
  ],
};

/** A group with one controller. */
export class ControlGroup {
  readonly #folder: string;
  readonly #place: (typeof PLACES)[Controller][number];

  constructor(folder: string, place: (typeof PLACES)[Controller][number]) {
    this.#folder = folder;
    this.#place = place;
  }

  /** Puts a process into it, and so all that it makes from then on. */
  add(pid: number): void {
    this.#write('cgroup.procs', pid);
  }

  /** So much more than is used now. */
  allow(more: number): void {
    this.#write(this.#place.limit, Number(readFileSync(join(this.#folder, this.#place.used), 'utf8')) + more);
  }

  lift(): void {
    this.#write(this.#place.limit, this.#place.none);
  }

  /** Once its processes have ended. */
  async remove(): Promise<void> {
    await eventually(() => readFileSync(join(this.#folder, 'cgroup.procs'), 'utf8') === '', 10);
    rmdirSync(this.#folder);
  }

  #write(file: string, value: number | string): void {
    writeFileSync(join(this.#folder, file), String(value));
  }
}

let made = 0;

/** A maker of groups, or why there can be none. */
export function controlGroups(controller: Controller): Found<() => ControlGroup> {
  for (const place of PLACES[controller]) {
    const make = (): ControlGroup => {
      const folder = join(place.root, `snapvm-test-${process.pid}-${made++}`);
      mkdirSync(folder);
      return new ControlGroup(folder, place);
    };
    try {
      const folder = join(place.root, `snapvm-test-${process.pid}-try`);
      mkdirSync(folder);
      const usable = existsSync(join(folder, place.limit));
      rmdirSync(folder);
      if (usable) return { value: make };
    } catch {
      // Not mounted there, or not writable.
    }
  }
  return {
    missing: `needs a control group of its own with the ${controller} controller (root, /sys/fs/cgroup writable)`,
  };
}
