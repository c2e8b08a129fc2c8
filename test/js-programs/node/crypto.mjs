import crypto, { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const NAMES = [
  'md5',
  'sha1',
  'sha224',
  'sha256',
  'SHA384',
  'sha512',
  'sha512-256',
  'sha3-256',
  'sha3-512',
].concat('ripemd160', 'blake2b512', 'blake2s256', 'RSA-SHA256');

function encrypt(name, key, iv, aad) {
  const cipher = crypto.createCipheriv(name, key, iv);
  if (aad) cipher.setAAD(aad);
  const bytes = Buffer.concat([cipher.update('some text, longer than a block', 'utf8'), cipher.final()]);
  return [bytes.toString('hex'), aad ? cipher.getAuthTag().toString('hex') : ''];
}

function decrypt(name, key, iv, hex) {
  const decipher = crypto.createDecipheriv(name, key, iv);
  return decipher.update(hex, 'hex', 'utf8') + decipher.final('utf8');
}

function code(run) {
  try {
    return run();
  } catch (error) {
    return error.code ?? error.message;
  }
}

export default async () => {
  const key = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex');
  const iv = key.subarray(0, 16);
  const [cbc] = encrypt('aes-256-cbc', key, iv);
  const half = createHash('sha256').update('a');
  const copy = half.copy().update('b').digest('hex');
  return [
    NAMES.map((name) =>
      createHash(name)
        .update('grüße')
        .update(Buffer.from([1, 2]))
        .digest('hex'),
    ),
    NAMES.slice(0, 8).map((name) => createHmac(name, 'key').update('text').digest('base64')),
    [copy, half.digest('base64url')],
    crypto.pbkdf2Sync('secret', 'salt', 100, 40, 'sha512').toString('hex'),
    crypto.scryptSync('secret', 'salt', 32, { N: 64, r: 4 }).toString('hex'),
    Buffer.from(crypto.hkdfSync('sha256', 'key', 'salt', 'info', 20)).toString('hex'),
    await new Promise((resolve) =>
      crypto.pbkdf2('p', 's', 2, 8, 'sha1', (_error, bytes) => resolve(bytes.toString('hex'))),
    ),
    ['aes-128-cbc', 'aes-128-ctr'].map((name) => encrypt(name, key.subarray(0, 16), iv)),
    encrypt('aes-256-gcm', key, iv.subarray(0, 12), Buffer.from('more')),
    decrypt('aes-256-cbc', key, iv, cbc),
    code(() => decrypt('aes-256-cbc', key, iv, cbc.slice(2) + '00')),
    code(() => timingSafeEqual(Buffer.from('a'), Buffer.from('ab'))),
    timingSafeEqual(Buffer.from('ab'), Buffer.from('ab')),
    code(() => crypto.createHash('nothing')) === undefined,
    code(() => crypto.createHmac('nothing', 'k')),
    code(() => half.update('more')),
    crypto.randomBytes(9).length,
    crypto.randomUUID().length,
    new Set(Array.from({ length: 60 }, () => crypto.randomInt(3))).size,
    crypto.createSecretKey(Buffer.from('abc')).symmetricKeySize,
  ];
};
