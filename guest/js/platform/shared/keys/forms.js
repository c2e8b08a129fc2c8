// Keys of pairs in the forms that they come in: PEM, DER and JWK. What is read is `{ kind: 'rsa', numbers }`, the bytes
// of n, e and, of a private key, d, p, q, dp, dq, qi; or `{ kind: 'ec', curve, point, secret }`.
import { Buffer } from '../../node/buffer.js';
import { CURVES, EC } from '../../web/subtle/ec.js';
import { der, fromBase64Url, readDer, toBase64Url } from '../../web/subtle/keys.js';

const RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const RSA_NUMBERS = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'];
const PUBLIC_NUMBERS = 2;
const [INTEGER, BITS, OCTETS, NULL, OID, SEQUENCE] = [2, 3, 4, 5, 6, 0x30];
const CURVE_FIELD = 0xa0;
const LINE = /.{1,64}/g;
const ENCRYPTED = /ENCRYPTED/;
const BLOCK = new RegExp(
  '-----BEGIN ((?:ENCRYPTED |RSA |EC )?PRIVATE KEY|(?:RSA )?PUBLIC KEY|(?:X509 |TRUSTED )?CERTIFICATE)-----' +
    '([^-]*(?:-(?!----)[^-]*)*)-----END \\1-----',
);
/** What is in PEM, by its label. */
const READERS = {
  'PRIVATE KEY': pkcs8,
  'RSA PRIVATE KEY': pkcs1,
  'EC PRIVATE KEY': (node) => sec1(node),
  'PUBLIC KEY': spki,
  'RSA PUBLIC KEY': pkcs1,
};
const BY_TYPE = { pkcs1, pkcs8, sec1: (node) => sec1(node), spki };

export function keyError(code, message, Kind = Error) {
  return Object.assign(new Kind(message), { code });
}

function invalid(property, value) {
  const message = `The property '${property}' is invalid. Received ${value === undefined ? value : `'${value}'`}`;
  return keyError('ERR_INVALID_ARG_VALUE', message, TypeError);
}

function unreadable() {
  return keyError('ERR_OSSL_UNSUPPORTED', 'error:1E08010C:DECODER routines::unsupported');
}

export function readPem(text) {
  const [, label, body] = BLOCK.exec(text) ?? [];
  if (label === undefined) throw unreadable();
  if (ENCRYPTED.test(label + body))
    throw keyError(
      'ERR_MISSING_PASSPHRASE',
      'Keys with a passphrase are not read in a guest: decrypt them before',
    );
  return tried(() => (READERS[label] ?? certificate)(readDer(Buffer.from(body, 'base64'))[0]));
}

export function readBinary(bytes, type) {
  const read = BY_TYPE[type];
  if (read === undefined) throw invalid('key.type', type);
  return tried(() => read(readDer(bytes)[0]));
}

export function readJwk({ kty, crv, x, y, ...numbers }) {
  if (kty === 'RSA') {
    const given = RSA_NUMBERS.map((name) => numbers[name]);
    const known = given.slice(0, given[PUBLIC_NUMBERS] === undefined ? PUBLIC_NUMBERS : given.length);
    if (known.every((text) => typeof text === 'string'))
      return { kind: 'rsa', numbers: known.map((text) => plain(fromBase64Url(text))) };
  }
  if (kty === 'EC' && CURVES[crv] !== undefined && [x, y].every((text) => typeof text === 'string')) {
    const point = Uint8Array.from([4, ...fromBase64Url(x), ...fromBase64Url(y)]);
    return onCurve({ kind: 'ec', curve: crv, point, secret: numbers.d && fromBase64Url(numbers.d) });
  }
  throw keyError('ERR_CRYPTO_INVALID_JWK', 'Invalid JWK data', TypeError);
}

/** What is no key fails in one way, wherever that shows. */
function tried(read) {
  try {
    return read();
  } catch (error) {
    throw error.code === undefined || error instanceof DOMException ? unreadable() : error;
  }
}

function onCurve(key) {
  try {
    CURVES[key.curve].curve.Point.fromBytes(key.point);
  } catch {
    throw keyError('ERR_CRYPTO_INVALID_KEYPAIR', 'The point of the key is not on its curve');
  }
  return key;
}

function plain(bytes) {
  return bytes[0] === 0 ? bytes.slice(1) : bytes.slice();
}

function isId(node, id) {
  return node?.bytes.join() === id.join();
}

function curveOf(node) {
  const [name] = Object.entries(CURVES).find(([, { oid }]) => isId(node, oid)) ?? [];
  if (name !== undefined) return name;
  throw keyError('ERR_CRYPTO_UNSUPPORTED_OPERATION', 'The curve of the key is none of P-256, P-384, P-521');
}

function kindOf(id) {
  if (isId(id, RSA)) return 'rsa';
  if (isId(id, EC)) return 'ec';
  throw keyError('ERR_CRYPTO_UNSUPPORTED_OPERATION', 'The key is neither of RSA nor of an elliptic curve');
}

function certificate({ items: [{ items }] }) {
  // After version (which the first one of its kinds leaves out), number, algorithm, issuer, time and subject.
  return spki(items[items[0].tag === CURVE_FIELD ? 6 : 5]);
}

function spki({
  items: [
    {
      items: [id, curve],
    },
    { bytes },
  ],
}) {
  const inside = bytes.subarray(1);
  if (kindOf(id) === 'rsa') return pkcs1(readDer(inside)[0]);
  return onCurve({ kind: 'ec', curve: curveOf(curve), point: inside.slice() });
}

function pkcs8({
  items: [
    ,
    {
      items: [id, curve],
    },
    { bytes },
  ],
}) {
  const [inside] = readDer(bytes);
  return kindOf(id) === 'rsa' ? pkcs1(inside) : sec1(inside, curve);
}

/** A private key begins with its version. */
function pkcs1({ items }) {
  const numbers = (items.length > PUBLIC_NUMBERS ? items.slice(1, 9) : items).map(({ bytes }) =>
    plain(bytes),
  );
  if (numbers.length !== PUBLIC_NUMBERS && numbers.length !== RSA_NUMBERS.length) throw unreadable();
  return { kind: 'rsa', numbers };
}

function sec1({ items }, curveId = items.find(({ tag }) => tag === CURVE_FIELD)?.items[0]) {
  const curve = curveOf(curveId);
  const { curve: functions, size } = CURVES[curve];
  const { bytes } = items[1];
  const secret = Uint8Array.from([...new Uint8Array(Math.max(0, size - bytes.length)), ...bytes]);
  return { kind: 'ec', curve, point: functions.getPublicKey(secret, false), secret };
}

export function isPrivate(key) {
  return key.kind === 'ec' ? key.secret !== undefined : key.numbers.length > PUBLIC_NUMBERS;
}

export function publicOf({ kind, numbers, curve, point }) {
  return kind === 'ec' ? { kind, curve, point } : { kind, numbers: numbers.slice(0, PUBLIC_NUMBERS) };
}

/** `[label of PEM, DER]` */
function written(key, type) {
  const [secret, isRsa] = [isPrivate(key), key.kind === 'rsa'];
  if (type === 'pkcs1' && isRsa) return [secret ? 'RSA PRIVATE KEY' : 'RSA PUBLIC KEY', pkcs1Of(key)];
  if (type === 'sec1' && secret && !isRsa) return ['EC PRIVATE KEY', sec1Of(key, true)];
  if (type === 'spki' && !secret) {
    const bits = isRsa ? pkcs1Of(key) : key.point;
    return ['PUBLIC KEY', der(SEQUENCE, algorithmOf(key), der(BITS, [0], bits))];
  }
  if (type === 'pkcs8' && secret) {
    const octets = der(OCTETS, isRsa ? pkcs1Of(key) : sec1Of(key, false));
    return ['PRIVATE KEY', der(SEQUENCE, der(INTEGER, [0]), algorithmOf(key), octets)];
  }
  throw invalid('options.type', type);
}

function pkcs1Of({ numbers }) {
  const version = numbers.length > PUBLIC_NUMBERS ? [der(INTEGER, [0])] : [];
  return der(
    SEQUENCE,
    ...version,
    ...numbers.map((bytes) => der(INTEGER, bytes[0] & 0x80 ? [0] : [], bytes)),
  );
}

function sec1Of({ curve, point, secret }, namesCurve) {
  const named = namesCurve ? [der(CURVE_FIELD, der(OID, CURVES[curve].oid))] : [];
  return der(SEQUENCE, der(INTEGER, [1]), der(OCTETS, secret), ...named, der(0xa1, der(BITS, [0], point)));
}

function algorithmOf({ kind, curve }) {
  if (kind === 'rsa') return der(SEQUENCE, der(OID, RSA), der(NULL));
  return der(SEQUENCE, der(OID, EC), der(OID, CURVES[curve].oid));
}

function writeJwk({ kind, numbers, curve, point, secret }) {
  if (kind === 'rsa')
    return {
      kty: 'RSA',
      ...Object.fromEntries(numbers.map((bytes, at) => [RSA_NUMBERS[at], toBase64Url(bytes)])),
    };
  const { size } = CURVES[curve];
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)].map(toBase64Url);
  return { crv: curve, ...(secret && { d: toBase64Url(secret) }), kty: 'EC', x, y };
}

export function writeKey(key, { type, format, cipher } = {}) {
  if (cipher !== undefined)
    throw keyError(
      'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
      'Keys are not written with a passphrase in a guest',
    );
  if (format === 'jwk') return writeJwk(key);
  const [label, bytes] = written(key, type);
  if (format === 'der') return Buffer.from(bytes);
  if (format !== 'pem') throw invalid('options.format', format);
  const lines = Buffer.from(bytes).toString('base64').match(LINE).join('\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
