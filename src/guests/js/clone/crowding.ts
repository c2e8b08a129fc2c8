/**
 * Keys of a Map, or members of a Set, that a guest chose so that V8 keeps them all in one place of its hash table:
 * 20,000 of them take it seconds. It hashes strings and objects by what nobody can know, numbers and BigInts by
 * functions that everybody knows: these are tried here first. A version of V8 with others is none the worse for it.
 */
import type { Steps } from '../../../base/slices.js';

/** So few are no trouble, whatever they are. */
const FEW = 512;
/** Of a million keys by chance some ten are in one place, two on average. */
const CROWD = 100;
const STEP = 512;
const HASH_BITS = 0x3fff_ffff;
const BITS_64 = 0xffff_ffff_ffff_ffffn;

const double = new Float64Array(1);
const bits = new BigUint64Array(double.buffer);

/** @throws RangeError when very many of them are in one place */
export function* checkCrowding(keys: readonly unknown[]): Steps<void> {
  if (keys.length <= FEW) return;
  const places = new Uint8Array(2 ** Math.ceil(Math.log2(keys.length / 2)));
  for (let at = 0; at < keys.length; at++) {
    const hash = hashOf(keys[at]);
    if (hash !== undefined) {
      const place = hash & (places.length - 1);
      const count = (places[place] as number) + 1;
      places[place] = count;
      if (count > CROWD) throw new RangeError('very many keys of a Map or Set in it have the same hash');
    }
    if (at % STEP === STEP - 1) yield;
  }
}

function hashOf(key: unknown): number | undefined {
  if (typeof key === 'bigint') return hash64(BigInt.asUintN(64, key < 0n ? -key : key));
  if (typeof key !== 'number' || Number.isNaN(key)) return undefined;
  if ((key | 0) === key) return hash32(key);
  double[0] = key;
  return hash64(bits[0] as bigint);
}

/** ComputeUnseededHash of V8. */
function hash32(key: number): number {
  let hash = (~key + (key << 15)) | 0;
  hash ^= hash >>> 12;
  hash = (hash + (hash << 2)) | 0;
  hash ^= hash >>> 4;
  hash = Math.imul(hash, 2057);
  return (hash ^ (hash >>> 16)) & HASH_BITS;
}

/** ComputeLongHash of V8. */
function hash64(key: bigint): number {
  let hash = ((~key & BITS_64) + (key << 18n)) & BITS_64;
  hash ^= hash >> 31n;
  hash = (hash * 21n) & BITS_64;
  hash ^= hash >> 11n;
  hash = (hash + (hash << 6n)) & BITS_64;
  return Number((hash ^ (hash >> 22n)) & BigInt(HASH_BITS));
}
