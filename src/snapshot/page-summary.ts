/** What the page tables of a snapshot map, counted in the tables themselves. */
import { PAGE } from '../base/abi.js';
import { rightsText } from '../base/numbers.js';
import { mappedPages } from './page-tables.js';
import type { Snapshot } from './snapshot.js';

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

/** Counts the pages by ring and rights. @throws SnapvmError SNAPVM_SNAPSHOT_CLOSED */
export function summarisePages(snapshot: Snapshot): PageTableSummary {
  const { ptBaseGpa, tableBytes } = snapshot.layout;
  // Read at once: one copy instead of one for each of the many thousand entries a large guest has.
  const tables = snapshot.read(ptBaseGpa, tableBytes);
  const counts = new Map<string, PageGroup>();
  for (const { flags, user } of mappedPages(tables, ptBaseGpa)) {
    const rights = rightsText(flags);
    const ring = user ? 3 : 0;
    const key = `${ring} ${rights}`;
    counts.set(key, { ring, rights, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return {
    base: snapshot.rootTable,
    tables: tableBytes / PAGE,
    bytes: tableBytes,
    pages: [...counts.values()].sort((a, b) => b.count - a.count),
  };
}
