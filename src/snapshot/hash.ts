/**
 * The identity of a snapshot: BLAKE3 over everything that decides what runs, and nothing else (no address in
 * this process, no debug information). Every field has a fixed width or a length before it, so two different
 * inputs never encode alike.
 */
import { GUEST_ABI, PAGE } from '../base/abi.js';
import { SnapvmError } from '../base/errors.js';
import { hex, Pacer } from '../base/numbers.js';
import type {
  CanonicalRegisters,
  Entry,
  EntryKind,
  LinuxSpec,
  MemoryShape,
  Privilege,
} from '../wire/descriptor.js';
import { createBlake3, SLICE } from './blake3.js';

/** The version of the encoding below, which is part of each hash: hashes of two formats never agree. */
export const HASH_FORMAT = 2;

export interface HashedRegion {
  readonly gpa: number;
  readonly bytes: number;
  readonly flags: number;
  readonly user: boolean;
}

/** A page and where the guest sees it. Pages come in one order, that of the image, so that the hash repeats. */
export interface HashedPage {
  readonly gpa: number;
  readonly bytes: Uint8Array;
}

export interface BuiltIdentity {
  readonly privilege: Privilege;
  readonly memory: MemoryShape;
  readonly entry: Entry;
  readonly registers: CanonicalRegisters;
  readonly regions: readonly HashedRegion[];
  readonly linux?: LinuxSpec | undefined;
}

export interface DerivedIdentity {
  /** Hash of the snapshot this one was made from, hex. */
  readonly parentHash: string;
  readonly entry: Entry;
  readonly registers: CanonicalRegisters;
  readonly functions: readonly string[];
  /** CPU features the guest's code has seen. */
  readonly cpuFeatures: string;
  /** The state that snapvm keeps for a Linux program (descriptors, brk, mappings, handlers), encoded. */
  readonly hostState?: Uint8Array | undefined;
}

const MAGIC = new TextEncoder().encode('snapvm-snapshot\0');
const KIND = { built: 1, derived: 2, specialised: 3 } as const;
const ENTRY_CODES: Readonly<Record<EntryKind, number>> = { initialise: 1, call: 2, start: 3, resume: 4 };
/** Ends the list of pages; no page has this GPA. */
const NO_MORE_PAGES = 0xffff_ffff_ffff_ffffn;
const ZEROS = new Uint8Array(128 << 10);
const ZERO_PAGE = ZEROS.subarray(0, PAGE);
/** The most that finding a page to be zero costs, in bytes hashed in the same time. */
const SKIP_COST = 512;

/** Pages of zeros count as absent. @throws SnapvmError SNAPVM_INTERNAL when regions or pages have impossible sizes */
export async function hashBuilt(identity: BuiltIdentity, pages: Iterable<HashedPage>): Promise<string> {
  const encoder = new Encoder(KIND.built);
  const { privilege, memory, regions } = identity;
  encoder.u32(privilege === 'user' ? 1 : 2);
  encoder.u64(memory.imageBytes);
  encoder.u64(memory.tableBytes);
  encoder.u64(memory.monitorBytes);
  encoder.u64(memory.scratchBytes);
  encoder.u64(memory.inputBytes);
  encoder.u64(memory.outputBytes);
  encoder.u64(memory.frameBytes);
  encoder.u64(memory.fileBytes);
  encoder.start(identity);
  encoder.linux(identity.linux);
  encoder.u32(regions.length);
  for (const { gpa, bytes, flags, user } of regions) {
    if (bytes <= 0 || bytes % PAGE !== 0 || gpa % PAGE !== 0) {
      throw new SnapvmError(
        'SNAPVM_INTERNAL',
        `region at GPA ${hex(gpa)} has ${hex(bytes)} bytes, not whole pages`,
      );
    }
    encoder.u64(gpa);
    encoder.u64(bytes);
    encoder.u32(flags);
    encoder.u32(user ? 1 : 0);
  }
  await encoder.pages(pages, 'sparse');
  return encoder.digest();
}

/**
 * Pages of zeros count: they stand over others of the parent.
 * @throws SnapvmError SNAPVM_INTERNAL when a page has another size than a page
 */
export async function hashDerived(identity: DerivedIdentity, pages: Iterable<HashedPage>): Promise<string> {
  const encoder = new Encoder(KIND.derived);
  encoder.text(identity.parentHash);
  encoder.start(identity);
  encoder.u32(identity.functions.length);
  for (const name of identity.functions) encoder.text(name);
  encoder.text(identity.cpuFeatures);
  encoder.optional(identity.hostState);
  await encoder.pages(pages, 'all');
  return encoder.digest();
}

/** Names a guest that comes of specialising another one, built as `parentHash`, with an input: on any machine. */
export function hashSpecialised(parentHash: string, input: Uint8Array): string {
  const encoder = new Encoder(KIND.specialised);
  encoder.text(parentHash);
  encoder.bytes(input);
  return encoder.digest();
}

/** As Hyperlight hashes: BLAKE3 over a memory file of `length` bytes, of which all but `pages` (by file offset) is zero. */
export async function hashMemory(
  length: number,
  pages: Iterable<{ readonly offset: number; readonly bytes: Uint8Array }>,
): Promise<string> {
  const hasher = createBlake3();
  const pacer = new Pacer(SLICE);
  let at = 0;
  const zerosUpTo = async (end: number): Promise<void> => {
    while (at < end) {
      const bytes = Math.min(ZEROS.length, end - at);
      hasher.update(ZEROS.subarray(0, bytes));
      at += bytes;
      if (pacer.spend(bytes)) await pacer.turn();
    }
  };
  for (const { offset, bytes } of pages) {
    await zerosUpTo(offset);
    hasher.update(bytes);
    at += bytes.length;
    if (pacer.spend(bytes.length)) await pacer.turn();
  }
  await zerosUpTo(length);
  return Buffer.from(hasher.digest()).toString('hex');
}

class Encoder {
  readonly #hasher = createBlake3();
  readonly #scratch = new DataView(new ArrayBuffer(8));
  readonly #word = new Uint8Array(this.#scratch.buffer);

  constructor(kind: number) {
    this.#hasher.update(MAGIC);
    this.u32(HASH_FORMAT);
    this.u32(GUEST_ABI);
    this.u32(kind);
  }

  u32(value: number): void {
    this.#scratch.setUint32(0, value, true);
    this.#hasher.update(this.#word.subarray(0, 4));
  }

  u64(value: number | bigint): void {
    this.#scratch.setBigUint64(0, BigInt(value), true);
    this.#hasher.update(this.#word);
  }

  bytes(bytes: Uint8Array): void {
    this.u64(bytes.length);
    this.#hasher.update(bytes);
  }

  text(text: string): void {
    this.bytes(new TextEncoder().encode(text));
  }

  optional(bytes: Uint8Array | undefined): void {
    this.u32(bytes === undefined ? 0 : 1);
    if (bytes !== undefined) this.bytes(bytes);
  }

  /** Where and how the guest is entered. */
  start({ entry, registers }: { readonly entry: Entry; readonly registers: CanonicalRegisters }): void {
    this.u32(ENTRY_CODES[entry.kind]);
    this.u64(entry.address);
    const { rsp, rdi, rsi, rdx, rcx, rflags, fsBase, gsBase, system, frozen } = registers;
    for (const value of [rsp, rdi, rsi, rdx, rcx, rflags, fsBase, gsBase]) this.u64(value);
    this.optional(system);
    this.optional(frozen);
  }

  linux(spec: LinuxSpec | undefined): void {
    this.u32(spec === undefined ? 0 : 1);
    if (spec === undefined) return;
    for (const list of [spec.args, spec.env, [spec.path, spec.cwd]]) {
      this.u32(list.length);
      for (const text of list) this.text(text);
    }
    const { entry, headers, headerBytes, headerCount, clockNs } = spec;
    for (const value of [entry, headers, headerBytes, headerCount]) this.u64(value);
    const { brk, brkBytes, mapBase, mapBytes, stackEnd, stackBytes, peb } = spec;
    for (const value of [brk, brkBytes, mapBase, mapBytes, stackEnd, stackBytes, peb]) this.u64(value);
    this.u32(clockNs === undefined ? 0 : 1);
    this.u64(clockNs ?? 0);
    this.u64(spec.outputBytes);
    this.u64(spec.inputBytes);
  }

  async pages(pages: Iterable<HashedPage>, which: 'all' | 'sparse'): Promise<void> {
    const pacer = new Pacer(SLICE);
    for (const { gpa, bytes } of pages) {
      if (bytes.length !== PAGE || gpa % PAGE !== 0) {
        throw new SnapvmError(
          'SNAPVM_INTERNAL',
          `page at GPA ${hex(gpa)} has ${hex(bytes.length)} bytes, not ${hex(PAGE)}`,
        );
      }
      const skip = which === 'sparse' && Buffer.compare(bytes, ZERO_PAGE) === 0;
      if (!skip) {
        this.u64(gpa);
        this.#hasher.update(bytes);
      }
      if (pacer.spend(skip ? SKIP_COST : PAGE)) await pacer.turn();
    }
    this.u64(NO_MORE_PAGES);
  }

  digest(): string {
    return Buffer.from(this.#hasher.digest()).toString('hex');
  }
}
