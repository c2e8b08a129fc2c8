// The hash functions by Node's names and by those of the web; of @noble/hashes.
import { blake2b, blake2s } from '@noble/hashes/blake2.js';
import { md5, ripemd160, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js';
import { sha3_224, sha3_256, sha3_384, sha3_512 } from '@noble/hashes/sha3.js';

const HASHES = {
  md5,
  ripemd160,
  rmd160: ripemd160,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
  'sha512-224': sha512_224,
  'sha512-256': sha512_256,
  'sha3-224': sha3_224,
  'sha3-256': sha3_256,
  'sha3-384': sha3_384,
  'sha3-512': sha3_512,
  blake2b512: blake2b,
  blake2s256: blake2s,
};

export const hashNames = Object.keys(HASHES);

/** The hash of that name, in any spelling that Node knows: `SHA256`, `sha-256`, `RSA-SHA256`. */
export function hashNamed(name) {
  const plain = `${name}`.toLowerCase().replace(/^rsa-/, '');
  return HASHES[plain] ?? HASHES[plain.replace(/^sha-/, 'sha')];
}
