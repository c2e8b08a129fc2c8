// crypto.subtle: what @noble's and micro-rsa-dsa-dh's functions give of it.
import { define, tag } from '../shared/define.js';
import { ecKeys } from './subtle/ec.js';
import { hashOf } from './subtle/hashes.js';
import { bytesOf, CryptoKey, failure, secretOf, unsupported } from './subtle/keys.js';
import { rsaKeys } from './subtle/rsa.js';
import { aesKeys, derivations, hmacKeys } from './subtle/symmetric.js';

const KINDS = {
  HMAC: hmacKeys,
  'AES-CBC': aesKeys,
  'AES-CTR': aesKeys,
  'AES-GCM': aesKeys,
  ECDH: ecKeys,
  ECDSA: ecKeys,
  HKDF: derivations,
  PBKDF2: derivations,
  'RSA-PSS': rsaKeys,
  'RSASSA-PKCS1-v1_5': rsaKeys,
};
const NAMES = new Map(Object.keys(KINDS).map((name) => [name.toLowerCase(), name]));

/** `[what does it, its options, with the name as it is written]` */
function algorithmOf(given, operation) {
  const options = typeof given === 'string' ? { name: given } : given;
  const name = NAMES.get(`${options?.name}`.toLowerCase());
  const kind = KINDS[name];
  if (kind?.[operation] === undefined) throw unsupported(`${operation} with ${options?.name}`);
  return [kind, { ...options, name }];
}

function bufferOf(bytes) {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

class SubtleCrypto {
  async digest(algorithm, data) {
    return bufferOf(hashOf(algorithm)(bytesOf(data)));
  }

  async importKey(format, data, algorithm, extractable, usages) {
    const [kind, options] = algorithmOf(algorithm, 'importKey');
    const key = kind.importKey(format, data, options, Boolean(extractable), [...usages]);
    if (usages.length === 0 && key.type !== 'public')
      throw failure('SyntaxError', 'Usages cannot be empty when importing a secret or private key.');
    return key;
  }

  async exportKey(format, key) {
    const secret = secretOf(key);
    if (!key.extractable) throw failure('InvalidAccessError', 'key is not extractable');
    const [kind] = algorithmOf(key.algorithm, 'exportKey');
    return kind.exportKey(format, secret, key);
  }

  async generateKey(algorithm, extractable, usages) {
    const [kind, options] = algorithmOf(algorithm, 'generateKey');
    return kind.generateKey(options, Boolean(extractable), [...usages]);
  }

  async sign(algorithm, key, data) {
    const [kind, options] = algorithmOf(algorithm, 'sign');
    const secret = secretOf(key, 'sign', options.name);
    return bufferOf(kind.sign(secret, key, bytesOf(data), options));
  }

  async verify(algorithm, key, signature, data) {
    const [kind, options] = algorithmOf(algorithm, 'verify');
    const secret = secretOf(key, 'verify', options.name);
    return kind.verify(secret, key, bytesOf(data), bytesOf(signature), options);
  }

  async encrypt(algorithm, key, data) {
    const [kind, options] = algorithmOf(algorithm, 'encrypt');
    return bufferOf(kind.encrypt(secretOf(key, 'encrypt', options.name), options, bytesOf(data)));
  }

  async decrypt(algorithm, key, data) {
    const [kind, options] = algorithmOf(algorithm, 'decrypt');
    return bufferOf(kind.decrypt(secretOf(key, 'decrypt', options.name), options, bytesOf(data)));
  }

  async deriveBits(algorithm, key, length) {
    return this.#derive(algorithm, key, length, 'deriveBits');
  }

  async deriveKey(algorithm, key, derived, extractable, usages) {
    const [kind, options] = algorithmOf(derived, 'importKey');
    const length =
      options.length ?? (options.name === 'HMAC' ? hashOf(options.hash).blockLen * 8 : undefined);
    const bits = this.#derive(algorithm, key, length, 'deriveKey');
    return kind.importKey('raw', bits, options, Boolean(extractable), [...usages]);
  }

  #derive(algorithm, key, length, usage) {
    const [kind, options] = algorithmOf(algorithm, 'deriveBits');
    const secret = secretOf(key, usage, options.name);
    const other = options.name === 'ECDH' ? secretOf(options.public) : options;
    return bufferOf(kind.deriveBits(secret, other, length, key));
  }
}
tag(SubtleCrypto, 'SubtleCrypto');
define(globalThis.crypto, 'subtle', new SubtleCrypto());

export default { CryptoKey, SubtleCrypto };
