// ECDSA and ECDH over the NIST's curves.
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { hashOf } from './hashes.js';
import { bytesOf, der, failure, fromBase64Url, makeKey, readDer, toBase64Url, unsupported } from './keys.js';

export const CURVES = {
  'P-256': { curve: p256, size: 32, oid: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07] },
  'P-384': { curve: p384, size: 48, oid: [0x2b, 0x81, 0x04, 0x00, 0x22] },
  'P-521': { curve: p521, size: 66, oid: [0x2b, 0x81, 0x04, 0x00, 0x23] },
};
export const EC = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

function curveNamed(name) {
  const found = CURVES[name];
  if (found === undefined) throw unsupported(`the curve ${name}`);
  return found;
}

function key(type, { name, namedCurve }, extractable, usages, parts) {
  const about = {
    type,
    extractable: type === 'public' || extractable,
    algorithm: { name, namedCurve },
    usages,
  };
  return makeKey(about, parts);
}

/** `{ point, secret }`: the point is uncompressed. */
function partsOf(format, data, { curve, size, oid }) {
  if (format === 'jwk') {
    if (data?.kty !== 'EC') throw failure('DataError', 'Invalid JWK "kty" Parameter');
    const point = Uint8Array.from([4, ...fromBase64Url(data.x), ...fromBase64Url(data.y)]);
    return { point, secret: data.d === undefined ? undefined : fromBase64Url(data.d) };
  }
  const bytes = bytesOf(data);
  if (format === 'raw') return { point: bytes };
  if (format !== 'spki' && format !== 'pkcs8') throw unsupported(`a key as ${format}`);
  const [{ items }] = readDer(bytes);
  const [, curveId] = items[format === 'spki' ? 0 : 1].items;
  if (curveId.bytes.join() !== oid.join()) throw failure('DataError', 'Named curve mismatch');
  if (format === 'spki') return { point: items[1].bytes.slice(1) };
  const secret = readDer(items[2].bytes)[0].items[1].bytes;
  const whole = Uint8Array.from([...new Uint8Array(size - secret.length), ...secret]);
  return { point: curve.getPublicKey(whole, false), secret: whole };
}

function jwk({ point, secret }, { algorithm, usages, extractable }, size) {
  return {
    kty: 'EC',
    crv: algorithm.namedCurve,
    x: toBase64Url(point.subarray(1, 1 + size)),
    y: toBase64Url(point.subarray(1 + size)),
    ...(secret && { d: toBase64Url(secret) }),
    key_ops: [...usages],
    ext: extractable,
  };
}

export const ecKeys = {
  importKey(format, data, algorithm, extractable, usages) {
    const found = curveNamed(algorithm.namedCurve);
    const parts = partsOf(format, data, found);
    try {
      found.curve.Point.fromBytes(parts.point);
    } catch {
      throw failure('DataError', 'The point is not on the curve');
    }
    return key(parts.secret === undefined ? 'public' : 'private', algorithm, extractable, usages, parts);
  },
  generateKey(algorithm, extractable, usages) {
    const { curve } = curveNamed(algorithm.namedCurve);
    const { secretKey: secret } = curve.keygen();
    const point = curve.getPublicKey(secret, false);
    const [forPublic, forPrivate] =
      algorithm.name === 'ECDSA' ? [['verify'], ['sign']] : [[], ['deriveKey', 'deriveBits']];
    const allowed = (list) => usages.filter((usage) => list.includes(usage));
    return {
      publicKey: key('public', algorithm, true, allowed(forPublic), { point }),
      privateKey: key('private', algorithm, extractable, allowed(forPrivate), { point, secret }),
    };
  },
  exportKey(format, parts, about) {
    const { size, oid } = curveNamed(about.algorithm.namedCurve);
    if (format === 'jwk') return jwk(parts, about, size);
    if (format === 'raw' && about.type === 'public') return parts.point.slice().buffer;
    const kind = der(0x30, der(6, EC), der(6, oid));
    if (format === 'spki' && about.type === 'public') return der(0x30, kind, der(3, [0], parts.point)).buffer;
    if (format !== 'pkcs8' || about.type !== 'private') throw unsupported(`a ${about.type} key as ${format}`);
    const inside = der(0x30, der(2, [1]), der(4, parts.secret), der(0xa1, der(3, [0], parts.point)));
    return der(0x30, der(2, [0]), kind, der(4, inside)).buffer;
  },
  sign({ secret }, { algorithm }, data, { hash }) {
    const { curve } = curveNamed(algorithm.namedCurve);
    return curve.sign(hashOf(hash)(data), secret, { prehash: false, lowS: false });
  },
  verify({ point }, { algorithm }, data, signature, { hash }) {
    const { curve } = curveNamed(algorithm.namedCurve);
    try {
      return curve.verify(signature, hashOf(hash)(data), point, { prehash: false, lowS: false });
    } catch {
      return false;
    }
  },
  deriveBits({ secret }, other, length, { algorithm }) {
    const { curve } = curveNamed(algorithm.namedCurve);
    const shared = curve.getSharedSecret(secret, other.point, true).subarray(1);
    return length === null || length === undefined ? shared : shared.subarray(0, length / 8);
  },
};
