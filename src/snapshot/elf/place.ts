/** Decides where an ELF runs: the distance it is moved by, its page runs with their rights, its entry point. */
import { KERNEL_HIGH_BASE, MAX_IMAGE_BYTES, USER } from '../../base/abi.js';
import { SnapvmError } from '../../base/errors.js';
import { EXECUTE, hex, pageCeil, pageFloor, READ, rightsText, WRITE } from '../../base/numbers.js';
import type { Privilege } from '../../wire/descriptor.js';
import type { ElfFile } from './elf.js';
import type { ElfSegment } from './segments.js';

/** Pages that follow each other and have the same rights, at the address they run at. */
export interface PageRun {
  readonly gva: bigint;
  readonly bytes: number;
  readonly flags: number;
}

export interface Placement {
  /** Run-time address minus link-time address; may be negative. */
  readonly bias: bigint;
  /** Run-time entry address, inside an executable segment. */
  readonly entry: bigint;
  readonly runs: readonly PageRun[];
}

/**
 * A supervisor guest becomes one run with every right at KERNEL_HIGH_BASE, as in Hyperlight; a user guest one run per
 * stretch of equal rights.
 * @throws SnapvmError SNAPVM_ELF_ADDRESS, _ENTRY, _RIGHTS, _SHARED_PAGE, SNAPVM_SNAPSHOT_TOO_LARGE
 */
export function placeElf(elf: ElfFile, privilege: Privilege): Placement {
  const bias = privilege === 'supervisor' ? supervisorBias(elf) : userBias(elf);
  checkEntry(elf);
  const runs = privilege === 'supervisor' ? [wholeRun(elf, bias)] : rightsRuns(elf.segments, bias);
  return { bias, entry: elf.entry + bias, runs };
}

function supervisorBias(elf: ElfFile): bigint {
  if (elf.kind === 'exec' && elf.lowest !== KERNEL_HIGH_BASE) {
    throw new SnapvmError(
      'SNAPVM_ELF_ADDRESS',
      `the lowest page of the ET_EXEC (p_vaddr) is ${hex(elf.lowest)}; a supervisor guest runs at ${hex(KERNEL_HIGH_BASE)}: link it there (-Wl,-Ttext-segment=${hex(KERNEL_HIGH_BASE)}) or as a static PIE`,
    );
  }
  return KERNEL_HIGH_BASE - elf.lowest;
}

function userBias(elf: ElfFile): bigint {
  if (elf.kind === 'exec') {
    if (elf.lowest < USER.execMin || elf.highest > USER.execMax) {
      throw new SnapvmError(
        'SNAPVM_ELF_ADDRESS',
        `the pages of the ET_EXEC (p_vaddr) span ${hex(elf.lowest)} to ${hex(elf.highest)}; a user guest has ${hex(USER.execMin)} to ${hex(USER.execMax)}: link it there or as a static PIE`,
      );
    }
    return 0n;
  }
  const end = USER.dynBase + (elf.highest - elf.lowest);
  if (end > USER.peb) {
    throw new SnapvmError(
      'SNAPVM_ELF_ADDRESS',
      `the pages of the ET_DYN (p_vaddr) span ${hex(elf.lowest)} to ${hex(elf.highest)}: loaded at ${hex(USER.dynBase)} they would end at ${hex(end)}, past ${hex(USER.peb)}`,
    );
  }
  return USER.dynBase - elf.lowest;
}

function checkEntry({ entry, segments }: ElfFile): void {
  const home = segments.find(({ start, end }) => entry >= start && entry < end);
  if (home !== undefined && home.flags & EXECUTE) return;
  const where =
    home === undefined
      ? 'outside every PT_LOAD'
      : `in program header ${home.index}, which is ${rightsText(home.flags)}`;
  throw new SnapvmError(
    'SNAPVM_ELF_ENTRY',
    `e_entry is ${hex(entry)}, ${where}; it must lie in an executable segment`,
  );
}

function wholeRun(elf: ElfFile, bias: bigint): PageRun {
  const bytes = boundedBytes(elf.highest - elf.lowest);
  return { gva: elf.lowest + bias, bytes, flags: READ | WRITE | EXECUTE };
}

function rightsRuns(segments: readonly ElfSegment[], bias: bigint): PageRun[] {
  const runs: { gva: bigint; end: bigint; flags: number }[] = [];
  let previous: ElfSegment | undefined;
  for (const segment of segments) {
    const { index, flags } = segment;
    if (flags & WRITE && flags & EXECUTE) {
      throw new SnapvmError(
        'SNAPVM_ELF_RIGHTS',
        `p_flags of program header ${index} are ${rightsText(flags)}; memory of a user guest is writable or executable, never both (link without -N and -z rwx)`,
      );
    }
    const gva = pageFloor(segment.start) + bias;
    const end = pageCeil(segment.end) + bias;
    const last = runs.at(-1);
    if (last !== undefined && previous !== undefined && gva < last.end && flags !== last.flags) {
      throw new SnapvmError(
        'SNAPVM_ELF_SHARED_PAGE',
        `program headers ${previous.index} (${rightsText(previous.flags)}, ends at ${hex(previous.end)}) and ${index} (${rightsText(flags)}, p_vaddr ${hex(segment.start)}) share a page; link with -z separate-code and 4 KiB alignment`,
      );
    }
    if (last !== undefined && gva <= last.end && flags === last.flags) last.end = end;
    else runs.push({ gva, end, flags });
    previous = segment;
  }
  return runs.map(({ gva, end, flags }) => ({ gva, bytes: boundedBytes(end - gva), flags }));
}

/** A size as a number, once it is known to be one an image can have. */
function boundedBytes(bytes: bigint): number {
  if (bytes > MAX_IMAGE_BYTES) {
    throw new SnapvmError(
      'SNAPVM_SNAPSHOT_TOO_LARGE',
      `the segments of the ELF (p_memsz) take ${hex(bytes)} bytes of memory; an image has at most ${hex(MAX_IMAGE_BYTES)}`,
    );
  }
  return Number(bytes);
}
