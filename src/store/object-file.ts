/** A derived snapshot's own part as a file: written in one pass, read in one, both with turns for the event loop. */
import type { FileHandle } from 'node:fs/promises';
import { type AddonImage, addon, typed } from '../addon/addon.js';
import { BASE_ADDRESS, MAX_GPA, PAGE } from '../base/abi.js';
import type { SnapvmError } from '../base/errors.js';
import { nextTurn } from '../base/globals.js';
import { createBlake3 } from '../snapshot/blake3.js';
import { type DerivedSnapshot, derivedOf, hashFrozen } from '../snapshot/derive.js';
import type { MemoryShape, SnapshotDescriptor } from '../wire/descriptor.js';
import type { FrozenState } from '../wire/frozen.js';
import { type OpenFile, readFully, writeFully } from './files.js';
import {
  decodeHeader,
  encodeHeader,
  HASH_BYTES,
  OBJECT_HEADER_BYTES,
  type ObjectHeader,
  stateBytes,
  ZERO_PAGE_FLAG,
} from './format.js';
import { refusal } from './refusal.js';

/** Pages read, hashed and written between two turns of the event loop: 1 MiB, under a millisecond. */
const CHUNK_PAGES = 256;
const ZEROS = new Uint8Array(PAGE);

export async function writeObject(handle: FileHandle, derived: DerivedSnapshot): Promise<void> {
  const { state, image, parentHash } = derived;
  const zero = await zeroPages(image, state.pages.length);
  const functions = encodeFunctions(state.functions);
  const header: ObjectHeader = {
    ...state,
    functions: state.functions.length,
    functionBytes: functions.length,
    systemBytes: state.system?.length,
    frozenBytes: state.frozen?.length,
    hostStateBytes: state.hostState?.length,
    pages: state.pages.length,
    storedPages: zero.reduce((sum, isZero) => sum + (isZero ? 0 : 1), 0),
  };
  const hasher = createBlake3();
  const write = async (bytes: Uint8Array): Promise<void> => {
    hasher.update(bytes);
    await writeFully(handle, bytes);
  };
  await write(encodeHeader(header, { parent: parentHash, derived: derived.descriptor.hash }));
  await write(functions);
  for (const part of [state.system, state.frozen, state.hostState]) if (part !== undefined) await write(part);
  await write(encodePages(state.pages, zero));
  for await (const pages of chunksOf(image, state.pages.length)) {
    const kept = pages.filter(({ index }) => !zero[index]).map(({ bytes }) => bytes);
    await write(Buffer.concat(kept));
  }
  await writeFully(handle, hasher.digest());
}

/**
 * Reads an object and makes it a snapshot, after everything has been checked.
 * @throws SnapvmError SNAPVM_STORE_*; what making an image throws
 */
export async function readObject(
  file: OpenFile,
  path: string,
  hash: string,
  parent: SnapshotDescriptor,
): Promise<DerivedSnapshot> {
  const hasher = createBlake3();
  if (file.size < OBJECT_HEADER_BYTES + HASH_BYTES)
    throw refusal('SNAPVM_STORE_LENGTH', path, `has only ${file.size} bytes`);
  let position = 0;
  const read = async (bytes: number): Promise<Buffer> => {
    const target = Buffer.allocUnsafe(bytes);
    await readFully(file, path, target, position);
    position += bytes;
    hasher.update(target);
    return target;
  };
  const names = { parent: parent.hash, derived: hash };
  const header = decodeHeader(await read(OBJECT_HEADER_BYTES), file.size, path, names);
  const head = await read(stateBytes(header));
  const { state, stored } = decodeState(header, head, parent.memory, path);
  const image = typed(() => addon().createLayer(Math.max(1, header.pages) * PAGE));
  try {
    for (let first = 0; first < stored.length; first += CHUNK_PAGES) {
      const indices = stored.slice(first, first + CHUNK_PAGES);
      const bytes = await read(indices.length * PAGE);
      typed(() => writeRuns(image, indices, bytes));
    }
    const checksum = Buffer.alloc(HASH_BYTES);
    await readFully(file, path, checksum, position);
    if (!checksum.equals(hasher.digest()))
      throw refusal('SNAPVM_STORE_CHECKSUM', path, 'was changed after it was written');
    typed(() => image.seal());
    if ((await hashFrozen(parent, state, image)) !== hash)
      throw refusal('SNAPVM_STORE_IDENTITY', path, 'does not have the hash that it is named by');
    return derivedOf(parent, state, image, hash, true);
  } catch (error) {
    image.close();
    throw error;
  }
}

/** The part between the header and the pages' contents, and which pages have contents. */
function decodeState(
  header: ObjectHeader,
  head: Buffer,
  memory: MemoryShape,
  path: string,
): { readonly state: FrozenState; readonly stored: readonly number[] } {
  const impossible = (what: string): SnapvmError => refusal('SNAPVM_STORE_CONTENT', path, `has ${what}`);
  let at = 0;
  const take = (bytes: number): Buffer => {
    at += bytes;
    return head.subarray(at - bytes, at);
  };
  // Copies: the state lives on, and is not to keep the whole head of the file alive.
  const part = (bytes: number | undefined): Uint8Array | undefined =>
    bytes === undefined ? undefined : Uint8Array.from(take(bytes));
  const functions = decodeFunctions(take(header.functionBytes), header.functions);
  if (functions === undefined) throw impossible('names of functions that are none');
  const [system, frozen, hostState] = [header.systemBytes, header.frozenBytes, header.hostStateBytes].map(
    part,
  );
  const pages = new Float64Array(header.pages);
  const stored: number[] = [];
  for (let index = 0, before = -1; index < header.pages; index++, at += 8) {
    const word = Number(head.readBigUInt64LE(at));
    const isZero = word % PAGE === ZERO_PAGE_FLAG;
    const gpa = isZero ? word - ZERO_PAGE_FLAG : word;
    if (gpa % PAGE !== 0 || gpa <= before || !isInside(gpa, memory))
      throw impossible(
        `a page at GPA 0x${gpa.toString(16)}, where its parent has no memory or a page was before`,
      );
    pages[index] = gpa;
    before = gpa;
    if (!isZero) stored.push(index);
  }
  if (stored.length !== header.storedPages) throw impossible('more or fewer contents than pages');
  const { kind, dispatch, rsp, fsBase, gsBase } = header;
  if (![dispatch, fsBase, gsBase].every(isCanonical)) throw impossible('registers that no guest can have');
  const always = { kind, functions, pages, dispatch, rsp, fsBase, gsBase };
  const parts = { system, frozen, hostState };
  // Does not compile when there is more to a frozen guest than a file has.
  ({ ...always, ...parts }) satisfies Record<keyof FrozenState, unknown>;
  const present = Object.entries(parts).filter(([, bytes]) => bytes !== undefined);
  return { state: { ...always, ...Object.fromEntries(present) }, stored };
}

/** Whether the upper 17 of the 64 bits are equal: no processor takes anything else as an address. */
function isCanonical(address: bigint): boolean {
  return address >> 47n === 0n || address >> 47n === 0x1_ffffn;
}

function isInside(gpa: number, { imageBytes, scratchBytes }: MemoryShape): boolean {
  const inImage = gpa >= BASE_ADDRESS && gpa + PAGE <= BASE_ADDRESS + imageBytes;
  return inImage || (gpa >= MAX_GPA + 1 - scratchBytes && gpa + PAGE <= MAX_GPA + 1);
}

/** Encodes names, each with its length before it. */
function encodeFunctions(names: readonly string[]): Buffer {
  return Buffer.concat(
    names.flatMap((name) => {
      const text = Buffer.from(name);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(text.length);
      return [length, text];
    }),
  );
}

function decodeFunctions(bytes: Buffer, count: number): readonly string[] | undefined {
  const names: string[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readUInt32LE(at);
    if (end > bytes.length) return undefined;
    names.push(bytes.toString('utf8', at + 4, end));
    at = end;
  }
  return at === bytes.length && names.length === count ? names : undefined;
}

function encodePages(gpas: Float64Array, zero: readonly boolean[]): Buffer {
  const bytes = Buffer.alloc(gpas.length * 8);
  for (const [index, gpa] of gpas.entries())
    bytes.writeBigUInt64LE(BigInt(gpa + (zero[index] ? ZERO_PAGE_FLAG : 0)), index * 8);
  return bytes;
}

async function zeroPages(image: AddonImage, count: number): Promise<boolean[]> {
  const zero: boolean[] = [];
  for await (const pages of chunksOf(image, count))
    for (const { bytes } of pages) zero.push(Buffer.compare(bytes, ZEROS) === 0);
  return zero;
}

/** Gives the first `count` pages, some at a time; they are valid until the next are asked for. */
async function* chunksOf(
  image: AddonImage,
  count: number,
): AsyncGenerator<{ readonly index: number; readonly bytes: Buffer }[]> {
  const buffer = Buffer.allocUnsafe(Math.min(count, CHUNK_PAGES) * PAGE);
  for (let first = 0; first < count; first += CHUNK_PAGES) {
    const pages = Math.min(CHUNK_PAGES, count - first);
    image.read(first * PAGE, buffer.subarray(0, pages * PAGE));
    yield Array.from({ length: pages }, (_, page) => ({
      index: first + page,
      bytes: buffer.subarray(page * PAGE, (page + 1) * PAGE),
    }));
    await nextTurn();
  }
}

/**
 * Writes pages to the image: `bytes` holds those with these indices in a row. Neighbours are written at once.
 */
function writeRuns(image: AddonImage, indices: readonly number[], bytes: Uint8Array): void {
  for (let first = 0; first < indices.length; ) {
    const index = indices[first] as number;
    let end = first + 1;
    while (end < indices.length && indices[end] === index + end - first) end++;
    image.write(index * PAGE, bytes.subarray(first * PAGE, end * PAGE));
    first = end;
  }
}
