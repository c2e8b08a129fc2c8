import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export default () => {
  const secret = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
  const message = new TextEncoder().encode('message');
  const kinds = { ed25519, p256, secp256k1 };
  return Object.entries(kinds).map(([name, curve]) => {
    const key = curve.getPublicKey(secret);
    const signature = curve.sign(message, secret);
    const other = Uint8Array.from(message);
    other[0] ^= 1;
    return [
      name,
      hex(key),
      hex(signature),
      curve.verify(signature, message, key),
      curve.verify(signature, other, key),
    ];
  });
};
