/** A snapshot, as the rest of snapvm knows it. */

import { BASE_ADDRESS } from '../base/abi.js';
import { SnapvmError } from '../base/errors.js';
import { hex, show } from '../base/numbers.js';
import { withoutPrototype } from '../base/realms.js';
import type { Entry, SnapshotDescriptor } from '../wire/descriptor.js';
import { type BuildInternals, buildParts, type SnapshotParts } from './build.js';
import type { GuestEnvironment, SnapshotConfig } from './environment.js';
import { hashMemory } from './hash.js';
import { fileOffset, type Layout } from './layout.js';
import type { LoadInfo } from './load-info.js';
import { type TableReadOps, type Translation, translate } from './page-tables.js';

/** An immutable, hashed memory image of a guest, with where and how to enter it. */
export class Snapshot implements TableReadOps {
  readonly #parts: SnapshotParts;

  /** @internal Use `Snapshot.build`. */
  constructor(parts: SnapshotParts) {
    this.#parts = parts;
  }

  /**
   * Reads, checks, lays out, relocates and hashes a guest. Gives the event loop turns while it works.
   * @throws SnapvmError SNAPVM_ELF_*, SNAPVM_CONFIG_*, SNAPVM_SNAPSHOT_*, SNAPVM_HOST_*
   */
  static build(environment: GuestEnvironment, config: SnapshotConfig = {}): Promise<Snapshot> {
    return buildSnapshot(environment, config);
  }

  /** Unique in this process. */
  get id(): number {
    return this.#parts.descriptor.id;
  }

  /** BLAKE3 over all that decides what runs, 64 hex digits: the same for the same input on any machine. */
  get hash(): string {
    return this.#parts.descriptor.hash;
  }

  /** Where it is entered: to initialise, as built. */
  get entry(): Entry {
    return this.#parts.descriptor.entry;
  }

  /** Where everything is; frozen. */
  get layout(): Layout {
    return this.#parts.layout;
  }

  /** What is known of the binary; frozen, not hashed. */
  get loadInfo(): LoadInfo {
    return this.#parts.loadInfo;
  }

  /** What a worker needs to run this; structured-clonable. */
  get descriptor(): SnapshotDescriptor {
    return this.#parts.descriptor;
  }

  /** GPA of the root page table. */
  get rootTable(): bigint {
    return BigInt(this.#parts.layout.ptBaseGpa);
  }

  /** BLAKE3 over the image bytes with their tail, 64 hex digits (what Hyperlight hashes). About 30 ms per MiB, in slices. */
  async memoryHash(): Promise<string> {
    const { image } = this.#parts;
    const hash = await hashMemory(image.byteLength, image.pages());
    image.read(0, 0); // throws if it was closed meanwhile: its pages are zero from then on
    return hash;
  }

  /** Whether both run the same from the same memory: equality of hashes. */
  equals(other: Snapshot): boolean {
    return this.hash === other.hash;
  }

  /** `function+0x12` for an address (GVA) inside a function the ELF names, else `undefined`. */
  symbolize(rip: bigint): string | undefined {
    return this.#parts.symbols.symbolize(rip);
  }

  /**
   * The little-endian 8 bytes at a GPA, 0 when any of them lies outside image, tables and monitor.
   * @throws SnapvmError SNAPVM_SNAPSHOT_CLOSED
   */
  readEntry(address: bigint): bigint {
    const { layout, image } = this.#parts;
    if (address < 0n || address > BigInt(Number.MAX_SAFE_INTEGER)) return 0n;
    const gpa = Number(address);
    const first = fileOffset(layout, gpa);
    const last = fileOffset(layout, gpa + 7);
    if (first === undefined || last !== first + 7) return 0n;
    return new DataView(image.read(first, 8).buffer).getBigUint64(0, true);
  }

  /** Where a GVA leads in the built tables, `undefined` when nowhere. @throws SnapvmError SNAPVM_SNAPSHOT_CLOSED */
  translate(gva: bigint): Translation | undefined {
    return translate(this, gva);
  }

  /**
   * A copy of guest physical memory as it is at entry; the range must lie inside the image or inside scratch.
   * @throws SnapvmError SNAPVM_CONFIG_VALUE, SNAPVM_SNAPSHOT_CLOSED
   */
  read(gpa: number, length: number): Uint8Array {
    const { layout, image } = this.#parts;
    const { imageBytes, scratchBaseGpa, scratchBytes } = layout;
    const inside = (base: number, bytes: number): boolean => gpa >= base && gpa + length <= base + bytes;
    const sound = Number.isSafeInteger(gpa) && Number.isSafeInteger(length) && length >= 0;
    if (sound && inside(BASE_ADDRESS, imageBytes)) return image.read(gpa - BASE_ADDRESS, length);
    if (sound && inside(scratchBaseGpa, scratchBytes)) return this.#readScratch(gpa, length);
    throw new SnapvmError(
      'SNAPVM_CONFIG_VALUE',
      `gpa ${show(gpa)} with length ${show(length)} lies outside the image (${hex(BASE_ADDRESS)} to ${hex(BASE_ADDRESS + imageBytes)}) and scratch (${hex(scratchBaseGpa)} to ${hex(scratchBaseGpa + scratchBytes)})`,
    );
  }

  /** Releases the image; identity and layout stay readable, running sandboxes are not disturbed. Idempotent. */
  close(): void {
    this.#parts.image.close();
  }

  /** Scratch at entry is zero but for the tail. */
  #readScratch(gpa: number, length: number): Uint8Array {
    const { layout, image } = this.#parts;
    const copy = new Uint8Array(length);
    const tailBytes = layout.tableBytes + layout.monitorBytes;
    const start = Math.max(gpa, layout.ptBaseGpa);
    const end = Math.min(gpa + length, layout.ptBaseGpa + tailBytes);
    const at = layout.imageBytes + start - layout.ptBaseGpa;
    // Reading also when nothing of the tail is asked for: a closed snapshot answers the same everywhere.
    copy.set(image.read(at, Math.max(0, end - start)), start < end ? start - gpa : 0);
    return copy;
  }
}

/** @internal `Snapshot.build` with what only snapvm itself decides. */
export async function buildSnapshot(
  environment: GuestEnvironment,
  config: SnapshotConfig = {},
  internals: BuildInternals = {},
): Promise<Snapshot> {
  return new Snapshot(await buildParts(environment, config, withoutPrototype(internals)));
}
