// Node's signatures: RSA (PKCS #1 v1.5 and PSS) and ECDSA.
import {
  mgf1,
  PKCS1_SHA1,
  PKCS1_SHA224,
  PKCS1_SHA256,
  PKCS1_SHA384,
  PKCS1_SHA512,
  PSS,
} from 'micro-rsa-dsa-dh/rsa.js';
import { pow } from 'micro-rsa-dsa-dh/utils.js';
import * as constants from 'unenv/node/internal/crypto/constants';
import { Buffer } from '../../node/buffer.js';
import { CURVES } from '../../web/subtle/ec.js';
import { toNumber } from '../../web/subtle/keys.js';
import { bytesOf } from '../ciphers.js';
import { hashNamed } from '../hashes.js';
import { keyError } from './forms.js';
import { keyParts } from './objects.js';

const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = constants;
const PKCS1 = new Map(
  Object.entries({ PKCS1_SHA1, PKCS1_SHA224, PKCS1_SHA256, PKCS1_SHA384, PKCS1_SHA512 }).map(
    ([name, functions]) => [hashNamed(name.slice('PKCS1_'.length)), functions],
  ),
);
/** Of a salt's length: as long as the hash; as long as can be, and found out when it is verified. */
const [AS_HASH, MOST] = [-1, -2];
const TRAILER = 1;

export function knownHash(name) {
  const hash = hashNamed(name);
  if (hash === undefined) throw keyError('ERR_CRYPTO_INVALID_DIGEST', `Invalid digest: ${name}`, TypeError);
  return hash;
}

/** What a signature of a key consists in: functions that get the data. */
function scheme(key, hash, { padding = RSA_PKCS1_PADDING, saltLength = MOST, dsaEncoding = 'der' }) {
  if (key.kind === 'ec') return ecdsa(key, hash, dsaEncoding);
  const [n, e, d] = key.numbers.map(toNumber);
  if (padding === RSA_PKCS1_PSS_PADDING) return pss({ n, e, d }, hash, saltLength);
  const functions = PKCS1.get(hash);
  if (padding !== RSA_PKCS1_PADDING || functions === undefined)
    throw keyError('ERR_OSSL_RSA_ILLEGAL_OR_UNSUPPORTED_PADDING_MODE', 'illegal or unsupported padding mode');
  return {
    sign: (data) => functions.sign({ n, d }, data),
    verify: (data, signature) => functions.verify({ n, e }, data, signature),
  };
}

function ecdsa({ curve, point, secret }, hash, encoding) {
  if (encoding !== 'der' && encoding !== 'ieee-p1363') {
    const message = `The property 'options.dsaEncoding' is invalid. Received '${encoding}'`;
    throw keyError('ERR_INVALID_ARG_VALUE', message, TypeError);
  }
  const options = { prehash: false, lowS: false, format: encoding === 'der' ? 'der' : 'compact' };
  const { curve: functions } = CURVES[curve];
  return {
    sign: (data) => functions.sign(hash(data), secret, options),
    verify: (data, signature) => functions.verify(signature, hash(data), point, options),
  };
}

function pss({ n, e, d }, hash, saltLength) {
  const bits = n.toString(2).length - 1;
  const room = Math.ceil(bits / 8) - hash.outputLen - 2;
  const fixed = saltLength === AS_HASH ? hash.outputLen : saltLength;
  const withSalt = (length) => PSS(hash, mgf1(hash), length);
  return {
    sign: (data) => withSalt(fixed === MOST ? room : fixed).sign({ n, d }, data),
    verify(data, signature) {
      const length = fixed === MOST ? saltIn(pow(toNumber(signature), e, n), bits, hash) : fixed;
      return length >= 0 && withSalt(length).verify({ n, e }, data, signature);
    },
  };
}

/** How long the salt of an opened signature is; below 0 if it is none. */
function saltIn(opened, bits, hash) {
  const size = Math.ceil(bits / 8);
  const all = Buffer.from(opened.toString(16).padStart(2 * size, '0'), 'hex');
  const masked = all.subarray(0, size - hash.outputLen - TRAILER);
  const mask = mgf1(hash)(Uint8Array.from(all.subarray(masked.length, size - TRAILER)), {
    dkLen: masked.length,
  });
  const block = masked.map((byte, at) => byte ^ mask[at]);
  block[0] &= 0xff >> (8 * size - bits);
  const start = block.findIndex((byte) => byte !== 0);
  return block[start] === 1 ? block.length - start - 1 : -1;
}

function optionsOf(key) {
  return ArrayBuffer.isView(key) || typeof key !== 'object' || key === null ? {} : key;
}

function signed(hash, data, key) {
  return Buffer.from(scheme(keyParts(key, 'private'), hash, optionsOf(key)).sign(data));
}

function isSigned(hash, data, key, signature) {
  const { verify } = scheme(keyParts(key, 'public'), hash, optionsOf(key));
  try {
    return verify(data, signature);
  } catch {
    return false; // of another length or form
  }
}

class Signing {
  #parts = [];
  hash;

  constructor(name) {
    this.hash = knownHash(name);
  }

  update(data, encoding) {
    this.#parts.push(Buffer.from(bytesOf(data, encoding)));
    return this;
  }

  write(data, encoding) {
    this.update(data, encoding);
    return true;
  }

  end(data, encoding) {
    if (data !== undefined) this.update(data, encoding);
    return this;
  }

  data() {
    return Uint8Array.from(Buffer.concat(this.#parts));
  }
}

export class Sign extends Signing {
  sign(key, encoding) {
    const signature = signed(this.hash, this.data(), key);
    return encoding === undefined || encoding === 'buffer' ? signature : signature.toString(encoding);
  }
}

export class Verify extends Signing {
  verify(key, signature, encoding) {
    return isSigned(this.hash, this.data(), key, Uint8Array.from(bytesOf(signature, encoding)));
  }
}

/** For `sign` and `verify`, which take the hash that the kind of key has where none is named. */
function hashFor(name) {
  return knownHash(name ?? 'sha256');
}

export function sign(name, data, key) {
  return signed(hashFor(name), Uint8Array.from(bytesOf(data)), key);
}

export function verify(name, data, key, signature) {
  return isSigned(hashFor(name), Uint8Array.from(bytesOf(data)), key, Uint8Array.from(bytesOf(signature)));
}
