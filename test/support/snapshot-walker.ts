/**
 * Reads page tables the slow, plain way, from the root down, every entry of every table. It shares no code with the
 * mapper under test: its numbers come from the processor manual.
 */
export interface Leaf {
  /** Sign-extended, as 64 bits. */
  readonly gva: bigint;
  readonly gpa: number;
  readonly entryLow: number;
  readonly noExecute: boolean;
}

export interface Walk {
  readonly leaves: Leaf[];
  /** GPAs of all tables met, in the order met. */
  readonly tables: number[];
  /** The low 12 bits of upper entries, each with whether a user leaf is below. */
  readonly uppers: { readonly low: number; readonly high: number; readonly userBelow: boolean }[];
}

export function walkAll(bytes: Uint8Array, baseGpa: number): Walk {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const walk: Walk = { leaves: [], tables: [], uppers: [] };
  visit(baseGpa, 4, 0n);
  return walk;

  /** Returns whether any leaf below is a user's. */
  function visit(table: number, level: number, prefix: bigint): boolean {
    walk.tables.push(table);
    let anyUser = false;
    for (let index = 0; index < 512; index++) {
      const at = table - baseGpa + index * 8;
      const low = view.getUint32(at, true);
      const high = view.getUint32(at + 4, true);
      if (low === 0 && high === 0) continue;
      if (low % 2 === 0) throw new Error(`entry ${index} of table ${table} is neither 0 nor present`);
      const target = (high % 0x8000_0000) * 2 ** 32 + (low - (low % 4096));
      const path = prefix * 512n + BigInt(index);
      if (level > 1) {
        const userBelow = visit(target, level - 1, path);
        walk.uppers.push({ low: low % 4096, high, userBelow });
        anyUser ||= userBelow;
        continue;
      }
      const address = path * 4096n;
      const gva = address >= 2n ** 47n ? address + 2n ** 64n - 2n ** 48n : address;
      walk.leaves.push({ gva, gpa: target, entryLow: low % 4096, noExecute: high >= 2 ** 31 });
      anyUser ||= (low & 4) !== 0;
    }
    return anyUser;
  }
}
