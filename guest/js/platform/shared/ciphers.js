// AES by Node's names, in one piece when it ends; of @noble/ciphers.
import { cbc, ctr, ecb, gcm } from '@noble/ciphers/aes.js';
import { Buffer } from '../node/buffer.js';

const NAME = /^(?:id-)?aes-?(128|192|256)-?(cbc|ctr|ecb|gcm)$/i;
const BLOCK = 16;
const TAG = 16;
const BITS = 8;

export const cipherNames = ['cbc', 'ctr', 'ecb', 'gcm'].flatMap((mode) =>
  ['128', '192', '256'].map((bits) => `aes-${bits}-${mode}`),
);

function error(Kind, code, message) {
  return Object.assign(new Kind(message), { code });
}

export function bytesOf(value, encoding) {
  if (typeof value === 'string') return Buffer.from(value, encoding);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (typeof value?.export === 'function') return value.export();
  throw error(
    TypeError,
    'ERR_INVALID_ARG_TYPE',
    'The argument must be of type string or an instance of Buffer, TypedArray, or DataView',
  );
}

class Aes {
  #mode;
  #key;
  #iv;
  #parts = [];
  #ended = false;
  padding = true;
  aad;

  constructor(name, key, iv) {
    const [, bits, mode] = NAME.exec(name) ?? [];
    if (mode === undefined) throw error(Error, 'ERR_CRYPTO_UNKNOWN_CIPHER', 'Unknown cipher');
    this.#mode = mode.toLowerCase();
    this.#key = Uint8Array.from(bytesOf(key));
    if (this.#key.length * BITS !== Number(bits))
      throw error(RangeError, 'ERR_CRYPTO_INVALID_KEYLEN', 'Invalid key length');
    this.#iv = iv === null ? undefined : Uint8Array.from(bytesOf(iv));
    const right =
      this.#mode === 'ecb' || (this.#mode === 'gcm' ? this.#iv?.length > 0 : this.#iv?.length === BLOCK);
    if (!right) throw error(TypeError, 'ERR_CRYPTO_INVALID_IV', 'Invalid initialization vector');
  }

  get isGcm() {
    return this.#mode === 'gcm';
  }

  /** Nothing comes out before the end. */
  update(data, encoding, outputEncoding) {
    this.#parts.push(Buffer.from(bytesOf(data, encoding)));
    return outputEncoding === undefined ? Buffer.alloc(0) : '';
  }

  setAutoPadding(on = true) {
    this.padding = on;
    return this;
  }

  setAAD(data) {
    this.aad = Uint8Array.from(bytesOf(data));
    return this;
  }

  input() {
    if (this.#ended) throw error(Error, 'ERR_CRYPTO_INVALID_STATE', 'Unsupported state');
    this.#ended = true;
    return Uint8Array.from(Buffer.concat(this.#parts));
  }

  cipher() {
    const options = { disablePadding: !this.padding };
    switch (this.#mode) {
      case 'cbc':
        return cbc(this.#key, this.#iv, options);
      case 'ctr':
        return ctr(this.#key, this.#iv);
      case 'ecb':
        return ecb(this.#key, options);
      default:
        return gcm(this.#key, this.#iv, this.aad);
    }
  }
}

function given(bytes, encoding) {
  const buffer = Buffer.from(bytes);
  return encoding === undefined ? buffer : buffer.toString(encoding);
}

export class Cipheriv extends Aes {
  #tag;

  final(encoding) {
    const all = this.cipher().encrypt(this.input());
    if (!this.isGcm) return given(all, encoding);
    this.#tag = Buffer.from(all.subarray(all.length - TAG));
    return given(all.subarray(0, all.length - TAG), encoding);
  }

  getAuthTag() {
    return this.#tag;
  }
}

export class Decipheriv extends Aes {
  #tag;

  setAuthTag(tag, encoding) {
    this.#tag = Buffer.from(bytesOf(tag, encoding));
    return this;
  }

  final(encoding) {
    const input = this.input();
    if (this.isGcm && this.#tag === undefined)
      throw new Error('Unsupported state or unable to authenticate data');
    const all = this.isGcm ? Uint8Array.from([...input, ...this.#tag]) : input;
    try {
      return given(this.cipher().decrypt(all), encoding);
    } catch {
      throw this.isGcm
        ? new Error('Unsupported state or unable to authenticate data')
        : error(Error, 'ERR_OSSL_BAD_DECRYPT', 'error:1C800064:Provider routines::bad decrypt');
    }
  }
}
