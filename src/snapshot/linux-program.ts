/** Makes a snapshot of a Linux program: its memory, and its stack at the start. */
import { LINUX_MEMORY, PAGE, USER } from '../base/abi.js';
import { SnapvmError } from '../base/errors.js';
import { hex, roundUp } from '../base/numbers.js';
import type { LinuxSpec } from '../wire/descriptor.js';
import type { Placement } from './elf/place.js';
import type { CheckedEnvironment } from './environment.js';
import type { Layout, LayoutRequest, Window } from './layout.js';
import type { LoadInfo } from './load-info.js';

/** The arguments, environment and files that a program starts with. */
export interface LinuxProgram
  extends Pick<LinuxSpec, 'args' | 'env' | 'path' | 'cwd' | 'clockNs' | 'inputBytes' | 'outputBytes'> {
  /** The files, packed by src/guests/linux/file-archive.ts; empty if there are none. */
  readonly files: Uint8Array;
  /** Whether it links the SDK: it then becomes ready by itself, and its calls are messages. */
  readonly sdk: boolean;
}

/** How many times more addresses than memory there are for mappings: a program may leave holes. */
const MAP_FACTOR = 4;
/** The SDK's own heap, which a program with a C library does not use; a region has a page at least. */
const SDK_HEAP_BYTES = PAGE;

/** A guest of the SDK with a C library for Linux. */
export function sdkProgram(path: string | undefined): LinuxProgram {
  const name = path?.split('/').pop() ?? 'guest';
  return {
    args: [name],
    env: [],
    path: `/${name}`,
    cwd: '/',
    files: new Uint8Array(),
    sdk: true,
    inputBytes: LINUX_MEMORY.inputBytes,
    outputBytes: LINUX_MEMORY.outputBytes,
  };
}

/** @throws SnapvmError SNAPVM_CONFIG_VALUE */
export function checkLinux({ privilege }: CheckedEnvironment): void {
  if (privilege === 'user') return;
  throw new SnapvmError(
    'SNAPVM_CONFIG_VALUE',
    "privilege is 'supervisor', but this guest makes Linux system calls: those need ring 3; leave privilege out",
    { option: 'privilege' },
  );
}

/** @throws SnapvmError SNAPVM_SNAPSHOT_TOO_LARGE */
export function linuxMemory(
  { heapBytes, stackBytes }: CheckedEnvironment,
  { files }: LinuxProgram,
  { runs }: Placement,
): Pick<LayoutRequest, 'heapBytes' | 'stackBytes' | 'frameBytes' | 'fileBytes'> & {
  readonly windows: readonly Window[];
} {
  const frameBytes = roundUp(heapBytes ?? LINUX_MEMORY.heapBytes);
  const last = runs.at(-1);
  const brk = last === undefined ? USER.execMin : last.gva + BigInt(last.bytes);
  const limit = brk > USER.dynBase ? USER.peb : USER.dynBase;
  if (brk + BigInt(frameBytes) > limit) {
    throw new SnapvmError(
      'SNAPVM_SNAPSHOT_TOO_LARGE',
      `the program ends at ${hex(brk)}; with heapBytes ${hex(frameBytes)} its brk would reach past ${hex(limit)}`,
    );
  }
  return {
    heapBytes: SDK_HEAP_BYTES,
    stackBytes: stackBytes ?? LINUX_MEMORY.stackBytes,
    frameBytes,
    fileBytes: files.length,
    windows: [
      { gva: brk, bytes: frameBytes },
      { gva: USER.map, bytes: frameBytes * MAP_FACTOR },
    ],
  };
}

export function linuxSpec(
  program: LinuxProgram,
  { entry, programHeaders }: LoadInfo,
  layout: Layout,
): LinuxSpec {
  const [brk, map] = layout.windows as readonly [Window, Window];
  const stack = layout.regions.find(({ name }) => name === 'stack');
  return Object.freeze({
    args: program.args,
    env: program.env,
    path: program.path,
    cwd: program.cwd,
    entry,
    headers: programHeaders?.address ?? 0n,
    headerBytes: programHeaders?.entryBytes ?? 0,
    headerCount: programHeaders?.count ?? 0,
    brk: brk.gva,
    brkBytes: brk.bytes,
    mapBase: map.gva,
    mapBytes: map.bytes,
    stackEnd: layout.stackTop,
    stackBytes: stack?.bytes ?? 0,
    peb: program.sdk ? layout.peb.gva : 0n,
    ...(program.clockNs !== undefined && { clockNs: program.clockNs }),
    outputBytes: program.outputBytes,
    inputBytes: program.inputBytes,
  });
}
