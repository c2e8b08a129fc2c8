/** Blocks of the shared memory in which payloads travel that are too large for a slot. */
import { ARENA_BYTES } from '../wire/ring.js';

const PAGE = 4096;

interface Block {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Gives out blocks of a growable SharedArrayBuffer, first fit. Only the main thread does; the worker is told offset and
 * length. Memory is committed as it grows and given back to the system when a block is freed (`discard`).
 */
export class Arena {
  readonly memory: SharedArrayBuffer;
  readonly #discard: (view: Uint8Array) => void;
  /** The blocks in use, by ascending offset. */
  readonly #blocks: Block[] = [];

  constructor(discard: (view: Uint8Array) => void) {
    this.memory = new SharedArrayBuffer(0, { maxByteLength: ARENA_BYTES });
    this.#discard = discard;
  }

  /** The offset of a new block, or undefined when none of that size is free now. */
  allocate(bytes: number): number | undefined {
    const size = Math.ceil(bytes / PAGE) * PAGE;
    let offset = 0;
    let at = 0;
    for (; at < this.#blocks.length; at++) {
      const next = this.#blocks[at] as Block;
      if (next.offset - offset >= size) break;
      offset = next.offset + next.bytes;
    }
    if (offset + size > this.memory.maxByteLength) return undefined;
    if (offset + size > this.memory.byteLength) this.memory.grow(offset + size);
    this.#blocks.splice(at, 0, { offset, bytes: size });
    return offset;
  }

  /** Takes a block back. */
  free(offset: number): void {
    const at = this.#blocks.findIndex((block) => block.offset === offset);
    const [block] = this.#blocks.splice(at, at < 0 ? 0 : 1);
    if (block !== undefined) this.#discard(this.view(block.offset, block.bytes));
  }

  /** A view on bytes of a block. @throws RangeError outside what was given out */
  view(offset: number, bytes: number): Uint8Array {
    return new Uint8Array(this.memory, offset, bytes);
  }
}
