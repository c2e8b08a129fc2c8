import nacl from 'tweetnacl';

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export default () => {
  const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
  const text = new TextEncoder().encode('message');
  const keys = nacl.sign.keyPair.fromSeed(seed);
  const [a, b] = [
    nacl.box.keyPair.fromSecretKey(seed),
    nacl.box.keyPair.fromSecretKey(seed.map((n) => n + 1)),
  ];
  const nonce = new Uint8Array(24).fill(3);
  const sealed = nacl.box(text, nonce, b.publicKey, a.secretKey);
  const signature = nacl.sign.detached(text, keys.secretKey);
  return [
    hex(sealed),
    hex(nacl.box.open(sealed, nonce, a.publicKey, b.secretKey)),
    nacl.secretbox.open(sealed, nonce, seed) === null,
    hex(signature),
    nacl.sign.detached.verify(text, signature, keys.publicKey),
    hex(nacl.hash(text)),
    nacl.randomBytes(8).length,
  ];
};
