/** What is known of a guest binary: for reports, for debuggers, and for starting Linux programs. Never hashed. */
import type { ElfFile } from './elf/elf.js';
import type { Placement } from './elf/place.js';

/** A PT_LOAD segment as it was loaded. */
export interface LoadedSegmentInfo {
  /** Run-time address, a GVA. */
  readonly address: bigint;
  /** Size in memory. */
  readonly memoryBytes: bigint;
  /** Bytes that come from the file; the rest is zero. */
  readonly fileBytes: number;
  /** READ 1, WRITE 2, EXECUTE 4, as the ELF asks. */
  readonly flags: number;
}

/** The program headers of a loaded binary. */
export interface ProgramHeaders {
  /** A GVA. */
  readonly address: bigint;
  /** How many there are. */
  readonly count: number;
  /** Size of each, in bytes. */
  readonly entryBytes: number;
}

/** What is known of a guest binary: for reports, debuggers, and for starting Linux programs. Never hashed. */
export interface LoadInfo {
  /** Absolute path of the binary, links resolved; absent when it was given as bytes. */
  readonly path?: string;
  /** ET_EXEC, at its own addresses, or ET_DYN, moved by `bias`. */
  readonly kind: 'exec' | 'dyn';
  /** Run-time address minus link-time address: what a debugger adds to the ELF's symbols. May be negative. */
  readonly bias: bigint;
  /** Run-time entry address. */
  readonly entry: bigint;
  /** Ascending. */
  readonly segments: readonly LoadedSegmentInfo[];
  /** Where the program headers are in memory (a Linux program is told so); absent when no segment loads them. */
  readonly programHeaders?: ProgramHeaders;
  /** The guest ABI the SDK noted in the binary; absent without a note. Not checked. */
  readonly guestVersion?: number;
}

export function loadInfoOf(elf: ElfFile, { bias, entry }: Placement, path: string | undefined): LoadInfo {
  const { offset, count, entryBytes } = elf.headers;
  const home = elf.segments.find(
    (segment) =>
      offset >= segment.offset && offset + count * entryBytes <= segment.offset + segment.fileBytes,
  );
  const segments = elf.segments.map(({ start, end, fileBytes, flags }) =>
    Object.freeze({ address: start + bias, memoryBytes: end - start, fileBytes, flags }),
  );
  return Object.freeze({
    ...(path !== undefined && { path }),
    kind: elf.kind,
    bias,
    entry,
    segments: Object.freeze(segments),
    ...(home !== undefined && {
      programHeaders: Object.freeze({
        address: home.start + BigInt(offset - home.offset) + bias,
        count,
        entryBytes,
      }),
    }),
    ...(elf.note !== undefined && { guestVersion: elf.note.version }),
  });
}
