/** The options that a snapshot is built from, checked and copied before anything else happens. */

import { DEFAULT_MEMORY, LOG_LEVEL, MAX_IMAGE_BYTES, MIN_BUFFER_BYTES, PAGE } from '../base/abi.js';
import { checkNames, checkObject, checkWhole, invalidOption } from '../base/checks.js';
import { SnapvmError } from '../base/errors.js';
import { EXECUTE, hex, READ, roundUp, show, WRITE } from '../base/numbers.js';
import { isBytes, isUrl, messageOf } from '../base/realms.js';
import type { Privilege } from '../wire/descriptor.js';

/** Rights of a guest on a part of its memory: read, write, execute. */
export type Permissions = 'r' | 'rw' | 'rx' | 'rwx';

/** Initial data with the rights a guest gets on it. */
export interface InitData {
  /** Copied when the build starts; empty data is as no data. */
  readonly data: Uint8Array;
  /** @default 'r'. `rwx` only for supervisor guests. */
  readonly permissions?: Permissions;
}

/** The guest: its binary, its data, and the ring it runs in. */
export interface GuestEnvironment {
  /** A static ELF64 for x86-64: a path, a `file:` URL, or its bytes (copied when the build starts). */
  readonly elf: string | URL | Uint8Array;
  /** @default none */
  readonly initData?: Uint8Array | InitData;
  /** `user`: ring 3 behind the monitor, W^X. `supervisor`: ring 0, Hyperlight's layout. @default 'user' */
  readonly privilege?: Privilege;
}

/** Sizes in bytes, each at most 2 GiB. */
export interface SnapshotConfig {
  /** Input buffer, its 64-byte header included; at least 0x2000. @default 0x4000 */
  readonly inputBytes?: number;
  /** Output buffer, its 64-byte header included; at least 0x2000. @default 0x4000 */
  readonly outputBytes?: number;
  /** Rounded up to pages. Of a guest with a C library for Linux: memory for brk and mappings. @default 0x20000, or 64 MiB */
  readonly heapBytes?: number;
  /** Rounded up to pages. User guests only: a supervisor guest's stack is in scratch. @default 0x40000, or 8 MiB */
  readonly stackBytes?: number;
  /**
   * Memory of each sandbox beside the image: buffers, page tables, monitor, exception stack. Rounded up to pages.
   * @default the larger of 0x48000 and what is needed
   */
  readonly scratchBytes?: number;
  /** 0 off, 1 error, 2 warn, 3 info, 4 debug, 5 trace: what the guest is asked to log. @default 3 */
  readonly logLevel?: number;
}

/** The names of SnapshotConfig. */
export const CONFIG_OPTIONS = [
  'inputBytes',
  'outputBytes',
  'heapBytes',
  'stackBytes',
  'scratchBytes',
  'logLevel',
] as const satisfies readonly (keyof SnapshotConfig)[];

export type GuestSource = { readonly path: string | URL } | { readonly bytes: Uint8Array };

/** The options after checking: complete, and copied. */
export interface CheckedEnvironment {
  readonly source: GuestSource;
  readonly privilege: Privilege;
  /** Absent when there is none or it is empty. */
  readonly initData: { readonly data: Uint8Array; readonly flags: number } | undefined;
  readonly inputBytes: number;
  readonly outputBytes: number;
  /** `undefined`: the default of its kind of guest. */
  readonly heapBytes: number | undefined;
  readonly stackBytes: number | undefined;
  readonly scratchBytes: number | undefined;
  readonly logLevel: number;
}

const FLAGS: Readonly<Record<Permissions, number>> = {
  r: READ,
  rw: READ | WRITE,
  rx: READ | EXECUTE,
  rwx: READ | WRITE | EXECUTE,
};

/** @throws SnapvmError SNAPVM_CONFIG_VALUE, SNAPVM_CONFIG_UNKNOWN, SNAPVM_ELF_FILE, SNAPVM_SNAPSHOT_INIT_DATA */
export function checkEnvironment(environment: GuestEnvironment, config: SnapshotConfig): CheckedEnvironment {
  const guest = checkObject('environment', environment);
  checkNames('environment', guest, ['elf', 'initData', 'privilege']);
  const options = checkObject('config', config);
  checkNames('config', options, CONFIG_OPTIONS);
  const privilege = checkPrivilege(guest['privilege']);
  const size = (
    name: keyof SnapshotConfig & keyof typeof DEFAULT_MEMORY,
    least: number,
  ): number | undefined => checkWhole(name, options[name], least, MAX_IMAGE_BYTES);
  const stackBytes = size('stackBytes', 1);
  if (stackBytes !== undefined && privilege === 'supervisor') {
    throw new SnapvmError(
      'SNAPVM_CONFIG_VALUE',
      `stackBytes is ${hex(stackBytes)}, but a supervisor guest's stack is in scratch; leave it out and set scratchBytes`,
      { option: 'stackBytes' },
    );
  }
  return {
    source: checkSource(guest['elf']),
    privilege,
    inputBytes: size('inputBytes', MIN_BUFFER_BYTES) ?? DEFAULT_MEMORY.inputBytes,
    outputBytes: size('outputBytes', MIN_BUFFER_BYTES) ?? DEFAULT_MEMORY.outputBytes,
    heapBytes: size('heapBytes', 1),
    stackBytes,
    scratchBytes: size('scratchBytes', 1),
    logLevel: checkWhole('logLevel', options['logLevel'], 0, 5) ?? LOG_LEVEL,
    // Last, because it is what copies: everything cheap has been refused by now.
    initData: checkInitData(guest['initData'], privilege),
  };
}

function checkPrivilege(value: unknown): Privilege {
  if (value === undefined) return 'user';
  if (value === 'user' || value === 'supervisor') return value;
  throw invalidOption('privilege', value, "'user' or 'supervisor'");
}

function checkSource(elf: unknown): GuestSource {
  if (typeof elf === 'string' || isUrl(elf)) return { path: elf };
  if (!isBytes(elf)) throw invalidOption('elf', elf, 'a path, a file: URL or a Uint8Array');
  if (elf.length > MAX_IMAGE_BYTES) {
    throw new SnapvmError(
      'SNAPVM_ELF_FILE',
      `elf has ${hex(elf.length)} bytes; at most ${hex(MAX_IMAGE_BYTES)} are read`,
    );
  }
  return { bytes: copy('elf', elf) };
}

function checkInitData(value: unknown, privilege: Privilege): CheckedEnvironment['initData'] {
  if (value === undefined) return undefined;
  let data: unknown = value;
  let permissions: unknown = 'r';
  if (!isBytes(value)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw invalidOption('initData', value, 'a Uint8Array or { data, permissions }');
    }
    const options = checkObject('initData', value);
    checkNames('initData', options, ['data', 'permissions']);
    data = options['data'];
    permissions = options['permissions'] ?? 'r';
  }
  if (!isBytes(data)) throw invalidOption('initData.data', data, 'a Uint8Array');
  if (!isPermissions(permissions)) {
    throw invalidOption('initData.permissions', permissions, "'r', 'rw', 'rx' or 'rwx'");
  }
  if (permissions === 'rwx' && privilege === 'user') {
    throw new SnapvmError(
      'SNAPVM_SNAPSHOT_INIT_DATA',
      "initData.permissions is 'rwx'; memory of a user guest is writable or executable, never both",
    );
  }
  // Refused before it is copied; what the rest of the image leaves for it is checked with the layout.
  if (roundUp(data.length) + PAGE > MAX_IMAGE_BYTES) {
    throw new SnapvmError(
      'SNAPVM_SNAPSHOT_INIT_DATA',
      `initData has ${hex(data.length)} bytes; a whole image has at most ${hex(MAX_IMAGE_BYTES)}`,
    );
  }
  return data.length === 0 ? undefined : { data: copy('initData', data), flags: FLAGS[permissions] };
}

function isPermissions(value: unknown): value is Permissions {
  return typeof value === 'string' && Object.hasOwn(FLAGS, value);
}

/** The caller may change or detach its bytes while the build gives the event loop turns. */
function copy(option: string, bytes: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw new SnapvmError(
      'SNAPVM_HOST_MEMORY',
      `${option} of ${show(bytes.length)} bytes cannot be copied: ${messageOf(cause)}`,
      { option },
      { cause },
    );
  }
}
