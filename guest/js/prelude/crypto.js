// Random numbers from the call's entropy: no two calls have the same.
import { define } from './define.js';

const MOST_BYTES = 65_536;
const KINDS = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
].concat(['Uint32Array', 'BigInt64Array', 'BigUint64Array']);

export function installCrypto(natives) {
  define(Math, 'random', natives.random);
  const crypto = {
    getRandomValues(array) {
      if (!KINDS.includes(array?.[Symbol.toStringTag]))
        throw new TypeError('crypto.getRandomValues fills typed arrays of integers');
      if (array.byteLength > MOST_BYTES)
        throw new DOMException(
          `crypto.getRandomValues fills at most ${MOST_BYTES} bytes`,
          'QuotaExceededError',
        );
      natives.fillRandom(array);
      return array;
    },

    randomUUID() {
      const bytes = new Uint8Array(16);
      natives.fillRandom(bytes);
      bytes[6] = (bytes[6] & 0x0f) | 0x40;
      bytes[8] = (bytes[8] & 0x3f) | 0x80;
      const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
        '-',
      );
    },
  };
  define(globalThis, 'crypto', crypto);
}
