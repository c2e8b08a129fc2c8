/** x86-64 page tables: map, walk, translate. All leaves are 4 KiB. */
import { PAGE } from '../base/abi.js';
import { SnapvmError } from '../base/errors.js';
import { ADDRESS_END, EXECUTE, hex, READ, WRITE } from '../base/numbers.js';

/** Bits of a page table entry. */
const PRESENT = 1;
const WRITABLE = 2;
const USER_BIT = 4;
/** Set from the start: the processor then never writes an entry, so tables stay as built until a guest is at work. */
const ACCESSED = 0x20;
const DIRTY = 0x40;
const LARGE = 0x80n;
/** Bit 63, as bit 31 of an entry's upper half. */
const NO_EXECUTE_HIGH = 0x8000_0000;
const NO_EXECUTE = 1n << 63n;
const ADDRESS_MASK = 0x000f_ffff_ffff_f000n;

const ENTRIES = 512;
const UPPER_SHIFTS = [39n, 30n, 21n] as const;
const LEAF_SHIFT = 12n;
const LEAF_TABLE_SHIFT = 21n;

export interface Mapping {
  readonly gpa: number;
  readonly gva: bigint;
  readonly bytes: number;
  readonly flags: number;
  readonly user: boolean;
}

/** Reading of page tables wherever they are. Never throws: what is outside reads as 0, which is not present. */
export interface TableReadOps {
  /** GPA of the root table. */
  readonly rootTable: bigint;
  /** The little-endian 8 bytes at a GPA, 0 unless all of them are inside. */
  readEntry(address: bigint): bigint;
}

/** What the tables say about a guest virtual address. */
export interface Translation {
  /** Where it is. */
  readonly gpa: number;
  /** READ 1, WRITE 2, EXECUTE 4. */
  readonly flags: number;
  /** Whether ring 3 may use it. */
  readonly user: boolean;
}

/** What a page table entry lets be done with what is below it. */
export interface Grant {
  /** READ 1, WRITE 2, EXECUTE 4. */
  readonly flags: number;
  /** Whether ring 3 may use it. */
  readonly user: boolean;
}

/** A page that the tables map. */
export interface MappedPage extends Grant {
  /** Where it is. */
  readonly gpa: number;
}

const EVERYTHING: Grant = { flags: READ | WRITE | EXECUTE, user: true };

/** Builds tables that stand at `baseGpa`, the root first, the others in order of need. */
export class PageTableBuilder {
  readonly #baseGpa: number;
  /** Each table as 512 pairs of 32-bit halves: bigint entries would take twenty times as long to fill. */
  readonly #tables: Uint32Array[] = [new Uint32Array(ENTRIES * 2)];

  constructor(baseGpa: number) {
    this.#baseGpa = baseGpa;
  }

  get byteLength(): number {
    return this.#tables.length * PAGE;
  }

  /** @throws SnapvmError SNAPVM_INTERNAL when a page of it is mapped already */
  map({ gpa, gva, bytes, flags, user }: Mapping): void {
    const low = PRESENT | ACCESSED | DIRTY | (user ? USER_BIT : 0) | (flags & WRITE ? WRITABLE : 0);
    const high = flags & EXECUTE ? 0 : NO_EXECUTE_HIGH;
    let page = gpa;
    let address = gva;
    const end = gpa + bytes;
    while (page < end) {
      const table = this.#leafTable(address, user);
      const first = Number((address >> LEAF_SHIFT) & 511n);
      const count = Math.min(ENTRIES - first, (end - page) / PAGE);
      for (let index = first; index < first + count; index++) {
        if (table[index * 2] !== 0) {
          throw new SnapvmError('SNAPVM_INTERNAL', `a page at GVA ${hex(address)} would be mapped twice`);
        }
        table[index * 2] = (page | low) >>> 0;
        table[index * 2 + 1] = Math.floor(page / 0x1_0000_0000) + high;
        page += PAGE;
      }
      address += BigInt(count * PAGE);
    }
  }

  /** Makes the tables for addresses that are mapped while the guest runs. */
  reserve({ gva, bytes }: { readonly gva: bigint; readonly bytes: number }): void {
    const end = gva + BigInt(bytes);
    for (let at = gva; at < end; at = ((at >> LEAF_TABLE_SHIFT) + 1n) << LEAF_TABLE_SHIFT)
      this.#leafTable(at, true);
  }

  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.byteLength);
    for (const [index, table] of this.#tables.entries()) {
      bytes.set(new Uint8Array(table.buffer), index * PAGE);
    }
    return bytes;
  }

  /** Goes down to the table that holds the leaf of an address, adding tables and user rights on the way. */
  #leafTable(address: bigint, user: boolean): Uint32Array {
    let table = this.#table(0);
    for (const shift of UPPER_SHIFTS) {
      const index = Number((address >> shift) & 511n) * 2;
      const entry = table[index] ?? 0;
      let child: number;
      if (entry & PRESENT) {
        const childGpa = (table[index + 1] ?? 0) * 0x1_0000_0000 + ((entry & ~0xfff) >>> 0);
        child = (childGpa - this.#baseGpa) / PAGE;
      } else {
        child = this.#tables.push(new Uint32Array(ENTRIES * 2)) - 1;
        const childGpa = this.#baseGpa + child * PAGE;
        table[index] = (childGpa | PRESENT | WRITABLE | ACCESSED) >>> 0;
        table[index + 1] = Math.floor(childGpa / 0x1_0000_0000);
      }
      if (user) table[index] = ((table[index] ?? 0) | USER_BIT) >>> 0;
      table = this.#table(child);
    }
    return table;
  }

  #table(index: number): Uint32Array {
    const table = this.#tables[index];
    if (table === undefined) throw new SnapvmError('SNAPVM_INTERNAL', `there is no page table ${index}`);
    return table;
  }
}

/** An entry on the way from the root table to a page. */
export interface TableStep {
  /** GPA of the entry. */
  readonly address: bigint;
  readonly entry: bigint;
  /** Bits of the GVA below this entry's reach: 39, 30, 21, 12. */
  readonly shift: bigint;
  /** Whether it maps memory instead of leading to another table. */
  readonly leaf: boolean;
}

/** The entries the processor reads for a GVA, from the root down: up to the leaf or the first that is not present. */
export function walk(tables: TableReadOps, gva: bigint): TableStep[] {
  const steps: TableStep[] = [];
  let table = tables.rootTable;
  for (const shift of [...UPPER_SHIFTS, LEAF_SHIFT]) {
    const address = table + ((gva >> shift) & 511n) * 8n;
    const entry = tables.readEntry(address);
    const present = (entry & BigInt(PRESENT)) !== 0n;
    const leaf = present && (shift === LEAF_SHIFT || (shift !== 39n && (entry & LARGE) !== 0n));
    steps.push({ address, entry, shift, leaf });
    if (!present || leaf) break;
    table = entry & ADDRESS_MASK;
  }
  return steps;
}

/**
 * Where a GVA leads, by untrusted tables as by good ones: rights are those every level grants, large pages (a
 * supervisor guest may make some) included. `undefined` when nothing is mapped or the GVA is not canonical.
 */
export function translate(tables: TableReadOps, gva: bigint): Translation | undefined {
  if (gva < 0n || gva >= ADDRESS_END || BigInt.asUintN(64, BigInt.asIntN(48, gva)) !== gva) return undefined;
  const steps = walk(tables, gva);
  const last = steps.at(-1);
  if (last === undefined || !last.leaf) return undefined;
  const inside = (1n << last.shift) - 1n;
  const gpa = (last.entry & ADDRESS_MASK & ~inside) | (gva & inside);
  return { gpa: Number(gpa), ...steps.reduce((grant, { entry }) => narrow(grant, entry), EVERYTHING) };
}

/** Each page of 4 KiB that tables map which `PageTableBuilder` built: `bytes` of them, the root first, at `baseGpa`. */
export function* mappedPages(bytes: Uint8Array, baseGpa: number): Generator<MappedPage> {
  const tables = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  function* visit(offset: number, levelsBelow: number, above: Grant): Generator<MappedPage> {
    for (let index = 0; index < ENTRIES; index++) {
      const entry = tables.getBigUint64(offset + index * 8, true);
      if ((entry & BigInt(PRESENT)) === 0n) continue;
      const grant = narrow(above, entry);
      const gpa = Number(entry & ADDRESS_MASK);
      if (levelsBelow === 0) yield { gpa, ...grant };
      else yield* visit(gpa - baseGpa, levelsBelow - 1, grant);
    }
  }
  yield* visit(0, UPPER_SHIFTS.length, EVERYTHING);
}

/** What is granted below an entry: the entries on the way to a page all have to grant a right. */
function narrow({ flags, user }: Grant, entry: bigint): Grant {
  const has = (bit: number): boolean => (entry & BigInt(bit)) !== 0n;
  const taken = (has(WRITABLE) ? 0 : WRITE) | ((entry & NO_EXECUTE) === 0n ? 0 : EXECUTE);
  return { flags: flags & ~taken, user: user && has(USER_BIT) };
}
