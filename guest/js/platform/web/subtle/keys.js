// CryptoKey, and the forms that keys come in.
import { tag } from '../../shared/define.js';

const MAKE = Symbol('make');
const material = new WeakMap();

export class CryptoKey {
  #about;

  constructor(key, about) {
    if (key !== MAKE) throw new TypeError('Illegal constructor');
    this.#about = about;
  }

  get type() {
    return this.#about.type;
  }

  get extractable() {
    return this.#about.extractable;
  }

  get algorithm() {
    return this.#about.algorithm;
  }

  get usages() {
    return this.#about.usages;
  }
}
tag(CryptoKey, 'CryptoKey');

export function makeKey(about, secret) {
  const key = new CryptoKey(MAKE, about);
  material.set(key, secret);
  return key;
}

/** What a key holds, if it may be used so. */
export function secretOf(key, usage, name) {
  const secret = material.get(key);
  if (secret === undefined) throw new TypeError('The key is no CryptoKey');
  if (name !== undefined && key.algorithm.name !== name)
    throw failure('InvalidAccessError', 'Key algorithm mismatch');
  if (usage !== undefined && !key.usages.includes(usage))
    throw failure('InvalidAccessError', `Unable to use this key to ${usage}`);
  return secret;
}

export function failure(name, message) {
  return new DOMException(message, name);
}

export function unsupported(what) {
  return failure('NotSupportedError', `${what} is not supported in a guest`);
}

export function bytesOf(value) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  if (ArrayBuffer.isView(value))
    return new Uint8Array(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength));
  throw new TypeError('The data is neither an ArrayBuffer nor a view on one');
}

export function toBase64Url(bytes) {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

export function fromBase64Url(text) {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  );
}

export function toNumber(bytes) {
  return BigInt(`0x0${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`);
}

/** The values of DER, nested: `{ tag, bytes, items }`. */
export function readDer(bytes) {
  const values = [];
  for (let at = 0; at < bytes.length; ) {
    const kind = bytes[at];
    let length = bytes[at + 1];
    at += 2;
    if (length > 0x80) {
      const count = length - 0x80;
      length = Number(toNumber(bytes.subarray(at, at + count)));
      at += count;
    }
    if (!(at + length <= bytes.length)) throw failure('DataError', 'The key is no valid DER');
    const inside = bytes.subarray(at, at + length);
    values.push({ tag: kind, bytes: inside, items: kind & 0x20 ? readDer(inside) : [] });
    at += length;
  }
  return values;
}

/** DER of a tag and what is inside. */
export function der(kind, ...parts) {
  const inside = parts.flatMap((part) => Array.from(part));
  const { length } = inside;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Uint8Array.from([kind, ...head, ...inside]);
}
