/** Reads the dynamic section: finds the relocations, and refuses what needs a dynamic linker. */
import { SnapvmError } from '../../base/errors.js';
import { hex, printable, untilNul } from '../../base/numbers.js';
import type { ElfSegment } from './segments.js';

/** A relocation table (Elf64_Rela), wholly inside the file part of a segment. */
export interface RelaTable {
  readonly name: 'DT_RELA' | 'DT_JMPREL';
  readonly bytes: Uint8Array;
}

export interface DynamicTable {
  /** The first entry of each tag. */
  readonly entries: ReadonlyMap<number, bigint>;
}

export const RELA_BYTES = 24;

const DT = {
  needed: 1,
  pltRelBytes: 2,
  stringTable: 5,
  rela: 7,
  relaBytes: 8,
  relaEntry: 9,
  rel: 17,
  relBytes: 18,
  pltRel: 20,
  jmpRel: 23,
  relrBytes: 35,
  relr: 36,
} as const;

/** @throws SnapvmError SNAPVM_ELF_DYNAMIC when a shared library is needed */
export function dynamicTable(
  section: Uint8Array,
  segments: readonly ElfSegment[],
  file: Uint8Array,
): DynamicTable {
  const entries = new Map<number, bigint>();
  const view = new DataView(section.buffer, section.byteOffset, section.byteLength);
  for (let at = 0; at + 16 <= section.byteLength; at += 16) {
    const tag = view.getBigUint64(at, true);
    if (tag === 0n) break;
    if (tag <= 0xffffn && !entries.has(Number(tag)))
      entries.set(Number(tag), view.getBigUint64(at + 8, true));
  }
  const needed = entries.get(DT.needed);
  if (needed !== undefined) {
    const strings = fileAt(segments, file, entries.get(DT.stringTable) ?? 0n);
    const known = strings !== undefined && needed < strings.length;
    const library = known ? printable(untilNul(strings.subarray(Number(needed)))) : '(name unreadable)';
    throw new SnapvmError(
      'SNAPVM_ELF_DYNAMIC',
      `the ELF needs the shared library "${library}" (DT_NEEDED); link it statically: -static`,
      { library },
    );
  }
  return { entries };
}

/**
 * The relocation tables, bounds-checked. Only Elf64_Rela is read: it is what x86-64 linkers write.
 * @throws SnapvmError SNAPVM_ELF_RELOCATION
 */
export function relaTables(
  { entries }: DynamicTable,
  segments: readonly ElfSegment[],
  file: Uint8Array,
): RelaTable[] {
  refuse(entries, DT.rel, DT.relBytes, 'DT_REL', 'x86-64 uses DT_RELA');
  refuse(entries, DT.relr, DT.relrBytes, 'DT_RELR', 'link with -Wl,-z,nopack-relative-relocs');
  const pltKind = entries.get(DT.pltRel);
  if (pltKind !== undefined && pltKind !== BigInt(DT.rela)) {
    throw new SnapvmError(
      'SNAPVM_ELF_RELOCATION',
      `DT_PLTREL is ${pltKind}; it must be ${DT.rela} (DT_RELA)`,
    );
  }
  const entryBytes = entries.get(DT.relaEntry);
  if (entryBytes !== undefined && entryBytes !== BigInt(RELA_BYTES)) {
    throw new SnapvmError('SNAPVM_ELF_RELOCATION', `DT_RELAENT is ${entryBytes}; it must be ${RELA_BYTES}`);
  }
  const tables: RelaTable[] = [];
  for (const [name, tag, bytesTag, bytesName] of [
    ['DT_RELA', DT.rela, DT.relaBytes, 'DT_RELASZ'],
    ['DT_JMPREL', DT.jmpRel, DT.pltRelBytes, 'DT_PLTRELSZ'],
  ] as const) {
    const address = entries.get(tag);
    const bytes = entries.get(bytesTag) ?? 0n;
    if (bytes === 0n) continue;
    if (address === undefined) {
      throw new SnapvmError(
        'SNAPVM_ELF_RELOCATION',
        `${bytesName} is ${hex(bytes)}, but there is no ${name}`,
      );
    }
    if (bytes % BigInt(RELA_BYTES) !== 0n) {
      throw new SnapvmError(
        'SNAPVM_ELF_RELOCATION',
        `${bytesName} is ${hex(bytes)}, not a multiple of ${RELA_BYTES}`,
      );
    }
    const table = fileAt(segments, file, address);
    if (table === undefined || table.length < bytes) {
      throw new SnapvmError(
        'SNAPVM_ELF_RELOCATION',
        `the relocation table at ${name} ${hex(address)} with ${bytesName} ${hex(bytes)} lies outside what the segments load from the file`,
      );
    }
    tables.push({ name, bytes: table.subarray(0, Number(bytes)) });
  }
  return tables;
}

function refuse(
  entries: ReadonlyMap<number, bigint>,
  tag: number,
  bytesTag: number,
  name: string,
  hint: string,
): void {
  const bytes = entries.get(bytesTag) ?? 0n;
  if (bytes === 0n && !entries.has(tag)) return;
  throw new SnapvmError(
    'SNAPVM_ELF_RELOCATION',
    `relocations of the kind ${name} (${name}SZ ${hex(bytes)}) are not supported: ${hint}`,
  );
}

/** The file bytes a segment loads at a link-time address, up to the end of the segment's file part. */
function fileAt(segments: readonly ElfSegment[], file: Uint8Array, address: bigint): Uint8Array | undefined {
  for (const { start, offset, fileBytes } of segments) {
    if (address < start || address >= start + BigInt(fileBytes)) continue;
    return file.subarray(offset + Number(address - start), offset + fileBytes);
  }
  return undefined;
}
