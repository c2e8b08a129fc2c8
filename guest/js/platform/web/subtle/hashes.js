// The hashes that subtle knows.
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { unsupported } from './keys.js';

const HASHES = { 'SHA-1': sha1, 'SHA-256': sha256, 'SHA-384': sha384, 'SHA-512': sha512 };

export function hashName(given) {
  const name = `${given?.name ?? given}`.toUpperCase();
  if (HASHES[name] === undefined) throw unsupported(`the hash ${name}`);
  return name;
}

export function hashOf(given) {
  return HASHES[hashName(given)];
}

export { hmac };
