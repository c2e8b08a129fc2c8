/**
 * Computes BLAKE3 in steps: in a compiled package where one loads, else in JavaScript. The digests are the
 * same.
 */
import { createRequire } from 'node:module';
import { blake3 } from '@noble/hashes/blake3.js';

/** A hash under way. */
export interface Blake3 {
  update(bytes: Uint8Array): void;
  /** The hash, 32 bytes. Nothing may be added afterwards. */
  digest(): Uint8Array;
}

/** The exports of the compiled package that are used. */
interface NativeBlake3 {
  readonly Blake3Hasher: new () => { update(bytes: Uint8Array): unknown; digestBuffer(): Buffer };
}

/** One package for each C library; npm installs the one that fits, and the other does not load. */
const PACKAGES = ['@napi-rs/blake-hash-linux-x64-gnu', '@napi-rs/blake-hash-linux-x64-musl'];

const found = load();

/** Whether the compiled package loads. */
export const isNative = found !== undefined;

/**
 * Bytes hashed between two turns of the event loop. A page at a time it is 2 ms for 4 MiB by the compiled
 * package, and 4 ms for 128 KiB in JavaScript.
 */
export const SLICE = isNative ? 4 << 20 : 128 << 10;

/** Starts a hash. @param kind Which implementation; tests ask for one or the other. */
export function createBlake3(kind: 'best' | 'javascript' = 'best'): Blake3 {
  if (kind === 'javascript' || found === undefined) {
    const hasher = blake3.create();
    return { update: (bytes) => void hasher.update(bytes), digest: () => hasher.digest() };
  }
  const hasher = new found.Blake3Hasher();
  return { update: (bytes) => void hasher.update(bytes), digest: () => hasher.digestBuffer() };
}

/** The hash of bytes that are all in memory. */
export function blake3Of(...parts: readonly Uint8Array[]): Uint8Array {
  const hasher = createBlake3();
  for (const part of parts) hasher.update(part);
  return hasher.digest();
}

/** A package that is missing, or was built for another C library, is no error: the fallback gives the same. */
function load(): NativeBlake3 | undefined {
  const require = createRequire(import.meta.url);
  for (const name of PACKAGES) {
    try {
      return require(name) as NativeBlake3;
    } catch {}
  }
  return undefined;
}
