/**
 * Reads an ELF file: header, program headers, dynamic section, notes. Everything in the file is untrusted: numbers
 * stay bigint until they are checked, and no loop runs longer than the file itself allows.
 */
import { SnapvmError } from '../../base/errors.js';
import { hex, pageCeil, pageFloor, printable, untilNul } from '../../base/numbers.js';
import { type DynamicTable, dynamicTable } from './dynamic.js';
import { fileSlice, PROGRAM_HEADER_BYTES, type ProgramHeader, readProgramHeaders } from './headers.js';
import { type SdkNote, sdkNote } from './note.js';
import { type ElfSegment, loadableSegments } from './segments.js';

export interface ElfFile {
  readonly bytes: Uint8Array;
  readonly kind: 'exec' | 'dyn';
  /** Link-time entry address, not yet checked. */
  readonly entry: bigint;
  /** Ascending, disjoint, at least one. */
  readonly segments: readonly ElfSegment[];
  /** Lowest and highest link-time page boundary around all segments. */
  readonly lowest: bigint;
  readonly highest: bigint;
  readonly headers: { readonly offset: number; readonly count: number; readonly entryBytes: number };
  readonly dynamic: DynamicTable;
  /** What the SDK noted in the file (PT_NOTE, owner "snapvm", type 1). */
  readonly note: SdkNote | undefined;
}

const HEADER_BYTES = 64;
const MAX_DYNAMIC_BYTES = 0x1_0000;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const PT_NOTE = 4;

const TYPE_NAMES: Readonly<Record<number, string>> = {
  0: 'ET_NONE',
  1: 'ET_REL, an object file: link it first',
  4: 'ET_CORE, a core dump',
};
const MACHINE_NAMES: Readonly<Record<number, string>> = {
  3: 'i386',
  40: 'ARM',
  183: 'AArch64',
  243: 'RISC-V',
};

/** @throws SnapvmError SNAPVM_ELF_*, naming the field and its value */
export function parseElf(bytes: Uint8Array): ElfFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { kind } = checkIdentity(bytes, view);
  const programHeaders = readProgramHeaders(view);

  const interpreter = programHeaders.find((header) => header.type === PT_INTERP);
  if (interpreter !== undefined) {
    const name = printable(untilNul(fileSlice(bytes, interpreter, 'PT_INTERP')));
    throw new SnapvmError(
      'SNAPVM_ELF_DYNAMIC',
      `the ELF needs the interpreter "${name}" (PT_INTERP); link it statically: cc -static (or -static-pie)`,
      { interpreter: name },
    );
  }

  const segments = loadableSegments(programHeaders, bytes.length);
  const first = segments[0];
  const last = segments.at(-1);
  if (first === undefined || last === undefined) {
    throw new SnapvmError(
      'SNAPVM_ELF_NO_LOAD',
      `none of the ${programHeaders.length} program headers (e_phnum) is a PT_LOAD with a p_memsz above 0: there is nothing to run`,
    );
  }

  const notes = programHeaders
    .filter((header) => header.type === PT_NOTE)
    .map((header) => fileSlice(bytes, header, 'PT_NOTE'));

  return {
    bytes,
    kind,
    entry: view.getBigUint64(24, true),
    segments,
    lowest: pageFloor(first.start),
    highest: pageCeil(last.end),
    headers: {
      offset: Number(view.getBigUint64(32, true)),
      count: programHeaders.length,
      entryBytes: PROGRAM_HEADER_BYTES,
    },
    dynamic: dynamicTable(dynamicSection(programHeaders, bytes), segments, bytes),
    note: sdkNote(notes),
  };
}

function checkIdentity(bytes: Uint8Array, view: DataView): { kind: 'exec' | 'dyn' } {
  if (bytes.length < 4 || view.getUint32(0, false) !== 0x7f45_4c46) {
    const start = Buffer.from(bytes.subarray(0, 4)).toString('hex');
    throw new SnapvmError(
      'SNAPVM_ELF_MAGIC',
      `not an ELF file: it has ${bytes.length} bytes and starts with "${start}", not "7f454c46"`,
    );
  }
  if (bytes.length < HEADER_BYTES) {
    throw new SnapvmError(
      'SNAPVM_ELF_TRUNCATED',
      `the file has ${bytes.length} bytes; the ELF header alone needs ${HEADER_BYTES}`,
    );
  }
  const elfClass = view.getUint8(4);
  if (elfClass !== 2) {
    throw new SnapvmError(
      'SNAPVM_ELF_CLASS',
      `EI_CLASS is ${elfClass}${elfClass === 1 ? ' (32-bit)' : ''}; it must be 2 (64-bit)`,
    );
  }
  const data = view.getUint8(5);
  if (data !== 1) {
    throw new SnapvmError(
      'SNAPVM_ELF_ENDIAN',
      `EI_DATA is ${data}${data === 2 ? ' (big-endian)' : ''}; it must be 1 (little-endian)`,
    );
  }
  const machine = view.getUint16(18, true);
  if (machine !== 62) {
    const name = MACHINE_NAMES[machine];
    throw new SnapvmError(
      'SNAPVM_ELF_MACHINE',
      `e_machine is ${machine}${name === undefined ? '' : ` (${name})`}; it must be 62 (x86-64)`,
    );
  }
  const type = view.getUint16(16, true);
  if (type !== 2 && type !== 3) {
    const name = TYPE_NAMES[type];
    throw new SnapvmError(
      'SNAPVM_ELF_TYPE',
      `e_type is ${type}${name === undefined ? '' : ` (${name})`}; it must be 2 (ET_EXEC) or 3 (static ET_DYN)`,
    );
  }
  return { kind: type === 2 ? 'exec' : 'dyn' };
}

/**
 * The bytes of the dynamic section. Its size is limited, as it is searched in one go: a real one has a few
 * hundred.
 */
function dynamicSection(headers: readonly ProgramHeader[], bytes: Uint8Array): Uint8Array {
  const [header, second] = headers.filter(({ type }) => type === PT_DYNAMIC);
  if (header === undefined) return new Uint8Array();
  if (second !== undefined) {
    throw new SnapvmError(
      'SNAPVM_ELF_SEGMENT',
      `program headers ${header.index} and ${second.index} are both PT_DYNAMIC; an ELF has one at most`,
    );
  }
  if (header.fileBytes > MAX_DYNAMIC_BYTES) {
    throw new SnapvmError(
      'SNAPVM_ELF_SEGMENT',
      `p_filesz of program header ${header.index} (PT_DYNAMIC) is ${hex(header.fileBytes)}; at most ${hex(MAX_DYNAMIC_BYTES)} are read`,
    );
  }
  return fileSlice(bytes, header, 'PT_DYNAMIC');
}
