// Node's crypto: hashes, HMAC, key derivation, AES, signatures and random numbers.

import { hkdf as nobleHkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { pbkdf2 as noblePbkdf2 } from '@noble/hashes/pbkdf2.js';
import { scrypt as nobleScrypt } from '@noble/hashes/scrypt.js';
import * as constants from 'unenv/node/internal/crypto/constants';
import { bytesOf, Cipheriv, cipherNames, Decipheriv } from '../shared/ciphers.js';
import { hashNamed, hashNames } from '../shared/hashes.js';
import { missing } from '../shared/host-module.js';
import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  curveNames,
  diffieHellman,
  generateKeyPairSync,
  KeyObject,
} from '../shared/keys/objects.js';
import { knownHash, Sign, sign, Verify, verify } from '../shared/keys/signatures.js';
import { promisify } from '../shared/promisify.js';
import { Buffer } from './buffer.js';

const MOST_RANDOM = 65_536;
const MOST_INT = 2 ** 48;
const SCRYPT_MEMORY = 32 * 1024 * 1024;

function error(Kind, code, message) {
  return Object.assign(new Kind(message), { code });
}

class Digest {
  #state;
  #done = false;

  constructor(state) {
    this.#state = state;
  }

  update(data, encoding) {
    if (this.#done) throw error(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
    this.#state.update(bytesOf(data, encoding));
    return this;
  }

  digest(encoding) {
    if (this.#done) throw error(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
    this.#done = true;
    const buffer = Buffer.from(this.#state.digest());
    return encoding === undefined || encoding === 'buffer' ? buffer : buffer.toString(encoding);
  }

  clone() {
    return this.#state.clone();
  }
}

class Hash extends Digest {
  copy() {
    return new Hash(this.clone());
  }
}

class Hmac extends Digest {}

function createHash(name) {
  const hash = hashNamed(name);
  if (hash === undefined) throw error(Error, 'ERR_OSSL_EVP_UNSUPPORTED', 'Digest method not supported');
  return new Hash(hash.create());
}

function randomFillSync(target, offset = 0, size = (target.byteLength ?? target.length) - offset) {
  const all = new Uint8Array(target.buffer ?? target, target.byteOffset ?? 0, target.byteLength);
  for (let at = offset; at < offset + size; at += MOST_RANDOM)
    globalThis.crypto.getRandomValues(all.subarray(at, Math.min(at + MOST_RANDOM, offset + size)));
  return target;
}

function randomBytes(size, done) {
  const bytes = randomFillSync(Buffer.alloc(size));
  if (done === undefined) return bytes;
  queueMicrotask(() => done(null, bytes));
}

function randomInt(...values) {
  const done = typeof values.at(-1) === 'function' ? values.pop() : undefined;
  const [low, high] = values.length === 1 ? [0, values[0]] : values;
  const range = high - low;
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || range <= 0 || range > MOST_INT)
    throw error(RangeError, 'ERR_OUT_OF_RANGE', 'The value of "max" is out of range');
  const limit = MOST_INT - (MOST_INT % range);
  let drawn = limit;
  while (drawn >= limit) drawn = randomBytes(6).readUIntBE(0, 6);
  const result = low + (drawn % range);
  if (done === undefined) return result;
  queueMicrotask(() => done(null, result));
}

function timingSafeEqual(one, other) {
  const [first, second] = [bytesOf(one), bytesOf(other)];
  if (first.length !== second.length)
    throw error(
      RangeError,
      'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH',
      'Input buffers must have the same byte length',
    );
  return first.reduce((odd, byte, index) => odd | (byte ^ second[index]), 0) === 0;
}

function pbkdf2Sync(password, salt, iterations, length, digest) {
  const options = { c: iterations, dkLen: length };
  return Buffer.from(noblePbkdf2(knownHash(digest), bytesOf(password), bytesOf(salt), options));
}

function scryptSync(password, salt, length, options = {}) {
  const {
    N = options.cost ?? 16_384,
    r = options.blockSize ?? 8,
    p = options.parallelization ?? 1,
  } = options;
  const { maxmem = SCRYPT_MEMORY } = options;
  if (128 * N * r > maxmem)
    throw error(
      RangeError,
      'ERR_CRYPTO_INVALID_SCRYPT_PARAMS',
      'Invalid scrypt params: memory limit exceeded',
    );
  const settings = { N, r, p, dkLen: length, maxmem: maxmem + 128 * r * (p + 2) };
  return Buffer.from(nobleScrypt(bytesOf(password), bytesOf(salt), settings));
}

function hkdfSync(digest, key, salt, info, length) {
  const bytes = nobleHkdf(knownHash(digest), bytesOf(key), bytesOf(salt), bytesOf(info), length);
  return Uint8Array.from(bytes).buffer;
}

/** The same with a callback as its last argument. */
function later(run) {
  return (...values) => {
    const done = values.pop();
    let settle;
    try {
      const result = run(...values);
      settle = () => done(null, result);
    } catch (reason) {
      if (reason.code?.startsWith('ERR_INVALID')) throw reason;
      settle = () => done(reason);
    }
    setImmediate(settle);
  };
}

/** The same, if the last argument is a callback. */
function maybeLater(run) {
  return (...values) => (typeof values.at(-1) === 'function' ? later(run) : run)(...values);
}

function generateKeyPair(type, options, done) {
  later(generateKeyPairSync)(type, options, (error, pair) => done(error, pair?.publicKey, pair?.privateKey));
}
Object.defineProperty(generateKeyPair, promisify.custom, {
  value: async (type, options) => generateKeyPairSync(type, options),
});

const MISSING = [
  ['createECDH', 'createDiffieHellman', 'createDiffieHellmanGroup', 'getDiffieHellman'],
  ['generatePrime', 'generatePrimeSync', 'checkPrime', 'checkPrimeSync'],
  ['publicEncrypt', 'publicDecrypt', 'privateEncrypt', 'privateDecrypt', 'generateKey', 'generateKeySync'],
  ['getCipherInfo', 'X509Certificate', 'Certificate', 'ECDH', 'DiffieHellman', 'DiffieHellmanGroup'],
  ['setEngine', 'setFips', 'Cipher', 'Decipher', 'secureHeapUsed'],
].flat();

export default {
  ...Object.fromEntries(MISSING.map((name) => [name, missing(`crypto.${name}`)])),
  Cipheriv,
  Decipheriv,
  Hash,
  Hmac,
  KeyObject,
  Sign,
  Verify,
  constants: { ...constants },
  createCipheriv: (name, key, iv) => new Cipheriv(name, key, iv),
  createDecipheriv: (name, key, iv) => new Decipheriv(name, key, iv),
  createHash,
  createHmac: (name, key) => new Hmac(hmac.create(knownHash(name), bytesOf(key))),
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  createSign: (name) => new Sign(name),
  createVerify: (name) => new Verify(name),
  diffieHellman,
  generateKeyPair,
  generateKeyPairSync,
  getCiphers: () => [...cipherNames],
  getCurves: () => [...curveNames],
  getFips: () => 0,
  getHashes: () => [...hashNames],
  getRandomValues: (array) => globalThis.crypto.getRandomValues(array),
  hash: (name, data, encoding = 'hex') => createHash(name).update(data).digest(encoding),
  hkdf: later(hkdfSync),
  hkdfSync,
  pbkdf2: later(pbkdf2Sync),
  pbkdf2Sync,
  pseudoRandomBytes: randomBytes,
  randomBytes,
  randomFill: (target, ...rest) => later(randomFillSync)(target, ...rest),
  randomFillSync,
  randomInt,
  randomUUID: () => globalThis.crypto.randomUUID(),
  scrypt: later(scryptSync),
  scryptSync,
  sign: maybeLater(sign),
  get subtle() {
    return globalThis.crypto.subtle;
  },
  timingSafeEqual,
  verify: maybeLater(verify),
  get webcrypto() {
    return globalThis.crypto;
  },
};
