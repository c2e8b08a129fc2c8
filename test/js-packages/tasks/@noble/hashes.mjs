import { argon2id } from '@noble/hashes/argon2.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { sha3_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

export default () => {
  const text = utf8ToBytes('grüße '.repeat(50));
  const salt = utf8ToBytes('salt of some bytes');
  return [
    ...[sha256, sha512, sha3_256, blake2b, blake3].map((hash) => bytesToHex(hash(text))),
    bytesToHex(hmac(sha256, salt, text)),
    bytesToHex(hkdf(sha256, text, salt, utf8ToBytes('info'), 40)),
    bytesToHex(pbkdf2(sha512, text, salt, { c: 50, dkLen: 32 })),
    bytesToHex(argon2id(text, salt, { t: 1, m: 64, p: 1, dkLen: 16 })),
  ];
};
