// HMAC, AES, and keys derived of secrets.
import { cbc, ctr, gcm } from '@noble/ciphers/aes.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { hashName, hashOf, hmac } from './hashes.js';
import { bytesOf, failure, fromBase64Url, makeKey, toBase64Url, unsupported } from './keys.js';

const BITS = 8;
const AES = { 'AES-GCM': 'GCM', 'AES-CBC': 'CBC', 'AES-CTR': 'CTR' };

function rawOf(format, data) {
  if (format === 'raw') return bytesOf(data);
  if (format === 'jwk' && data?.kty === 'oct') return fromBase64Url(data.k);
  throw unsupported(`a secret key as ${format}`);
}

function exported(format, secret, key, alg) {
  if (format === 'raw') return secret.slice().buffer;
  if (format !== 'jwk') throw unsupported(`a secret key as ${format}`);
  return { key_ops: [...key.usages], ext: key.extractable, kty: 'oct', k: toBase64Url(secret), alg };
}

function random(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

export const hmacKeys = {
  importKey(format, data, { hash, length }, extractable, usages) {
    const secret = rawOf(format, data);
    const algorithm = {
      name: 'HMAC',
      hash: { name: hashName(hash) },
      length: length ?? secret.length * BITS,
    };
    return makeKey({ type: 'secret', extractable, algorithm, usages }, secret);
  },
  generateKey({ hash, length = hashOf(hash).blockLen * BITS }, extractable, usages) {
    return this.importKey('raw', random(length / BITS), { hash }, extractable, usages);
  },
  exportKey: (format, secret, key) => exported(format, secret, key, `HS${key.algorithm.hash.name.slice(4)}`),
  sign: (secret, { algorithm }, data) => hmac(hashOf(algorithm.hash), secret, data),
  verify(secret, key, data, signature) {
    const right = this.sign(secret, key, data);
    if (right.length !== signature.length) return false;
    return right.reduce((odd, byte, index) => odd | (byte ^ signature[index]), 0) === 0;
  },
};

function aesCipher(secret, { name, iv, additionalData, tagLength = 128, counter, length }) {
  switch (AES[name]) {
    case 'GCM':
      if (tagLength !== 128) throw unsupported(`a tag of ${tagLength} bits`);
      return gcm(secret, bytesOf(iv), additionalData && bytesOf(additionalData));
    case 'CBC':
      return cbc(secret, bytesOf(iv));
    default: {
      const start = bytesOf(counter);
      if (start.length !== 16 || !(length >= 1 && length <= 128))
        throw failure(
          'OperationError',
          'algorithm.counter must be of 16 bytes, algorithm.length of 1 to 128',
        );
      return ctr(secret, start);
    }
  }
}

export const aesKeys = {
  importKey(format, data, { name }, extractable, usages) {
    const secret = rawOf(format, data);
    if (![16, 24, 32].includes(secret.length)) throw failure('DataError', 'Invalid key length');
    const algorithm = { name, length: secret.length * BITS };
    return makeKey({ type: 'secret', extractable, algorithm, usages }, secret);
  },
  generateKey({ name, length }, extractable, usages) {
    if (![128, 192, 256].includes(length)) throw failure('OperationError', 'Invalid key length');
    return this.importKey('raw', random(length / BITS), { name }, extractable, usages);
  },
  exportKey: (format, secret, key) =>
    exported(format, secret, key, `A${key.algorithm.length}${AES[key.algorithm.name]}`),
  encrypt: (secret, algorithm, data) => aesCipher(secret, algorithm).encrypt(data),
  decrypt(secret, algorithm, data) {
    try {
      return aesCipher(secret, algorithm).decrypt(data);
    } catch (error) {
      if (error instanceof DOMException || error instanceof TypeError) throw error;
      throw failure('OperationError', 'The operation failed for an operation-specific reason');
    }
  },
};

export const derivations = {
  importKey(format, data, { name }, extractable, usages) {
    if (format !== 'raw') throw unsupported(`a secret as ${format}`);
    return makeKey({ type: 'secret', extractable, algorithm: { name }, usages }, bytesOf(data));
  },
  deriveBits(secret, { name, hash, salt, info, iterations }, length) {
    if (!(length > 0) || length % BITS !== 0)
      throw failure('OperationError', 'length must be a multiple of 8');
    const size = length / BITS;
    if (name === 'HKDF') return hkdf(hashOf(hash), secret, bytesOf(salt), bytesOf(info), size);
    return pbkdf2(hashOf(hash), secret, bytesOf(salt), { c: iterations, dkLen: size });
  },
};
