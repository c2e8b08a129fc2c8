/** What the page tables of a snapshot map, counted by walking the built tables themselves. */
import { PAGE } from '../base/abi.js';
import { EXECUTE, READ, rightsText, WRITE } from '../base/numbers.js';
import type { Snapshot } from '../snapshot/snapshot.js';

export interface PageTableSummary {
  /** GPA of the root table (CR3). */
  readonly base: bigint;
  readonly tables: number;
  readonly bytes: number;
  /** Pages of 4 KiB, most first. */
  readonly pages: readonly PageGroup[];
}

export interface PageGroup {
  readonly ring: 0 | 3;
  readonly rights: string;
  readonly count: number;
}

const PRESENT = 1n;
const WRITABLE = 2n;
const USER = 4n;
const NO_EXECUTE = 1n << 63n;
const ADDRESS_MASK = 0x000f_ffff_ffff_f000n;
const LEVELS = 4;
const ENTRIES = PAGE / 8;

interface Grant {
  readonly flags: number;
  readonly user: boolean;
}

/** @throws SnapvmError SNAPVM_SNAPSHOT_CLOSED */
export function summarisePages(snapshot: Snapshot): PageTableSummary {
  const { ptBaseGpa, tableBytes } = snapshot.layout;
  // Read at once: one copy instead of one for each of the many thousand entries a large guest has.
  const tables = new DataView(snapshot.read(ptBaseGpa, tableBytes).buffer);
  const counts = new Map<string, PageGroup>();
  const count = ({ flags, user }: Grant): void => {
    const rights = rightsText(flags);
    const ring = user ? 3 : 0;
    const key = `${ring} ${rights}`;
    counts.set(key, { ring, rights, count: (counts.get(key)?.count ?? 0) + 1 });
  };
  const visit = (offset: number, level: number, above: Grant): void => {
    for (let index = 0; index < ENTRIES; index++) {
      const entry = tables.getBigUint64(offset + index * 8, true);
      if ((entry & PRESENT) === 0n) continue;
      const grant = narrow(above, entry);
      if (level === LEVELS) count(grant);
      else visit(Number(entry & ADDRESS_MASK) - ptBaseGpa, level + 1, grant);
    }
  };
  visit(0, 1, { flags: READ | WRITE | EXECUTE, user: true });
  return {
    base: snapshot.rootTable,
    tables: tableBytes / PAGE,
    bytes: tableBytes,
    pages: [...counts.values()].sort((a, b) => b.count - a.count),
  };
}

/** Every level has to grant a right. */
function narrow({ flags, user }: Grant, entry: bigint): Grant {
  const taken = ((entry & WRITABLE) === 0n ? WRITE : 0) | ((entry & NO_EXECUTE) !== 0n ? EXECUTE : 0);
  return { flags: flags & ~taken, user: user && (entry & USER) !== 0n };
}
