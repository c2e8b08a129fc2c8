/** The PT_LOAD segments of an ELF, checked. */
import { SnapvmError } from '../../base/errors.js';
import { ADDRESS_END, EXECUTE, hex, READ, WRITE } from '../../base/numbers.js';
import type { ProgramHeader } from './headers.js';

/** One PT_LOAD that holds at least a byte, checked: its file part lies in the file, its addresses do not wrap. */
export interface ElfSegment {
  /** Index of its program header, for messages. */
  readonly index: number;
  /** Link-time address (p_vaddr) of the first byte, and of the one after the last. */
  readonly start: bigint;
  readonly end: bigint;
  /** Where its content stands in the file; memory past `fileBytes` is zero. */
  readonly offset: number;
  readonly fileBytes: number;
  /** READ, WRITE, EXECUTE. READ is always set: x86-64 has no page that is present and cannot be read. */
  readonly flags: number;
}

const PT_LOAD = 1;

/** The segments that hold at least a byte. @throws SnapvmError SNAPVM_ELF_SEGMENT, SNAPVM_ELF_OVERLAP */
export function loadableSegments(headers: readonly ProgramHeader[], fileLength: number): ElfSegment[] {
  const segments: ElfSegment[] = [];
  for (const header of headers) {
    if (header.type !== PT_LOAD) continue;
    const { index, address: start, offset, fileBytes, memoryBytes } = header;
    const of = `of program header ${index} (PT_LOAD)`;
    if (fileBytes > memoryBytes) {
      throw new SnapvmError(
        'SNAPVM_ELF_SEGMENT',
        `p_filesz ${of} is ${hex(fileBytes)}, more than its p_memsz ${hex(memoryBytes)}`,
      );
    }
    if (memoryBytes === 0n) continue;
    // Without file bytes the offset means nothing: linkers put the one of a .bss past the end of a short file.
    if (fileBytes > 0n && offset + fileBytes > fileLength) {
      throw new SnapvmError(
        'SNAPVM_ELF_SEGMENT',
        `p_offset ${hex(offset)} and p_filesz ${hex(fileBytes)} ${of} end at ${hex(offset + fileBytes)}, past the end of the file at ${hex(fileLength)}`,
      );
    }
    const end = start + memoryBytes;
    if (end > ADDRESS_END) {
      throw new SnapvmError(
        'SNAPVM_ELF_SEGMENT',
        `p_vaddr ${hex(start)} and p_memsz ${hex(memoryBytes)} ${of} wrap around the address space`,
      );
    }
    const previous = segments.at(-1);
    if (previous !== undefined && start < previous.end) {
      throw new SnapvmError(
        'SNAPVM_ELF_OVERLAP',
        `p_vaddr ${of} is ${hex(start)}, below the end ${hex(previous.end)} of program header ${previous.index}: PT_LOADs must ascend and not overlap`,
      );
    }
    segments.push({
      index,
      start,
      end,
      offset: fileBytes === 0n ? 0 : Number(offset),
      fileBytes: Number(fileBytes),
      flags: READ | (header.flags & 2 ? WRITE : 0) | (header.flags & 1 ? EXECUTE : 0),
    });
  }
  return segments;
}
