/** Builds a snapshot: checks, reads, lays out, fills, maps, hashes, seals. */

import { addon } from '../addon/addon.js';
import { DEFAULT_MEMORY, INITIALISE_SEED, PAGE } from '../base/abi.js';
import { SnapvmError } from '../base/errors.js';
import { hex, roundUp } from '../base/numbers.js';
import {
  type CanonicalRegisters,
  DESCRIPTOR_VERSION,
  type Entry,
  type LinuxSpec,
  type MemoryShape,
  type SnapshotDescriptor,
} from '../wire/descriptor.js';
import { type ElfFile, parseElf } from './elf/elf.js';
import { type LoadedSegment, loadSegments, relocate } from './elf/load.js';
import { type Placement, placeElf } from './elf/place.js';
import { SymbolTable } from './elf/symbols.js';
import {
  type CheckedEnvironment,
  checkEnvironment,
  type GuestEnvironment,
  type SnapshotConfig,
} from './environment.js';
import { readGuestFile } from './guest-file.js';
import { type HashedPage, hashBuilt } from './hash.js';
import { nextSnapshotId } from './ids.js';
import { Image, type ImageFactory } from './image.js';
import { computeLayout, fileOffset, gpaOfOffset, type Layout } from './layout.js';
import { checkLinux, type LinuxProgram, linuxMemory, linuxSpec, sdkProgram } from './linux-program.js';
import { type LoadInfo, loadInfoOf } from './load-info.js';
import { checkMonitor, loadMonitor, monitorFor } from './monitor.js';
import { PageTableBuilder } from './page-tables.js';
import { pebBytes } from './peb.js';

/** Options of a build that only snapvm itself sets. */
export interface BuildInternals {
  /** Whether to apply the ELF's relocations. @default true, but for Linux programs, which apply their own */
  readonly relocate?: boolean;
  /** A Linux program, and what it finds. Absent: the guest is one of the SDK, or speaks its ABI. */
  readonly linux?: LinuxProgram;
  /** The monitor, instead of dist/guest/monitor.bin. */
  readonly monitor?: Uint8Array;
  /** The addon, instead of the one that is loaded. */
  readonly native?: ImageFactory;
}

/** Everything a snapshot is made of. */
export interface SnapshotParts {
  readonly descriptor: SnapshotDescriptor;
  readonly layout: Layout;
  readonly loadInfo: LoadInfo;
  readonly symbols: SymbolTable;
  readonly image: Image;
}

/** @throws SnapvmError SNAPVM_ELF_*, SNAPVM_CONFIG_*, SNAPVM_SNAPSHOT_*, SNAPVM_HOST_* */
export async function buildParts(
  environment: GuestEnvironment,
  config: SnapshotConfig,
  internals: BuildInternals,
): Promise<SnapshotParts> {
  const checked = checkEnvironment(environment, config);
  const { source, initData } = checked;
  const file: { readonly bytes: Uint8Array; readonly path?: string } =
    'path' in source ? await readGuestFile(source.path) : source;
  const elf = parseElf(file.bytes);
  const placement = placeElf(elf, checked.privilege);
  const program = internals.linux ?? (elf.note?.linux ? sdkProgram(file.path) : undefined);
  if (program !== undefined) checkLinux(checked);
  const layout = computeLayout({
    ...checked,
    heapBytes: checked.heapBytes ?? DEFAULT_MEMORY.heapBytes,
    stackBytes: checked.stackBytes ?? DEFAULT_MEMORY.stackBytes,
    ...(program !== undefined && linuxMemory(checked, program, placement)),
    runs: placement.runs,
    initData: initData && { bytes: initData.data.length, flags: initData.flags },
  });
  const kind = program === undefined || program.sdk ? 'initialise' : 'start';
  const monitor = await monitorBytes(checked, placement.entry, program, internals.monitor);
  const tailBytes = layout.tableBytes + layout.monitorBytes;
  const image = new Image(
    layout.imageBytes + tailBytes + roundUp(layout.fileBytes),
    internals.native ?? addon(),
  );
  try {
    const loaded = locateSegments(elf, placement, layout);
    await loadSegments(elf, loaded, image);
    if (internals.relocate ?? program === undefined) await relocate(elf, placement.bias, loaded, image);
    image.write(offsetOf(layout, layout.peb.gpa), pebBytes(layout));
    if (initData && layout.initData)
      await image.writeLarge(offsetOf(layout, layout.initData.gpa), initData.data);
    await image.writeSparse(layout.imageBytes, tableBytes(layout));
    image.write(layout.imageBytes + layout.tableBytes, monitor);
    if (program !== undefined) await image.writeLarge(layout.imageBytes + tailBytes, program.files);

    const entry: Entry = Object.freeze({ kind, address: placement.entry });
    const registers = initialRegisters(layout, checked.logLevel);
    const loadInfo = loadInfoOf(elf, placement, file.path);
    const linux = program && linuxSpec(program, loadInfo, layout);
    const hash = await hashBuilt(
      { privilege: layout.privilege, memory: layout, entry, registers, regions: layout.regions, linux },
      guestPages(image, layout),
    );
    image.seal();
    return {
      descriptor: describe(layout, entry, registers, hash, image.id, linux),
      layout,
      loadInfo,
      symbols: new SymbolTable(elf.bytes, placement.bias),
      image,
    };
  } catch (error) {
    image.close();
    throw error;
  }
}

async function monitorBytes(
  { privilege }: CheckedEnvironment,
  entry: bigint,
  program: LinuxProgram | undefined,
  given: Uint8Array | undefined,
): Promise<Uint8Array> {
  if (privilege === 'supervisor') return new Uint8Array();
  const bytes = given === undefined ? await loadMonitor() : checkMonitor(given, 'given to the build');
  // A Linux program begins with every register zero; rdx would be a function to call at its exit.
  return monitorFor(bytes, entry, program === undefined ? BigInt(PAGE) : 0n);
}

/** Where each segment starts in the image. Segments and runs both ascend, so one pass over both is enough. */
function locateSegments(elf: ElfFile, { bias, runs }: Placement, layout: Layout): LoadedSegment[] {
  const regions = new Map(layout.regions.map((region) => [region.gva, region]));
  let at = 0;
  return elf.segments.map(({ start, end }) => {
    const gva = start + bias;
    let run = runs[at];
    while (run !== undefined && gva >= run.gva + BigInt(run.bytes)) run = runs[++at];
    const home = run && regions.get(run.gva);
    if (home === undefined) {
      throw new SnapvmError('SNAPVM_INTERNAL', `no region holds the segment at ${hex(gva)}`);
    }
    return { start, end, imageOffset: offsetOf(layout, home.gpa + Number(gva - home.gva)) };
  });
}

function offsetOf(layout: Layout, gpa: number): number {
  const offset = fileOffset(layout, gpa);
  if (offset === undefined) throw new SnapvmError('SNAPVM_INTERNAL', `GPA ${hex(gpa)} is not in the image`);
  return offset;
}

function tableBytes(layout: Layout): Uint8Array {
  const tables = new PageTableBuilder(layout.ptBaseGpa);
  for (const region of layout.regions) tables.map(region);
  for (const window of layout.windows) tables.reserve(window);
  if (tables.byteLength !== layout.tableBytes) {
    throw new SnapvmError(
      'SNAPVM_INTERNAL',
      `the page tables have ${hex(tables.byteLength)} bytes; the layout foresaw ${hex(layout.tableBytes)}`,
    );
  }
  return tables.toBytes();
}

function* guestPages(image: Image, layout: Layout): Generator<HashedPage> {
  for (const { offset, bytes } of image.pages()) yield { gpa: gpaOfOffset(layout, offset), bytes };
}

/**
 * The registers with which a guest starts Initialise. RFLAGS bit 1 is always set; ring 3 also runs with
 * interrupts enabled.
 */
function initialRegisters(layout: Layout, logLevel: number): CanonicalRegisters {
  return Object.freeze({
    rsp: layout.stackTop - 8n,
    rdi: layout.peb.gva,
    rsi: INITIALISE_SEED,
    rdx: BigInt(PAGE),
    rcx: BigInt(logLevel),
    rflags: layout.privilege === 'user' ? 0x202n : 0x2n,
    fsBase: 0n,
    gsBase: 0n,
  });
}

function memoryShape(layout: Layout): MemoryShape {
  const { imageBytes, tableBytes, monitorBytes, scratchBytes, inputBytes, outputBytes } = layout;
  const { frameBytes, fileBytes } = layout;
  return {
    imageBytes,
    tableBytes,
    monitorBytes,
    scratchBytes,
    inputBytes,
    outputBytes,
    frameBytes,
    fileBytes,
  };
}

function describe(
  layout: Layout,
  entry: Entry,
  registers: CanonicalRegisters,
  hash: string,
  imageId: number,
  linux: LinuxSpec | undefined,
): SnapshotDescriptor {
  return Object.freeze({
    version: DESCRIPTOR_VERSION,
    id: nextSnapshotId(),
    hash,
    privilege: layout.privilege,
    memory: Object.freeze(memoryShape(layout)),
    layers: Object.freeze([Object.freeze({ imageId })]),
    entry,
    registers,
    functions: Object.freeze([]),
    ...(linux && { linux }),
  });
}
