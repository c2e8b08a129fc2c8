// RSA signatures; verifying them is what most programs need.
import { mgf1, PKCS1_SHA1, PKCS1_SHA256, PKCS1_SHA384, PKCS1_SHA512, PSS } from 'micro-rsa-dsa-dh/rsa.js';
import { hashName, hashOf } from './hashes.js';
import {
  bytesOf,
  failure,
  fromBase64Url,
  makeKey,
  readDer,
  toBase64Url,
  toNumber,
  unsupported,
} from './keys.js';

const PKCS1 = {
  'SHA-1': PKCS1_SHA1,
  'SHA-256': PKCS1_SHA256,
  'SHA-384': PKCS1_SHA384,
  'SHA-512': PKCS1_SHA512,
};

function partsOf(format, data) {
  if (format === 'jwk') {
    if (data?.kty !== 'RSA') throw failure('DataError', 'Invalid JWK "kty" Parameter');
    return [data.n, data.e, data.d].map((text) => text && fromBase64Url(text));
  }
  const [{ items }] = readDer(bytesOf(data));
  if (format === 'spki') return readDer(items[1].bytes.subarray(1))[0].items.map(({ bytes }) => bytes);
  if (format !== 'pkcs8') throw unsupported(`a key as ${format}`);
  return readDer(items[2].bytes)[0]
    .items.slice(1, 4)
    .map(({ bytes }) => bytes);
}

function signer({ algorithm }, { saltLength }) {
  const hash = algorithm.hash.name;
  if (algorithm.name === 'RSASSA-PKCS1-v1_5') return PKCS1[hash];
  return PSS(hashOf(hash), mgf1(hashOf(hash)), saltLength);
}

function plain(bytes) {
  return bytes[0] === 0 ? bytes.subarray(1) : bytes;
}

export const rsaKeys = {
  importKey(format, data, { name, hash }, extractable, usages) {
    const [n, e, d] = partsOf(format, data);
    const secret = {
      n: toNumber(n),
      e: toNumber(e),
      ...(d && { d: toNumber(d) }),
      bytes: { n: plain(n), e: plain(e) },
    };
    const algorithm = {
      name,
      hash: { name: hashName(hash) },
      modulusLength: plain(n).length * 8,
      publicExponent: plain(e).slice(),
    };
    const type = d === undefined ? 'public' : 'private';
    return makeKey({ type, extractable: type === 'public' || extractable, algorithm, usages }, secret);
  },
  exportKey(format, { bytes }, { type, usages, extractable, algorithm }) {
    if (format !== 'jwk' || type !== 'public') throw unsupported(`a ${type} RSA key as ${format}`);
    const kind = algorithm.name === 'RSA-PSS' ? 'PS' : 'RS';
    const alg = `${kind}${algorithm.hash.name.slice(4)}`;
    return {
      key_ops: [...usages],
      ext: extractable,
      kty: 'RSA',
      n: toBase64Url(bytes.n),
      e: toBase64Url(bytes.e),
      alg,
    };
  },
  sign: ({ n, d }, key, data, options) => signer(key, options).sign({ n, d }, data),
  verify({ n, e }, key, data, signature, options) {
    try {
      return signer(key, options).verify({ n, e }, data, signature);
    } catch {
      return false;
    }
  },
};
