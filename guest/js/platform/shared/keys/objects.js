// Node's KeyObject, and the keys that its functions take.
import { Buffer } from '../../node/buffer.js';
import { CURVES } from '../../web/subtle/ec.js';
import { toNumber } from '../../web/subtle/keys.js';
import { bytesOf } from '../ciphers.js';
import { isPrivate, keyError, publicOf, readBinary, readJwk, readPem, writeKey } from './forms.js';

const BITS = 8;
const CURVE_NAMES = { 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' };
const MAKE = Symbol('make');

export const curveNames = Object.values(CURVE_NAMES);

/** The curve that Node calls so, by the name that the web has for it. */
function curveNamed(given) {
  const [name] = Object.entries(CURVE_NAMES).find((names) => names.includes(given)) ?? [];
  if (name === undefined) throw keyError('ERR_CRYPTO_INVALID_CURVE', 'Invalid EC curve name', TypeError);
  return name;
}

/** By a KeyObject: its type, and the bytes of a secret or what forms.js reads. */
const held = new WeakMap();

export class KeyObject {
  constructor(made, type, key) {
    if (made !== MAKE)
      throw keyError(
        'ERR_INVALID_ARG_VALUE',
        'KeyObjects are made by createSecretKey and the like',
        TypeError,
      );
    held.set(this, { type, key });
  }

  get type() {
    return held.get(this).type;
  }

  get symmetricKeySize() {
    return this.type === 'secret' ? held.get(this).key.length : undefined;
  }

  get asymmetricKeyType() {
    return held.get(this).key.kind;
  }

  get asymmetricKeyDetails() {
    const { kind, numbers, curve } = held.get(this).key;
    if (kind === 'ec') return { namedCurve: CURVE_NAMES[curve] };
    if (kind !== 'rsa') return undefined;
    return { modulusLength: numbers[0].length * BITS, publicExponent: toNumber(numbers[1]) };
  }

  export(options) {
    const { type, key } = held.get(this);
    if (type !== 'secret') return writeKey(key, options);
    return options?.format === 'jwk' ? { kty: 'oct', k: key.toString('base64url') } : Buffer.from(key);
  }

  equals(other) {
    if (!held.has(other))
      throw keyError('ERR_INVALID_ARG_TYPE', 'The "otherKeyObject" argument must be a KeyObject', TypeError);
    const [one, two] = [this, other].map((key) => JSON.stringify(key.export({ format: 'jwk' })));
    return this.type === other.type && one === two;
  }
}

function partsOf(object, wanted) {
  const { type, key } = held.get(object);
  if (type === wanted || (wanted === 'public' && type === 'private')) return key;
  const message = `Invalid key object type ${type}, expected ${wanted}.`;
  throw keyError('ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE', message, TypeError);
}

/** The parts of whatever Node's functions take for a key; `wanted` is 'private' or 'public'. */
export function keyParts(given, wanted) {
  const key = read(given, wanted);
  if (wanted === 'private' && !isPrivate(key))
    throw keyError('ERR_OSSL_UNSUPPORTED', 'error:1E08010C:DECODER routines::unsupported');
  return wanted === 'private' ? key : publicOf(key);
}

function read(given, wanted) {
  if (held.has(given)) return partsOf(given, wanted);
  const isBytes = ArrayBuffer.isView(given) || given instanceof ArrayBuffer;
  if (typeof given === 'string' || isBytes) return readPem(textOf(given));
  const { key, format = 'pem', type } = given ?? {};
  if (held.has(key)) return partsOf(key, wanted);
  if (format === 'jwk' && typeof key === 'object' && key !== null) return readJwk(key);
  if (typeof key !== 'string' && !ArrayBuffer.isView(key) && !(key instanceof ArrayBuffer)) {
    const shown = given === null || given === undefined ? `${given}` : `type ${typeof given}`;
    const message = `The "key" argument must be of type string or an instance of Buffer or KeyObject. Received ${shown}`;
    throw keyError('ERR_INVALID_ARG_TYPE', message, TypeError);
  }
  if (format === 'pem') return readPem(textOf(key));
  return readBinary(
    Uint8Array.from(bytesOf(key, given.encoding)),
    type ?? (wanted === 'public' ? 'spki' : undefined),
  );
}

function textOf(given) {
  return typeof given === 'string' ? given : Buffer.from(bytesOf(given)).toString('latin1');
}

export function createPrivateKey(given) {
  return new KeyObject(MAKE, 'private', keyParts(given, 'private'));
}

export function createPublicKey(given) {
  if (held.has(given) && given.type !== 'private')
    throw keyError(
      'ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE',
      `Invalid key object type ${given.type}, expected private.`,
      TypeError,
    );
  return new KeyObject(MAKE, 'public', keyParts(given, 'public'));
}

export function createSecretKey(key, encoding) {
  return new KeyObject(MAKE, 'secret', Buffer.from(bytesOf(key, encoding)));
}

/** A pair of keys of a curve; those of RSA take minutes to find. */
export function generateKeyPairSync(type, { namedCurve, publicKeyEncoding, privateKeyEncoding } = {}) {
  if (type !== 'ec')
    throw keyError(
      'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
      `Pairs of keys are made of the type 'ec' only in a guest, and not of '${type}': make them in the host`,
    );
  const curve = curveNamed(namedCurve);
  const { secretKey: secret } = CURVES[curve].curve.keygen();
  const parts = { kind: 'ec', curve, point: CURVES[curve].curve.getPublicKey(secret, false), secret };
  const keys = [new KeyObject(MAKE, 'public', publicOf(parts)), new KeyObject(MAKE, 'private', parts)];
  const [publicKey, privateKey] = [publicKeyEncoding, privateKeyEncoding].map((encoding, at) =>
    encoding === undefined ? keys[at] : keys[at].export(encoding),
  );
  return { publicKey, privateKey };
}

/** What two keys of one curve agree on. */
export function diffieHellman({ privateKey, publicKey }) {
  const [own, other] = [partsOf(privateKey, 'private'), partsOf(publicKey, 'public')];
  if (own.kind !== 'ec' || other.kind !== 'ec' || own.curve !== other.curve)
    throw keyError('ERR_CRYPTO_INCOMPATIBLE_KEY', 'Incompatible key types for Diffie-Hellman');
  return Buffer.from(CURVES[own.curve].curve.getSharedSecret(own.secret, other.point, true).subarray(1));
}
