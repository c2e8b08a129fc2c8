/** What the process holds, as the kernel sees it. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Held {
  readonly rss_bytes: number;
  /** In use by JavaScript, in the main thread. */
  readonly heap_bytes: number;
  /** Outside of it, array buffers included. */
  readonly external_bytes: number;
  readonly fds: number;
  readonly mappings: number;
  /** Of these, those of vCPUs and of images. */
  readonly guest_mappings: number;
  readonly threads: number;
}

const OF_GUESTS = / (?:anon_inode:\[?kvm|\/memfd:snapvm)/;

export function held(): Held {
  const memory = process.memoryUsage();
  const mappings = readFileSync('/proc/self/maps', 'latin1').trimEnd().split('\n');
  return {
    rss_bytes: memory.rss,
    heap_bytes: memory.heapUsed,
    external_bytes: memory.external,
    // Without the one that reading the folder takes.
    fds: readdirSync('/proc/self/fd').length - 1,
    mappings: mappings.length,
    guest_mappings: mappings.filter((line) => OF_GUESTS.test(line)).length,
    threads: readdirSync('/proc/self/task').length,
  };
}

/** Which share of the machine's processors other processes (and other machines: steal) have used since the last call. */
export class OthersCpu {
  #before = OthersCpu.#now();

  share(): number {
    const [before, now] = [this.#before, OthersCpu.#now()];
    this.#before = now;
    const all = now.all - before.all;
    return all === 0 ? 0 : Math.max(0, (now.busy - before.busy - (now.own - before.own)) / all);
  }

  /** In seconds. */
  static #now(): { readonly all: number; readonly busy: number; readonly own: number } {
    const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n', 1);
    // user nice system idle iowait irq softirq steal; what follows is part of user and nice.
    const ticks = line.split(/ +/).slice(1, 9).map(Number);
    const all = ticks.reduce((sum, some) => sum + some, 0);
    const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
    const { user, system } = process.cpuUsage();
    return { all: all / TICKS, busy: (all - idle) / TICKS, own: (user + system) / 1e6 };
  }
}

/** Linux counts 100 a second on every machine. */
const TICKS = 100;

/** What is held by kind, which says what a leak is one of. Dear: links and sizes of all of it are read. */
export interface Inventory {
  readonly fds: Readonly<Record<string, number>>;
  readonly mappings: Readonly<Record<string, { readonly count: number; readonly rss_bytes: number }>>;
}

export function inventory(): Inventory {
  const fds: Record<string, number> = {};
  for (const fd of readdirSync('/proc/self/fd')) {
    const kind = fdKind(fd);
    if (kind !== undefined) fds[kind] = (fds[kind] ?? 0) + 1;
  }
  return { fds, mappings: mappingsByKind() };
}

/** Nothing for the one that reading the folder took: it is closed by now. */
function fdKind(fd: string): string | undefined {
  try {
    return general(readlinkSync(`/proc/self/fd/${fd}`));
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

function mappingsByKind(): Inventory['mappings'] {
  const kinds: Record<string, { count: number; rss_bytes: number }> = {};
  let kind = { count: 0, rss_bytes: 0 };
  for (const line of readFileSync('/proc/self/smaps', 'latin1').split('\n')) {
    const [, rights, name] = HEADER.exec(line) ?? [];
    const kib = RSS.exec(line)?.[1];
    if (rights !== undefined && name !== undefined) {
      kind = kinds[`${rights} ${general(name)}`] ??= { count: 0, rss_bytes: 0 };
      kind.count += 1;
    } else if (kib !== undefined) kind.rss_bytes += Number(kib) * 1024;
  }
  return kinds;
}
