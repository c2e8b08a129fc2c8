/** Small arithmetic, and how numbers and values are shown in messages. */
import { PAGE } from './abi.js';
import { escapeLine } from './escape.js';
import { nextTurn } from './globals.js';

export const PAGE_BIG = BigInt(PAGE);
/** One past the last address a 64-bit machine has. */
export const ADDRESS_END = 1n << 64n;

/** Rights of memory, as region flags. */
export const READ = 1;
export const WRITE = 2;
export const EXECUTE = 4;

export function roundUp(bytes: number): number {
  return Math.ceil(bytes / PAGE) * PAGE;
}

export function pageFloor(address: bigint): bigint {
  return address - (address % PAGE_BIG);
}

export function pageCeil(address: bigint): bigint {
  return pageFloor(address + PAGE_BIG - 1n);
}

export function hex(value: number | bigint): string {
  return value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

export function rightsText(flags: number): string {
  return `${flags & READ ? 'r' : '-'}${flags & WRITE ? 'w' : '-'}${flags & EXECUTE ? 'x' : '-'}`;
}

/** A value as an error message shows it: short, and with its kind visible. */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
    case 'bigint':
      return `${value}n`;
    case 'function':
      return 'a function';
    case 'object':
      if (value === null) return 'null';
      if (ArrayBuffer.isView(value)) return 'bytes';
      return Array.isArray(value) ? 'an array' : 'an object';
    default:
      return String(value);
  }
}

export function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** Text out of an untrusted file, safe to print: bounded, control characters escaped. */
export function printable(bytes: Uint8Array, limit = 256): string {
  return escapeLine(new TextDecoder().decode(bytes.subarray(0, limit)));
}

/**
 * Long synchronous work, cut into slices: `spend` gives the event loop a turn each time `slice` units are used up.
 * A turn costs about 2 µs, so slices of a few milliseconds cost nothing that can be measured.
 */
export class Pacer {
  #left: number;
  readonly #slice: number;

  constructor(slice: number) {
    this.#slice = slice;
    this.#left = slice;
  }

  /** True when the slice is used up: the caller then awaits `turn()`. Apart, so that most steps stay synchronous. */
  spend(units: number): boolean {
    this.#left -= units;
    return this.#left <= 0;
  }

  async turn(): Promise<void> {
    this.#left = this.#slice;
    await nextTurn();
  }
}
