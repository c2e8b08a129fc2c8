/** What a process holds, as the kernel sees it: this one, or a server that is watched. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Of any process. */
export interface Resources {
  readonly rss_bytes: number;
  readonly fds: number;
  readonly mappings: number;
  /** Of these, those of vCPUs and of images. */
  readonly guest_mappings: number;
  readonly threads: number;
}

/** Of this process. */
export interface Held extends Resources {
  /** In use by JavaScript, in the main thread. */
  readonly heap_bytes: number;
  /** Outside of it, array buffers included. */
  readonly external_bytes: number;
}

type Pid = number | 'self';

const OF_GUESTS = / (?:anon_inode:\[?kvm|\/memfd:snapvm)/;

export function held(): Held {
  const { heapUsed, external } = process.memoryUsage();
  return { ...heldBy('self'), heap_bytes: heapUsed, external_bytes: external };
}

/** @throws Error when there is no such process */
export function heldBy(pid: Pid): Resources {
  const mappings = readFileSync(`/proc/${pid}/maps`, 'latin1').trimEnd().split('\n');
  return {
    rss_bytes: rssOf(pid),
    // Without the one that reading the folder takes.
    fds: readdirSync(`/proc/${pid}/fd`).length - (pid === 'self' ? 1 : 0),
    mappings: mappings.length,
    guest_mappings: mappings.filter((line) => OF_GUESTS.test(line)).length,
    threads: readdirSync(`/proc/${pid}/task`).length,
  };
}

function rssOf(pid: Pid): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(kib ?? 0) * 1024;
}

/** Seconds of processor time that a process has used. @throws Error when there is no such process */
export function cpuOf(pid: number): number {
  // The name of the program, in brackets, may have spaces in it.
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) / TICKS;
}

/** Which share of the machine's processors others (and other machines: steal) have used since the last call. */
export class OthersCpu {
  readonly #own: () => number;
  #before: { readonly all: number; readonly busy: number; readonly own: number };

  /** `more` gives the seconds that processes have used which are no others, beside this one. */
  constructor(more: () => number = () => 0) {
    this.#own = () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6 + more();
    };
    this.#before = this.#now();
  }

  share(): number {
    const [before, now] = [this.#before, this.#now()];
    this.#before = now;
    const all = now.all - before.all;
    return all === 0 ? 0 : Math.max(0, (now.busy - before.busy - (now.own - before.own)) / all);
  }

  /** In seconds. */
  #now(): { readonly all: number; readonly busy: number; readonly own: number } {
    const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n', 1);
    // user nice system idle iowait irq softirq steal; what follows is part of user and nice.
    const ticks = line.split(/ +/).slice(1, 9).map(Number);
    const all = ticks.reduce((sum, some) => sum + some, 0);
    const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
    return { all: all / TICKS, busy: (all - idle) / TICKS, own: this.#own() };
  }
}

/** Linux counts 100 a second on every machine. */
const TICKS = 100;

/** What is held by kind, which says what a leak is one of. Dear: links and sizes of all of it are read. */
export interface Inventory {
  readonly fds: Readonly<Record<string, number>>;
  readonly mappings: Readonly<Record<string, { readonly count: number; readonly rss_bytes: number }>>;
}

export function inventory(pid: Pid = 'self'): Inventory {
  const fds: Record<string, number> = {};
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    const kind = fdKind(pid, fd);
    if (kind !== undefined) fds[kind] = (fds[kind] ?? 0) + 1;
  }
  return { fds, mappings: mappingsByKind(pid) };
}

/** Nothing for the one that reading the folder took: it is closed by now. */
function fdKind(pid: Pid, fd: string): string | undefined {
  try {
    return general(readlinkSync(`/proc/${pid}/fd/${fd}`));
  } catch {
    return undefined;
  }
}

/** `anon_inode:kvm-vcpu:0` and `socket:[1234]` are of one kind, whatever their numbers. */
function general(name: string): string {
  return name.replace(/ \(deleted\)$/, '').replace(/\d+/g, 'N');
}

const HEADER = /^[0-9a-f]+-[0-9a-f]+ (\S+) \S+ \S+ \S+ *(.*)$/;
const RSS = /^Rss: +(\d+) kB$/;

function mappingsByKind(pid: Pid): Inventory['mappings'] {
  const kinds: Record<string, { count: number; rss_bytes: number }> = {};
  let kind = { count: 0, rss_bytes: 0 };
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'latin1').split('\n')) {
    const [, rights, name] = HEADER.exec(line) ?? [];
    const kib = RSS.exec(line)?.[1];
    if (rights !== undefined && name !== undefined) {
      kind = kinds[`${rights} ${general(name)}`] ??= { count: 0, rss_bytes: 0 };
      kind.count += 1;
    } else if (kib !== undefined) kind.rss_bytes += Number(kib) * 1024;
  }
  return kinds;
}
