import { cbc, gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { bytesToHex, utf8ToBytes } from '@noble/ciphers/utils.js';

export default () => {
  const key = Uint8Array.from({ length: 32 }, (_, i) => i);
  const text = utf8ToBytes('a text that is longer than one block of sixteen bytes');
  const kinds = {
    gcm: [gcm, 12],
    cbc: [cbc, 16],
    chacha: [chacha20poly1305, 12],
    xchacha: [xchacha20poly1305, 24],
  };
  const results = Object.entries(kinds).map(([name, [cipher, length]]) => {
    const nonce = new Uint8Array(length).fill(7);
    const sealed = cipher(key, nonce).encrypt(text);
    return [name, bytesToHex(sealed), bytesToHex(cipher(key, nonce).decrypt(sealed)) === bytesToHex(text)];
  });
  const sealed = gcm(key, new Uint8Array(12)).encrypt(text);
  sealed[3] ^= 1;
  let refused = false;
  try {
    gcm(key, new Uint8Array(12)).decrypt(sealed);
  } catch {
    refused = true;
  }
  return { results, refused };
};
