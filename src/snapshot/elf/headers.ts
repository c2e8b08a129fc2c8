/** The program headers of an ELF, and the bytes they point to. */
import { SnapvmError } from '../../base/errors.js';
import { hex } from '../../base/numbers.js';

export interface ProgramHeader {
  readonly index: number;
  readonly type: number;
  readonly flags: number;
  readonly offset: bigint;
  readonly address: bigint;
  readonly fileBytes: bigint;
  readonly memoryBytes: bigint;
}

export const PROGRAM_HEADER_BYTES = 56;
/**
 * The most program headers: 64 KiB of them, as in Linux. This also limits the page tables a file can ask for.
 */
const MAX_PROGRAM_HEADERS = Math.floor(0x1_0000 / PROGRAM_HEADER_BYTES);

/** @throws SnapvmError SNAPVM_ELF_SEGMENT, SNAPVM_ELF_TRUNCATED */
export function readProgramHeaders(view: DataView): ProgramHeader[] {
  const offset = view.getBigUint64(32, true);
  const entryBytes = view.getUint16(54, true);
  const count = view.getUint16(56, true);
  if (count === 0) return [];
  if (entryBytes !== PROGRAM_HEADER_BYTES) {
    throw new SnapvmError(
      'SNAPVM_ELF_SEGMENT',
      `e_phentsize is ${entryBytes}; a 64-bit ELF has ${PROGRAM_HEADER_BYTES}`,
    );
  }
  if (count > MAX_PROGRAM_HEADERS) {
    throw new SnapvmError(
      'SNAPVM_ELF_SEGMENT',
      `e_phnum is ${count}; at most ${MAX_PROGRAM_HEADERS} are read`,
    );
  }
  const end = offset + BigInt(count * PROGRAM_HEADER_BYTES);
  if (end > view.byteLength) {
    throw new SnapvmError(
      'SNAPVM_ELF_TRUNCATED',
      `the program headers (e_phoff ${hex(offset)}, e_phnum ${count}) end at ${hex(end)}, past the end of the file at ${hex(view.byteLength)}`,
    );
  }
  return Array.from({ length: count }, (_, index) => {
    const at = Number(offset) + index * PROGRAM_HEADER_BYTES;
    return {
      index,
      type: view.getUint32(at, true),
      flags: view.getUint32(at + 4, true),
      offset: view.getBigUint64(at + 8, true),
      address: view.getBigUint64(at + 16, true),
      fileBytes: view.getBigUint64(at + 32, true),
      memoryBytes: view.getBigUint64(at + 40, true),
    };
  });
}

/** The file bytes of a header other than PT_LOAD. */
export function fileSlice(bytes: Uint8Array, header: ProgramHeader, name: string): Uint8Array {
  const end = header.offset + header.fileBytes;
  if (end > bytes.length) {
    throw new SnapvmError(
      'SNAPVM_ELF_TRUNCATED',
      `p_offset ${hex(header.offset)} and p_filesz ${hex(header.fileBytes)} of program header ${header.index} (${name}) end at ${hex(end)}, past the end of the file at ${hex(bytes.length)}`,
    );
  }
  return bytes.subarray(Number(header.offset), Number(end));
}
