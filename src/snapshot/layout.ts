/** Computes where each part of a guest's memory is. Pure arithmetic: no buffers, no files. */
import {
  BASE_ADDRESS,
  EXCEPTION_STACK_TOP,
  KERNEL_HIGH_BASE,
  MAX_GPA,
  MAX_GVA,
  MAX_IMAGE_BYTES,
  MONITOR,
  PAGE,
  USER,
} from '../base/abi.js';
import { SnapvmError } from '../base/errors.js';
import { EXECUTE, READ, roundUp, WRITE } from '../base/numbers.js';
import type { MemoryShape, Privilege } from '../wire/descriptor.js';
import type { PageRun } from './elf/place.js';
import { fitScratch, type SizeRequest, tooLarge } from './layout-limits.js';
import { countTableBytes } from './table-count.js';

/** The parts of guest memory. */
export type RegionName =
  | 'code'
  | 'rodata'
  | 'data'
  | 'peb'
  | 'init data'
  | 'heap'
  | 'stack'
  | 'input'
  | 'output'
  | 'scratch'
  | 'monitor code'
  | 'monitor data'
  | 'monitor stub';

/** A mapped stretch of guest memory, in whole pages. Nothing else is mapped when the guest starts. */
export interface Region {
  /** Which part it is. */
  readonly name: RegionName;
  /** First guest physical address. */
  readonly gpa: number;
  /** Where the guest sees it: first guest virtual address. */
  readonly gva: bigint;
  /** Size, whole pages. */
  readonly bytes: number;
  /** READ 1, WRITE 2, EXECUTE 4. */
  readonly flags: number;
  /** Whether ring 3 may use it. */
  readonly user: boolean;
}

/** A part of guest memory by its exact size in bytes, which need not be whole pages. */
export interface Extent {
  /** First guest physical address. */
  readonly gpa: number;
  /** First guest virtual address. */
  readonly gva: bigint;
  /** Size in bytes. */
  readonly bytes: number;
}

export interface Layout extends MemoryShape {
  /** The ring the guest runs in. */
  readonly privilege: Privilege;
  /** Everything mapped: the image by GPA, then scratch. This is also the order of mapping. */
  readonly regions: readonly Region[];
  /** First GPA of scratch, where the input buffer is. */
  readonly scratchBaseGpa: number;
  /** GPA of the root page table (CR3); the other tables follow it. */
  readonly ptBaseGpa: number;
  /** The page that tells the guest where its buffers are. */
  readonly peb: Extent;
  /** The input buffer, its header included. */
  readonly input: Extent;
  /** The output buffer, its header included. */
  readonly output: Extent;
  /** The heap of the SDK. */
  readonly heap: Extent;
  /** Absent when the guest has no initial data. */
  readonly initData?: Extent;
  /** One past the highest byte of the stack (GVA). */
  readonly stackTop: bigint;
  /** Addresses that have page tables and nothing mapped yet: a Linux guest's brk and mappings. */
  readonly windows: readonly Window[];
}

/** A stretch of guest virtual addresses, in whole pages. */
export interface Window {
  /** First GVA. */
  readonly gva: bigint;
  /** Size. */
  readonly bytes: number;
}

/** What a layout is computed from. */
export interface LayoutRequest extends SizeRequest {
  /** What the ELF file needs in memory. */
  readonly runs: readonly PageRun[];
  /** Bytes behind everything else in the memory file, not rounded. @default 0 */
  readonly fileBytes?: number;
  /** @default none */
  readonly windows?: readonly Window[];
}

/** @throws SnapvmError SNAPVM_SNAPSHOT_TOO_LARGE, SNAPVM_SNAPSHOT_INIT_DATA, SNAPVM_CONFIG_VALUE (scratchBytes) */
export function computeLayout(request: LayoutRequest): Layout {
  const user = request.privilege === 'user';
  const { windows = [], frameBytes = 0, fileBytes = 0 } = request;
  const image = imageRegions(request);
  const imageBytes = image.reduce((sum, region) => sum + region.bytes, 0);
  if (imageBytes > MAX_IMAGE_BYTES) throw tooLarge(request, imageBytes, MAX_IMAGE_BYTES);

  const inputBytes = user ? roundUp(request.inputBytes) : request.inputBytes;
  const outputBytes = user ? roundUp(request.outputBytes) : request.outputBytes;
  const bufferBytes = roundUp(inputBytes + outputBytes);
  const mappedScratch = (scratchBytes: number): Region[] =>
    user ? userScratch(inputBytes, outputBytes, 0, 0) : supervisorScratch(scratchBytes);
  const tableBytesFor = (scratchBytes: number): number =>
    countTableBytes([...image, ...mappedScratch(scratchBytes), ...windows]);
  const scratchBytes = fitScratch(request, bufferBytes, tableBytesFor);

  const scratchBaseGpa = MAX_GPA - scratchBytes + 1;
  const scratchBaseGva = MAX_GVA - BigInt(scratchBytes) + 1n;
  if (!user && KERNEL_HIGH_BASE + BigInt(imageBytes) > scratchBaseGva) {
    throw tooLarge(request, imageBytes, Number(scratchBaseGva - KERNEL_HIGH_BASE));
  }
  const tableBytes = tableBytesFor(scratchBytes);
  const ptBaseGpa = scratchBaseGpa + bufferBytes;
  const scratch = user
    ? userScratch(inputBytes, outputBytes, scratchBaseGpa, ptBaseGpa + tableBytes)
    : supervisorScratch(scratchBytes);
  const regions = [...image, ...scratch];

  const extent = (name: RegionName, bytes: number): Extent | undefined => {
    const region = regions.find((candidate) => candidate.name === name);
    return region && Object.freeze({ gpa: region.gpa, gva: region.gva, bytes });
  };
  const need = (found: Extent | undefined, name: RegionName): Extent => {
    if (found === undefined) throw new SnapvmError('SNAPVM_INTERNAL', `the layout has no region "${name}"`);
    return found;
  };
  const inputGva = user ? USER.input : scratchBaseGva;
  const outputGva = user ? USER.output : scratchBaseGva + BigInt(inputBytes);
  const initData = request.initData && extent('init data', request.initData.bytes);
  return Object.freeze({
    privilege: request.privilege,
    regions: Object.freeze(regions.map((region) => Object.freeze(region))),
    imageBytes,
    tableBytes,
    monitorBytes: user ? MONITOR.pages * PAGE : 0,
    scratchBytes,
    inputBytes,
    outputBytes,
    frameBytes,
    fileBytes,
    scratchBaseGpa,
    ptBaseGpa,
    peb: need(extent('peb', PAGE), 'peb'),
    input: Object.freeze({ gpa: scratchBaseGpa, gva: inputGva, bytes: inputBytes }),
    output: Object.freeze({ gpa: scratchBaseGpa + inputBytes, gva: outputGva, bytes: outputBytes }),
    heap: need(extent('heap', roundUp(request.heapBytes)), 'heap'),
    ...(initData && { initData }),
    stackTop: user ? USER.stackEnd : EXCEPTION_STACK_TOP,
    windows: Object.freeze([...windows]),
  });
}

/** Byte offset in the memory file of a GPA inside the image or its tail, `undefined` elsewhere. */
export function fileOffset(layout: Layout, gpa: number): number | undefined {
  const { imageBytes, ptBaseGpa } = layout;
  if (gpa >= BASE_ADDRESS && gpa < BASE_ADDRESS + imageBytes) return gpa - BASE_ADDRESS;
  const tailBytes = layout.tableBytes + layout.monitorBytes;
  if (gpa >= ptBaseGpa && gpa < ptBaseGpa + tailBytes) return imageBytes + gpa - ptBaseGpa;
  return undefined;
}

/** The GPA a byte of the memory file is seen at; the inverse of `fileOffset`. */
export function gpaOfOffset(layout: Layout, offset: number): number {
  return offset < layout.imageBytes ? BASE_ADDRESS + offset : layout.ptBaseGpa + offset - layout.imageBytes;
}

type Part = Omit<Region, 'gpa'>;

function imageRegions(request: LayoutRequest): Region[] {
  let gpa = BASE_ADDRESS;
  return imageParts(request).map((part) => {
    const at = gpa;
    gpa += part.bytes;
    // A supervisor guest sees the image as one piece from KERNEL_HIGH_BASE on.
    const gva = part.user ? part.gva : KERNEL_HIGH_BASE + BigInt(at - BASE_ADDRESS);
    return { ...part, gpa: at, gva };
  });
}

function imageParts({ privilege, runs, initData, heapBytes, stackBytes }: LayoutRequest): Part[] {
  const user = privilege === 'user';
  const code = runs.map(({ gva, bytes, flags }): Part => ({ name: runName(flags), gva, bytes, flags, user }));
  const peb: Part = { name: 'peb', gva: USER.peb, bytes: PAGE, flags: READ, user };
  const heap: Part = { name: 'heap', gva: USER.heap, bytes: roundUp(heapBytes), flags: READ | WRITE, user };
  const init: Part[] = initData
    ? [{ name: 'init data', gva: USER.initData, bytes: roundUp(initData.bytes), flags: initData.flags, user }]
    : [];
  if (!user) return [...code, peb, heap, ...init];

  const stack: Part = {
    name: 'stack',
    gva: USER.stackEnd - BigInt(roundUp(stackBytes)),
    bytes: roundUp(stackBytes),
    flags: READ | WRITE,
    user,
  };
  // What a guest can write stands together at the end, so that the pages a call dirties are close to each other.
  const writable = (part: Part): boolean => (part.flags & WRITE) !== 0;
  const fixed = (part: Part): boolean => !writable(part);
  return [
    ...code.filter(fixed),
    peb,
    ...init.filter(fixed),
    ...code.filter(writable),
    ...init.filter(writable),
    heap,
    stack,
  ];
}

function runName(flags: number): RegionName {
  if (flags & EXECUTE) return 'code';
  return flags & WRITE ? 'data' : 'rodata';
}

function supervisorScratch(bytes: number): Region[] {
  const gva = MAX_GVA - BigInt(bytes) + 1n;
  return [{ name: 'scratch', gpa: MAX_GPA - bytes + 1, gva, bytes, flags: READ | WRITE, user: false }];
}

function userScratch(input: number, output: number, baseGpa: number, monitorGpa: number): Region[] {
  const page = (index: number) => ({
    gpa: monitorGpa + index * PAGE,
    gva: KERNEL_HIGH_BASE + BigInt(index * PAGE),
    bytes: PAGE,
  });
  return [
    { name: 'input', gpa: baseGpa, gva: USER.input, bytes: input, flags: READ, user: true },
    {
      name: 'output',
      gpa: baseGpa + input,
      gva: USER.output,
      bytes: output,
      flags: READ | WRITE,
      user: true,
    },
    { name: 'monitor code', ...page(0), flags: READ | EXECUTE, user: false },
    { name: 'monitor data', ...page(1), flags: READ | WRITE, user: false },
    { name: 'monitor stub', ...page(2), flags: READ | EXECUTE, user: true },
  ];
}
