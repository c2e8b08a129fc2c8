// Node's crypto: hashes, HMAC, key derivation, AES and random numbers. Keys of pairs are the business of crypto.subtle.

import { hkdf as nobleHkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { pbkdf2 as noblePbkdf2 } from '@noble/hashes/pbkdf2.js';
import { scrypt as nobleScrypt } from '@noble/hashes/scrypt.js';
import * as constants from 'unenv/node/internal/crypto/constants';
import { bytesOf, Cipheriv, cipherNames, Decipheriv } from '../shared/ciphers.js';
import { hashNamed, hashNames } from '../shared/hashes.js';
import { missing } from '../shared/host-module.js';
import { Buffer } from './buffer.js';

const MOST_RANDOM = 65_536;
const MOST_INT = 2 ** 48;
const SCRYPT_MEMORY = 32 * 1024 * 1024;

function error(Kind, code, message) {
  return Object.assign(new Kind(message), { code });
}

function known(name) {
  const hash = hashNamed(name);
  if (hash === undefined) throw error(Error, 'ERR_CRYPTO_INVALID_DIGEST', `Invalid digest: ${name}`);
  return hash;
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

class KeyObject {
  #bytes;
  type = 'secret';

  constructor(bytes) {
    this.#bytes = bytes;
  }

  get symmetricKeySize() {
    return this.#bytes.length;
  }

  export({ format } = {}) {
    return format === 'jwk' ? { kty: 'oct', k: this.#bytes.toString('base64url') } : Buffer.from(this.#bytes);
  }

  equals(other) {
    return this.#bytes.equals(other.export());
  }
}

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
  return Buffer.from(noblePbkdf2(known(digest), bytesOf(password), bytesOf(salt), options));
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
  const bytes = nobleHkdf(known(digest), bytesOf(key), bytesOf(salt), bytesOf(info), length);
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

const PAIRS = [
  'createSign',
  'createVerify',
  'createPrivateKey',
  'createPublicKey',
  'createECDH',
  'sign',
].concat(
  ['verify', 'createDiffieHellman', 'createDiffieHellmanGroup', 'getDiffieHellman', 'diffieHellman'],
  [
    'generateKeyPair',
    'generateKeyPairSync',
    'generatePrime',
    'generatePrimeSync',
    'checkPrime',
    'checkPrimeSync',
  ],
  ['publicEncrypt', 'publicDecrypt', 'privateEncrypt', 'privateDecrypt', 'generateKey', 'generateKeySync'],
  [
    'getCipherInfo',
    'X509Certificate',
    'Certificate',
    'ECDH',
    'DiffieHellman',
    'Sign',
    'Verify',
    'setEngine',
    'setFips',
    'Cipher',
    'Decipher',
    'DiffieHellmanGroup',
    'secureHeapUsed',
  ],
);

export default {
  ...Object.fromEntries(PAIRS.map((name) => [name, missing(`crypto.${name}`)])),
  Cipheriv,
  Decipheriv,
  Hash,
  Hmac,
  KeyObject,
  constants: { ...constants },
  createCipheriv: (name, key, iv) => new Cipheriv(name, key, iv),
  createDecipheriv: (name, key, iv) => new Decipheriv(name, key, iv),
  createHash,
  createHmac: (name, key) => new Hmac(hmac.create(known(name), bytesOf(key))),
  createSecretKey: (key, encoding) => new KeyObject(Buffer.from(bytesOf(key, encoding))),
  getCiphers: () => [...cipherNames],
  getCurves: () => [],
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
  get subtle() {
    return globalThis.crypto.subtle;
  },
  timingSafeEqual,
  get webcrypto() {
    return globalThis.crypto;
  },
};
