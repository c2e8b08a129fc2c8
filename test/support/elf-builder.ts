/** Writes small ELF files by hand, right or wrong in every field. */

export const PF = { x: 1, w: 2, r: 4, rx: 5, rw: 6, rwx: 7 } as const;

export interface SegmentSpec {
  readonly vaddr: bigint;
  /** PF bits. */
  readonly flags: number;
  readonly data?: Uint8Array;
  /** Default: the length of `data`. */
  readonly memsz?: bigint;
}

export interface SymbolSpec {
  readonly name: string;
  readonly value: bigint;
  readonly size: bigint;
}

export interface ElfSpec {
  /** 2 ET_EXEC, 3 ET_DYN. */
  readonly type: number;
  readonly entry: bigint;
  readonly segments: readonly SegmentSpec[];
  readonly interpreter?: string;
  /** Tag and value; a DT_NULL is appended. */
  readonly dynamic?: readonly (readonly [bigint, bigint])[];
  readonly note?: Uint8Array;
  readonly symbols?: readonly SymbolSpec[];
}

export const PHDR = {
  at: (index: number): number => 64 + 56 * index,
  type: 0,
  flags: 4,
  offset: 8,
  vaddr: 16,
  filesz: 32,
  memsz: 40,
  align: 48,
} as const;

export function makeElf(spec: ElfSpec): Uint8Array {
  const headers: { type: number; flags: number; vaddr: bigint; data: Uint8Array; memsz: bigint }[] = [];
  for (const { vaddr, flags, data = new Uint8Array(), memsz } of spec.segments) {
    headers.push({ type: 1, flags, vaddr, data, memsz: memsz ?? BigInt(data.length) });
  }
  const other = (type: number, data: Uint8Array) =>
    headers.push({ type, flags: PF.r, vaddr: 0n, data, memsz: BigInt(data.length) });
  if (spec.interpreter !== undefined) other(3, Buffer.from(`${spec.interpreter}\0`));
  if (spec.dynamic !== undefined) other(2, words([...spec.dynamic, [0n, 0n] as const].flat()));
  if (spec.note !== undefined) other(4, spec.note);

  const file: Uint8Array[] = [];
  let offset = 64 + 56 * headers.length;
  const program = headers.map(({ type, flags, vaddr, data, memsz }) => {
    const header = Buffer.alloc(56);
    header.writeUInt32LE(type, 0);
    header.writeUInt32LE(flags, 4);
    header.writeBigUInt64LE(BigInt(offset), 8);
    header.writeBigUInt64LE(vaddr, 16);
    header.writeBigUInt64LE(vaddr, 24);
    header.writeBigUInt64LE(BigInt(data.length), 32);
    header.writeBigUInt64LE(memsz, 40);
    header.writeBigUInt64LE(0x1000n, 48);
    file.push(data);
    offset += data.length;
    return header;
  });

  const sections = spec.symbols === undefined ? [] : symbolSections(spec.symbols, offset);
  const elf = Buffer.alloc(64);
  elf.write('\x7fELF', 'latin1');
  elf.set([2, 1, 1], 4);
  elf.writeUInt16LE(spec.type, 16);
  elf.writeUInt16LE(62, 18);
  elf.writeUInt32LE(1, 20);
  elf.writeBigUInt64LE(spec.entry, 24);
  elf.writeBigUInt64LE(64n, 32);
  elf.writeBigUInt64LE(spec.symbols === undefined ? 0n : BigInt(offset), 40);
  elf.writeUInt16LE(64, 52);
  elf.writeUInt16LE(56, 54);
  elf.writeUInt16LE(headers.length, 56);
  elf.writeUInt16LE(64, 58);
  elf.writeUInt16LE(spec.symbols === undefined ? 0 : 3, 60);
  return new Uint8Array(Buffer.concat([elf, ...program, ...file, ...sections]));
}

/** Section headers (null, .symtab, .strtab), then the two tables. */
function symbolSections(symbols: readonly SymbolSpec[], offset: number): Uint8Array[] {
  let strings = '\0';
  const rows = symbols.map(({ name, value, size }) => {
    const row = Buffer.alloc(24);
    row.writeUInt32LE(strings.length, 0);
    row[4] = 0x12; // STB_GLOBAL, STT_FUNC
    row.writeUInt16LE(1, 6);
    row.writeBigUInt64LE(value, 8);
    row.writeBigUInt64LE(size, 16);
    strings += `${name}\0`;
    return row;
  });
  const table = Buffer.concat([Buffer.alloc(24), ...rows]);
  const header = (type: number, at: number, bytes: number, link: number): Buffer => {
    const section = Buffer.alloc(64);
    section.writeUInt32LE(type, 4);
    section.writeBigUInt64LE(BigInt(at), 24);
    section.writeBigUInt64LE(BigInt(bytes), 32);
    section.writeUInt32LE(link, 40);
    return section;
  };
  const start = offset + 3 * 64;
  const text = Buffer.from(strings, 'latin1');
  return [
    Buffer.alloc(64),
    header(2, start, table.length, 2),
    header(3, start + table.length, text.length, 0),
    table,
    text,
  ];
}

/** Little-endian 64-bit words. */
function words(values: readonly bigint[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt.asUintN(64, value), index * 8);
  return new Uint8Array(bytes);
}

/** An Elf64_Rela table. */
export function rela(rows: readonly { offset: bigint; type: bigint; addend: bigint }[]): Uint8Array {
  return words(rows.flatMap(({ offset, type, addend }) => [offset, type, addend]));
}

/** A copy with `width` bytes at `offset` replaced, little-endian. */
export function patched(file: Uint8Array, offset: number, width: 1 | 2 | 4 | 8, value: bigint): Uint8Array {
  const copy = Buffer.from(new Uint8Array(file).buffer);
  let rest = BigInt.asUintN(width * 8, value);
  for (let index = 0; index < width; index++) {
    copy[offset + index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return new Uint8Array(copy.buffer);
}

/** Bytes that are never zero and differ from place to place. */
export function filled(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => ((index * 7 + seed * 13) % 255) + 1);
}
