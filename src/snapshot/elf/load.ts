/** Puts an ELF's content into the image and relocates it. */
import { SnapvmError } from '../../base/errors.js';
import { hex, Pacer } from '../../base/numbers.js';
import type { Image } from '../image.js';
import { RELA_BYTES, relaTables } from './dynamic.js';
import type { ElfFile } from './elf.js';

/** Where a segment went: link-time addresses, and the image offset of its first byte. */
export interface LoadedSegment {
  readonly start: bigint;
  readonly end: bigint;
  readonly imageOffset: number;
}

const RELOCATION_SLICE = 1 << 14;
const POINTER_BYTES = 8n;

const R_X86_64_NONE = 0;
const R_X86_64_RELATIVE = 8;
const RELOCATION_NAMES: Readonly<Record<number, string>> = {
  1: 'R_X86_64_64',
  5: 'R_X86_64_COPY',
  6: 'R_X86_64_GLOB_DAT',
  7: 'R_X86_64_JUMP_SLOT',
  16: 'R_X86_64_DTPMOD64',
  18: 'R_X86_64_TPOFF64',
  37: 'R_X86_64_IRELATIVE',
};

/** Copies the file part of every segment; the rest of the image is zero already. */
export async function loadSegments(
  elf: ElfFile,
  loaded: readonly LoadedSegment[],
  image: Image,
): Promise<void> {
  for (const [index, { offset, fileBytes }] of elf.segments.entries()) {
    const base = loaded[index]?.imageOffset ?? 0;
    await image.writeLarge(base, elf.bytes.subarray(offset, offset + fileBytes));
  }
}

/**
 * Applies R_X86_64_RELATIVE against the address the guest runs at. The tables are read from the file, so what a
 * relocation overwrites cannot change those that follow.
 * @throws SnapvmError SNAPVM_ELF_RELOCATION
 */
export async function relocate(
  elf: ElfFile,
  bias: bigint,
  loaded: readonly LoadedSegment[],
  image: Image,
): Promise<void> {
  const pacer = new Pacer(RELOCATION_SLICE);
  const value = new DataView(new ArrayBuffer(Number(POINTER_BYTES)));
  const valueBytes = new Uint8Array(value.buffer);
  for (const { name, bytes } of relaTables(elf.dynamic, elf.segments, elf.bytes)) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < bytes.byteLength; at += RELA_BYTES) {
      if (pacer.spend(1)) await pacer.turn();
      const type = view.getUint32(at + 8, true);
      if (type === R_X86_64_NONE) continue;
      if (type !== R_X86_64_RELATIVE) throw unsupported(name, at / RELA_BYTES, type);
      const target = view.getBigUint64(at, true);
      const home = segmentAt(loaded, target);
      if (home === undefined || target + POINTER_BYTES > home.end) {
        throw new SnapvmError(
          'SNAPVM_ELF_RELOCATION',
          `r_offset of relocation ${at / RELA_BYTES} in ${name} is ${hex(target)}: its 8 bytes do not lie in one segment of the image`,
        );
      }
      value.setBigUint64(0, BigInt.asUintN(64, view.getBigUint64(at + 16, true) + bias), true);
      image.write(home.imageOffset + Number(target - home.start), valueBytes);
    }
  }
}

function unsupported(table: string, index: number, type: number): SnapvmError {
  const name = RELOCATION_NAMES[type];
  const hint =
    type === 37
      ? 'a static PIE of glibc resolves these itself when it starts as a Linux program; for an SDK guest link with -static and without -pie'
      : 'only R_X86_64_RELATIVE needs no dynamic linker; link with -static or -static-pie -nostdlib';
  return new SnapvmError(
    'SNAPVM_ELF_RELOCATION',
    `r_info of relocation ${index} in ${table} has type ${type}${name === undefined ? '' : ` (${name})`}: ${hint}`,
    { type },
  );
}

function segmentAt(loaded: readonly LoadedSegment[], address: bigint): LoadedSegment | undefined {
  let low = 0;
  let high = loaded.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const segment = loaded[middle];
    if (segment !== undefined && segment.start <= address) low = middle + 1;
    else high = middle;
  }
  return loaded[low - 1];
}
