/**
 * The form of what the store keeps on disk: little-endian, one fixed header, every length in it before what it is the
 * length of, and a BLAKE3 over all that is before it as the last 32 bytes. docs/architecture/store.md has the same as a table.
 */
import { GUEST_ABI, PAGE } from '../base/abi.js';
import { blake3Of } from '../snapshot/blake3.js';
import { cpuFeatures } from '../snapshot/cpu-features.js';
import { HASH_FORMAT } from '../snapshot/hash.js';
import { DESCRIPTOR_VERSION } from '../wire/descriptor.js';
import type { FrozenState } from '../wire/frozen.js';
import { refusal } from './refusal.js';

/** The format's version, which changes when anything below does: files of another version are refused. */
export const STORE_FORMAT = 1;

export const HASH_BYTES = 32;
export const OBJECT_HEADER_BYTES = 256;
export const READY_BYTES = 112;
/** Bit 0 of a page's GPA in the list: the page is all zero, and its content is not in the file. */
export const ZERO_PAGE_FLAG = 1;

const OBJECT_MAGIC = 'SNAPVMOB';
const READY_MAGIC = 'SNAPVMRD';
const ABSENT = 0xffff_ffff;
const KINDS: Readonly<Record<FrozenState['kind'], number>> = { call: 1, resume: 2 };
/** Most bytes of names, registers and the state that snapvm keeps for a guest, together. */
const MOST_STATE_BYTES = 1 << 30;

const AT = {
  format: 8,
  abi: 12,
  hashFormat: 16,
  descriptor: 20,
  cpu: 24,
  parent: 56,
  derived: 88,
  fileBytes: 120,
  kind: 128,
  functions: 132,
  dispatch: 136,
  rsp: 144,
  fsBase: 152,
  gsBase: 160,
  functionBytes: 168,
  systemBytes: 172,
  frozenBytes: 176,
  hostStateBytes: 180,
  pages: 184,
  storedPages: 192,
  /** Zero up to the header's end. */
  reserved: 200,
} as const;

/** How a snapshot became ready; part of its key. */
export type BecameReady = 'initialise' | 'stdin' | 'specialise';
const HOW: Readonly<Record<BecameReady, number>> = { initialise: 1, stdin: 2, specialise: 3 };

/**
 * Names what somebody wants to have ready: the parent, what was done to it and with which input. The CPU's features and
 * the formats are not in it: what was saved under others is found, refused by name, and replaced.
 */
export function keyOf(parentHash: string, how: BecameReady, input: Uint8Array): string {
  const code = new Uint8Array([HOW[how]]);
  const parts = [Buffer.from('snapvm-store-key\0'), Buffer.from(parentHash, 'hex'), code, blake3Of(input)];
  return hexOf(blake3Of(...parts));
}

/** What the header of an object says, checked for being possible. */
export interface ObjectHeader {
  readonly kind: FrozenState['kind'];
  readonly functions: number;
  readonly dispatch: bigint;
  readonly rsp: bigint;
  readonly fsBase: bigint;
  readonly gsBase: bigint;
  readonly functionBytes: number;
  readonly systemBytes: number | undefined;
  readonly frozenBytes: number | undefined;
  readonly hostStateBytes: number | undefined;
  readonly pages: number;
  readonly storedPages: number;
}

/** The hashes that name an object: its parent's and its own. */
export interface ObjectNames {
  readonly parent: string;
  readonly derived: string;
}

/** Bytes between the header and the contents of pages. */
export function stateBytes(header: ObjectHeader): number {
  const { functionBytes, systemBytes, frozenBytes, hostStateBytes, pages } = header;
  return functionBytes + (systemBytes ?? 0) + (frozenBytes ?? 0) + (hostStateBytes ?? 0) + pages * 8;
}

export function fileBytesOf(header: ObjectHeader): number {
  return OBJECT_HEADER_BYTES + stateBytes(header) + header.storedPages * PAGE + HASH_BYTES;
}

/** The header as bytes. @throws RangeError when the state is larger than is ever loaded */
export function encodeHeader(header: ObjectHeader, { parent, derived }: ObjectNames): Uint8Array {
  const state = stateBytes(header);
  if (state > MOST_STATE_BYTES)
    throw new RangeError(`it has ${state} bytes beside its pages, more than ${MOST_STATE_BYTES}`);
  const bytes = Buffer.alloc(OBJECT_HEADER_BYTES);
  bytes.write(OBJECT_MAGIC, 'latin1');
  for (const { at, value } of versions()) bytes.writeUInt32LE(value, at);
  bytes.set(cpuHash(), AT.cpu);
  bytes.write(parent, AT.parent, 'hex');
  bytes.write(derived, AT.derived, 'hex');
  bytes.writeBigUInt64LE(BigInt(fileBytesOf(header)), AT.fileBytes);
  bytes.writeUInt32LE(KINDS[header.kind], AT.kind);
  bytes.writeUInt32LE(header.functions, AT.functions);
  for (const name of ['dispatch', 'rsp', 'fsBase', 'gsBase'] as const)
    bytes.writeBigUInt64LE(header[name], AT[name]);
  bytes.writeUInt32LE(header.functionBytes, AT.functionBytes);
  for (const name of ['systemBytes', 'frozenBytes', 'hostStateBytes'] as const)
    bytes.writeUInt32LE(header[name] ?? ABSENT, AT[name]);
  for (const name of ['pages', 'storedPages'] as const)
    bytes.writeBigUInt64LE(BigInt(header[name]), AT[name]);
  return bytes;
}

/** @throws SnapvmError SNAPVM_STORE_*: the header is none, of another version or CPU, another object's, or impossible */
export function decodeHeader(bytes: Buffer, size: number, path: string, expected: ObjectNames): ObjectHeader {
  if (bytes.toString('latin1', 0, 8) !== OBJECT_MAGIC)
    throw refusal('SNAPVM_STORE_MAGIC', path, 'is no snapshot');
  for (const { at, what, value } of versions()) {
    const found = bytes.readUInt32LE(at);
    if (found !== value)
      throw refusal('SNAPVM_STORE_VERSION', path, `has ${what} ${found}; this snapvm has ${value}`);
  }
  if (!bytes.subarray(AT.cpu, AT.cpu + HASH_BYTES).equals(cpuHash()))
    throw refusal('SNAPVM_STORE_CPU', path, 'was made on a processor with other features');
  for (const name of ['parent', 'derived'] as const) {
    const found = bytes.toString('hex', AT[name], AT[name] + HASH_BYTES);
    if (found !== expected[name])
      throw refusal('SNAPVM_STORE_IDENTITY', path, `is of ${name} hash ${found}, not ${expected[name]}`);
  }
  const big = (at: number): number => Number(bytes.readBigUInt64LE(at));
  const optional = (at: number): number | undefined => {
    const value = bytes.readUInt32LE(at);
    return value === ABSENT ? undefined : value;
  };
  const kind = bytes.readUInt32LE(AT.kind);
  const header: ObjectHeader = {
    kind: kind === KINDS.resume ? 'resume' : 'call',
    functions: bytes.readUInt32LE(AT.functions),
    dispatch: bytes.readBigUInt64LE(AT.dispatch),
    rsp: bytes.readBigUInt64LE(AT.rsp),
    fsBase: bytes.readBigUInt64LE(AT.fsBase),
    gsBase: bytes.readBigUInt64LE(AT.gsBase),
    functionBytes: bytes.readUInt32LE(AT.functionBytes),
    systemBytes: optional(AT.systemBytes),
    frozenBytes: optional(AT.frozenBytes),
    hostStateBytes: optional(AT.hostStateBytes),
    pages: big(AT.pages),
    storedPages: big(AT.storedPages),
  };
  // Every length is bounded by the size of a file that is there, so nothing is allocated on a header's word alone.
  if (big(AT.fileBytes) !== size || fileBytesOf(header) !== size)
    throw refusal('SNAPVM_STORE_LENGTH', path, `has ${size} bytes, which is not what its header says`);
  const sound = kind === KINDS[header.kind] && bytes.subarray(AT.reserved).every((byte) => byte === 0);
  if (!sound || header.storedPages > header.pages || stateBytes(header) > MOST_STATE_BYTES)
    throw refusal('SNAPVM_STORE_CONTENT', path, 'has a header that nothing writes');
  return header;
}

/** The file that says which object is ready for a key. */
export function encodeReady(key: string, derived: string): Uint8Array {
  const bytes = Buffer.alloc(READY_BYTES);
  bytes.write(READY_MAGIC, 'latin1');
  bytes.writeUInt32LE(STORE_FORMAT, 8);
  bytes.write(key, 16, 'hex');
  bytes.write(derived, 48, 'hex');
  bytes.set(blake3Of(bytes.subarray(0, 80)), 80);
  return bytes;
}

/** Reads the hash of the object. @throws SnapvmError SNAPVM_STORE_* */
export function decodeReady(bytes: Buffer, path: string, key: string): string {
  if (bytes.toString('latin1', 0, 8) !== READY_MAGIC)
    throw refusal('SNAPVM_STORE_MAGIC', path, 'does not name a ready snapshot');
  // Too short to say its format is too short; another format may have another length.
  const tooShort = bytes.length < 12;
  const format = tooShort ? STORE_FORMAT : bytes.readUInt32LE(8);
  if (format !== STORE_FORMAT)
    throw refusal(
      'SNAPVM_STORE_VERSION',
      path,
      `has store format ${format}; this snapvm has ${STORE_FORMAT}`,
    );
  if (bytes.length !== READY_BYTES)
    throw refusal('SNAPVM_STORE_LENGTH', path, `has ${bytes.length} bytes instead of ${READY_BYTES}`);
  if (!bytes.subarray(80).equals(blake3Of(bytes.subarray(0, 80))))
    throw refusal('SNAPVM_STORE_CHECKSUM', path, 'was changed after it was written');
  if (bytes.toString('hex', 16, 48) !== key)
    throw refusal('SNAPVM_STORE_IDENTITY', path, 'belongs to another key');
  return bytes.toString('hex', 48, 80);
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function versions(): readonly { readonly at: number; readonly what: string; readonly value: number }[] {
  return [
    { at: AT.format, what: 'store format', value: STORE_FORMAT },
    { at: AT.abi, what: 'guest ABI', value: GUEST_ABI },
    { at: AT.hashFormat, what: 'hash format', value: HASH_FORMAT },
    { at: AT.descriptor, what: 'descriptor version', value: DESCRIPTOR_VERSION },
  ];
}

function cpuHash(): Uint8Array {
  return blake3Of(Buffer.from(cpuFeatures()));
}
