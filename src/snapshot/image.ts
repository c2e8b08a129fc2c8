/** The memory file of a snapshot: written while it is built, then sealed and only read. */

import type { Addon, AddonImage } from '../addon/addon.js';
import { PAGE } from '../base/abi.js';
import { ERROR_CODES, type ErrorCode, SnapvmError } from '../base/errors.js';
import { hex, Pacer } from '../base/numbers.js';
import { messageOf } from '../base/realms.js';

export type ImageFactory = Pick<Addon, 'createImage'>;

/** Bytes written between two turns of the event loop: 3 ms, most of it page faults. */
const SLICE = 1 << 20;

/**
 * The memory file and its handle in the addon. The memory is never handed out: readers get copies. Pages are
 * noted as they are written, because merely reading an untouched page of a memory file makes the kernel
 * allocate it.
 */
export class Image {
  readonly id: number;
  readonly byteLength: number;
  readonly #handle: AddonImage;
  readonly #written: Uint8Array;
  readonly #pacer = new Pacer(SLICE);
  #view: Uint8Array | undefined;
  #sealed = false;

  /** @throws SnapvmError SNAPVM_HOST_MEMORY and what loading the addon throws */
  constructor(byteLength: number, factory: ImageFactory) {
    // A growable SharedArrayBuffer is page-aligned, a plain one is not; the explicit length makes the view fast.
    const memory = attempt(`${hex(byteLength)} bytes of address space`, () => {
      const options: { maxByteLength: number } = { maxByteLength: byteLength };
      return new SharedArrayBuffer(byteLength, options);
    });
    const view = new Uint8Array(memory, 0, byteLength);
    this.#handle = attempt(`a memory file of ${hex(byteLength)} bytes`, () => factory.createImage(view));
    this.#view = view;
    this.#written = new Uint8Array(byteLength / PAGE);
    this.id = this.#handle.id;
    this.byteLength = byteLength;
  }

  /** Copies bytes in. @throws SnapvmError SNAPVM_INTERNAL when sealed or out of bounds */
  write(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.length;
    if (this.#sealed || offset < 0 || end > this.byteLength) {
      const state = this.#sealed ? 'a sealed' : 'an';
      throw new SnapvmError('SNAPVM_INTERNAL', `write of ${hex(offset)} to ${hex(end)} in ${state} image`);
    }
    if (bytes.length === 0) return;
    this.#memory().set(bytes, offset);
    this.#written.fill(1, Math.floor(offset / PAGE), Math.ceil(end / PAGE));
  }

  /** Copies bytes of any length in, with turns for the event loop. */
  async writeLarge(offset: number, bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; done += SLICE) {
      const slice = bytes.subarray(done, done + SLICE);
      this.write(offset + done, slice);
      if (this.#pacer.spend(slice.length)) await this.#pacer.turn();
    }
  }

  /** Copies pages in, except those of zeros, which then take no memory. `offset` is that of a page. */
  async writeSparse(offset: number, bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += PAGE) {
      const page = bytes.subarray(at, at + PAGE);
      if (!page.some((byte) => byte !== 0)) continue;
      this.write(offset + at, page);
      if (this.#pacer.spend(page.length)) await this.#pacer.turn();
    }
  }

  /** A copy. The range must lie inside the image. @throws SnapvmError SNAPVM_SNAPSHOT_CLOSED */
  read(offset: number, length: number): Uint8Array {
    const memory = this.#memory();
    const copy = attempt(`a copy of ${hex(length)} bytes`, () => new Uint8Array(length));
    const end = offset + length;
    for (let at = offset; at < end; ) {
      const next = Math.min(end, (Math.floor(at / PAGE) + 1) * PAGE);
      if (this.#written[Math.floor(at / PAGE)]) copy.set(memory.subarray(at, next), at - offset);
      at = next;
    }
    return copy;
  }

  /** Every page ever written, ascending. `bytes` is a view on the image: to be read, now, and not kept. */
  *pages(): Generator<{ readonly offset: number; readonly bytes: Uint8Array }> {
    for (let page = this.#written.indexOf(1); page >= 0; page = this.#written.indexOf(1, page + 1)) {
      const offset = page * PAGE;
      yield { offset, bytes: this.#memory().subarray(offset, offset + PAGE) };
    }
  }

  /** Seals the file and write-protects the memory: from here on the content cannot change. */
  seal(): void {
    attempt('a seal on the memory file', () => this.#handle.seal());
    this.#sealed = true;
  }

  /** Gives the memory up; sandboxes that map it keep it alive. Idempotent. */
  close(): void {
    this.#view = undefined;
    this.#handle.close();
  }

  #memory(): Uint8Array {
    if (this.#view === undefined) {
      throw new SnapvmError(
        'SNAPVM_SNAPSHOT_CLOSED',
        'the snapshot was closed; build it again to read its memory',
      );
    }
    return this.#view;
  }
}

/**
 * Runs `work`, whose failure means that the machine ran out of something; an error code of the addon is
 * kept.
 */
function attempt<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const { code } = Object(cause) as NodeJS.ErrnoException;
    const own = code !== undefined && Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : undefined;
    throw new SnapvmError(
      own ?? 'SNAPVM_HOST_MEMORY',
      `${what} cannot be had: ${messageOf(cause)}`,
      {},
      { cause },
    );
  }
}
