/** Function symbols of a guest, for fault reports. A file with a malformed .symtab simply has no symbols. */
import { hex, PAGE_BIG, printable, untilNul } from '../../base/numbers.js';

const SECTION_HEADER_BYTES = 64;
const SYMBOL_BYTES = 24;
const SHT_SYMTAB = 2;
const STT_FUNC = 2;
/** They are sorted on the main thread when a guest first faults. The rest of a larger table is left out. */
const MAX_SYMBOLS = 1 << 16;

export interface FunctionSymbol {
  /** Address the function runs at. */
  readonly address: bigint;
  /** The function's size in bytes, 0 when the file does not say. */
  readonly size: bigint;
  readonly name: string;
}

interface Row {
  readonly address: bigint;
  readonly size: bigint;
  readonly nameAt: number;
}

/**
 * The function symbols, sorted on first use: most snapshots never fault.
 */
export class SymbolTable {
  readonly #symbols: Uint8Array;
  readonly #strings: Uint8Array;
  readonly #bias: bigint;
  #rows: readonly Row[] | undefined;

  /** Copies the two sections out of the file, so that the file need not stay in memory. */
  constructor(file: Uint8Array, bias: bigint) {
    const sections = findSections(file);
    this.#symbols = sections === undefined ? new Uint8Array() : new Uint8Array(sections.symbols);
    this.#strings = sections === undefined ? new Uint8Array() : new Uint8Array(sections.strings);
    this.#bias = bias;
  }

  /** Every function, ascending by address. */
  list(): FunctionSymbol[] {
    return this.#sorted().map(({ address, size, nameAt }) => ({ address, size, name: this.#name(nameAt) }));
  }

  /** `name+0x12` for an address inside a function, else `undefined`. */
  symbolize(address: bigint): string | undefined {
    const rows = this.#sorted();
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = rows[middle];
      if (row !== undefined && row.address <= address) low = middle + 1;
      else high = middle;
    }
    const row = rows[low - 1];
    if (row === undefined) return undefined;
    // Hand-written assembly often leaves the size out: such a function reaches up to the next one, the last a page.
    const end = row.size === 0n ? (rows[low]?.address ?? row.address + PAGE_BIG) : row.address + row.size;
    return address < end ? `${this.#name(row.nameAt)}+${hex(address - row.address)}` : undefined;
  }

  #name(at: number): string {
    return printable(untilNul(this.#strings.subarray(at, at + 256)));
  }

  #sorted(): readonly Row[] {
    this.#rows ??= this.#read();
    return this.#rows;
  }

  #read(): Row[] {
    const view = new DataView(this.#symbols.buffer, this.#symbols.byteOffset, this.#symbols.byteLength);
    const count = Math.min(Math.floor(this.#symbols.length / SYMBOL_BYTES), MAX_SYMBOLS);
    const rows: Row[] = [];
    for (let at = 0; at < count * SYMBOL_BYTES; at += SYMBOL_BYTES) {
      const nameAt = view.getUint32(at, true);
      const defined = view.getUint16(at + 6, true) !== 0;
      if ((view.getUint8(at + 4) & 0xf) !== STT_FUNC || !defined || nameAt >= this.#strings.length) continue;
      const address = BigInt.asUintN(64, view.getBigUint64(at + 8, true) + this.#bias);
      rows.push({ address, size: view.getBigUint64(at + 16, true), nameAt });
    }
    // Of several names for one address the one with the largest size is kept last, where the search finds it.
    return rows.sort(
      (a, b) => compare(a.address, b.address) || compare(a.size, b.size) || b.nameAt - a.nameAt,
    );
  }
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function findSections(file: Uint8Array): { symbols: Uint8Array; strings: Uint8Array } | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const table = view.getBigUint64(40, true);
  const entryBytes = view.getUint16(58, true);
  const count = view.getUint16(60, true);
  if (entryBytes !== SECTION_HEADER_BYTES || table + BigInt(count * SECTION_HEADER_BYTES) > file.length) {
    return undefined;
  }
  const section = (index: number): Uint8Array | undefined => {
    if (index >= count) return undefined;
    const at = Number(table) + index * SECTION_HEADER_BYTES;
    const offset = view.getBigUint64(at + 24, true);
    const bytes = view.getBigUint64(at + 32, true);
    if (offset + bytes > file.length) return undefined;
    return file.subarray(Number(offset), Number(offset + bytes));
  };
  for (let index = 0; index < count; index++) {
    const at = Number(table) + index * SECTION_HEADER_BYTES;
    if (view.getUint32(at + 4, true) !== SHT_SYMTAB) continue;
    const symbols = section(index);
    const strings = section(view.getUint32(at + 40, true));
    if (symbols !== undefined && strings !== undefined) return { symbols, strings };
  }
  return undefined;
}
