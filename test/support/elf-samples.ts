/** ELF files that tests change one thing of. */
import { type ElfSpec, filled, makeElf, PF, PHDR, patched, rela, type SegmentSpec } from './elf-builder.js';
import { USER_EXEC } from './snapshot-build.js';

export const CODE: SegmentSpec = { vaddr: 0x40_0000n, flags: PF.rx, data: filled(0x100) };
export const MAX: bigint = 2n ** 64n - 1n;

export function exec(segments: readonly SegmentSpec[], rest: Partial<ElfSpec> = {}): Uint8Array {
  return makeElf({ type: 2, entry: 0x40_0010n, segments, ...rest });
}

export function withPhdr(index: number, field: Exclude<keyof typeof PHDR, 'at'>, value: bigint): Uint8Array {
  const width = field === 'type' || field === 'flags' ? 4 : 8;
  return patched(USER_EXEC, PHDR.at(index) + PHDR[field], width, value);
}

/** A static PIE: code, then data holding its relocation table at 0x2000 and 0x100 bytes of targets at 0x3000. */
export function pie(table: Uint8Array, dynamic: readonly (readonly [bigint, bigint])[]): Uint8Array {
  return makeElf({
    type: 3,
    entry: 0x10n,
    segments: [
      { vaddr: 0n, flags: PF.rx, data: filled(0x100) },
      { vaddr: 0x2000n, flags: PF.r, data: table },
      { vaddr: 0x3000n, flags: PF.rw, data: filled(0x100), memsz: 0x200n },
    ],
    dynamic,
  });
}

export const TABLE: Uint8Array = rela([{ offset: 0x3000n, type: 8n, addend: 0x18n }]);
