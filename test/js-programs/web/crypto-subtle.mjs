// crypto.subtle.
const { subtle } = globalThis.crypto;
const encoder = new TextEncoder();
const text = encoder.encode('some text of more than sixteen bytes');
const hex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytes = (digits) => Uint8Array.from(digits.match(/../g), (pair) => Number.parseInt(pair, 16));
const secret = bytes('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');

// Made once, with signatures of the text.
const RSA = {
  jwk: {
    kty: 'RSA',
    n: 'sTAuaHqw5bNegat4Ex1iky9uvmGaY5nEaoPosN33QfwFEygoU6t30-tIsG_dLJTs7fgmoLJplaeEu93UnZRUyzLah6uTIBIWs_BI_izGBduEVnVBYI5pNQY90Wg8a1NmN8iyFaC7wN_j5JUjCR6eoTeROUdJc-YZu3Eo8ECyKs8',
    e: 'AQAB',
  },
  spki: '30819f300d06092a864886f70d010101050003818d0030818902818100b1302e687ab0e5b35e81ab78131d62932f6ebe619a6399c46a83e8b0ddf741fc0513282853ab77d3eb48b06fdd2c94ecedf826a0b26995a784bbddd49d9454cb32da87ab93201216b3f048fe2cc605db84567541608e6935063dd1683c6b536637c8b215a0bbc0dfe3e49523091e9ea1379139474973e619bb7128f040b22acf0203010001',
  pkcs1:
    '9b385cc9f2c8544cb1dbdbf0deb668568c38dba3d8befd226164fad864f053e02ff3a1a2da49ac2f307c051c4322d9d880e730a2e1ccedaa7f722d7a5d0d425f4e5967a85b18c6f76527336763cde4de11ecb1464901cc1e1fa076014da759e3a3a4ca135b9b9702d23da15fef87555dfd0edd320a9087ef5d1fe2bc663a8293',
  pss: '34be5b0449aef3651eda9fd613fbd4ab66daafe4fa57a2cb00cb0aef2d646b3d0ee1aabfec902385bb93385154d4f1f692cd397b2e863d0f24df30e444c599f1a42a136e494f7bd113472b587db4a1fbbfbbb40bc4837a99d886530b0b62c6af80d428c3a3f4286b509fcdc7babd06ac23b0315f8e99d283f0f439c7c313bd21',
};

async function outcome(step) {
  try {
    return await step();
  } catch (error) {
    return error.name;
  }
}

async function aes(algorithm) {
  const key = await subtle.importKey('raw', secret, algorithm.name, true, ['encrypt', 'decrypt']);
  const packed = await subtle.encrypt(algorithm, key, text);
  const damaged = new Uint8Array(packed.slice(0));
  damaged[damaged.length - 1] ^= 1;
  return [
    hex(packed),
    hex(await subtle.decrypt(algorithm, key, packed)) === hex(text),
    algorithm.name === 'AES-CTR' ? null : await outcome(() => subtle.decrypt(algorithm, key, damaged)),
    (await subtle.exportKey('jwk', key)).alg,
  ];
}

async function ecdsa(namedCurve, hash) {
  const algorithm = { name: 'ECDSA', namedCurve };
  const { publicKey, privateKey } = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const signature = await subtle.sign({ name: 'ECDSA', hash }, privateKey, text);
  const results = [signature.byteLength, privateKey.usages, publicKey.usages, publicKey.type];
  for (const format of ['jwk', 'raw', 'spki']) {
    const again = await subtle.importKey(format, await subtle.exportKey(format, publicKey), algorithm, true, [
      'verify',
    ]);
    results.push(await subtle.verify({ name: 'ECDSA', hash }, again, signature, text));
    results.push(await subtle.verify({ name: 'ECDSA', hash }, again, signature, text.subarray(1)));
  }
  const pkcs8 = await subtle.exportKey('pkcs8', privateKey);
  const same = await subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']);
  const other = await subtle.sign({ name: 'ECDSA', hash }, same, text);
  return [...results, await subtle.verify({ name: 'ECDSA', hash }, publicKey, other, text), pkcs8.byteLength];
}

export default async () => {
  const hmac = await subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, true, [
    'sign',
    'verify',
  ]);
  const tag = await subtle.sign('HMAC', hmac, text);
  const password = await subtle.importKey('raw', encoder.encode('pass'), 'PBKDF2', false, [
    'deriveBits',
    'deriveKey',
  ]);
  const pbkdf2 = { name: 'PBKDF2', hash: 'SHA-256', salt: encoder.encode('salt'), iterations: 10 };
  const derived = await subtle.deriveKey(pbkdf2, password, { name: 'AES-GCM', length: 128 }, true, [
    'encrypt',
  ]);
  const hkdf = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const known = await subtle.importKey(
    'jwk',
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
    { name: 'ECDSA', namedCurve: 'P-256' },
    true,
    ['verify'],
  );
  const jws =
    'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
  const signature = bytes(
    '0ed1214c5c1a44f8c9eb0b7d6a2fb9b5a9b8f3c80b5a9f0dd3c3c8a9f3f1f7c50ed1214c5c1a44f8c9eb0b7d6a2fb9b5a9b8f3c80b5a9f0dd3c3c8a9f3f1f7c5',
  );
  const pss = { name: 'RSA-PSS', saltLength: 32 };
  const pssKey = await subtle.importKey('spki', bytes(RSA.spki), { name: 'RSA-PSS', hash: 'SHA-256' }, true, [
    'verify',
  ]);
  const rsa = await subtle.importKey('jwk', RSA.jwk, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, true, [
    'verify',
  ]);
  return [
    await Promise.all(
      ['SHA-1', 'SHA-256', 'sha-384', 'SHA-512'].map(async (name) => hex(await subtle.digest(name, text))),
    ),
    [
      hex(tag),
      await subtle.verify('HMAC', hmac, tag, text),
      await subtle.verify('HMAC', hmac, tag.slice(1), text),
    ],
    await subtle.exportKey('jwk', hmac),
    [hmac.type, hmac.algorithm, hmac.usages, hmac.extractable, String(hmac)],
    await aes({ name: 'AES-GCM', iv: secret.subarray(0, 12), additionalData: text.subarray(0, 4) }),
    await aes({ name: 'AES-CBC', iv: secret.subarray(0, 16) }),
    await aes({ name: 'AES-CTR', counter: secret.subarray(0, 16), length: 64 }),
    hex(await subtle.exportKey('raw', derived)),
    hex(await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-512', salt: text, info: text }, hkdf, 256)),
    await ecdsa('P-256', 'SHA-256'),
    await ecdsa('P-384', 'SHA-384'),
    await subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, known, signature, encoder.encode(jws)),
    [rsa.algorithm.name, rsa.algorithm.modulusLength, Array.from(rsa.algorithm.publicExponent)],
    await subtle.verify('RSASSA-PKCS1-v1_5', rsa, bytes(RSA.pkcs1), text),
    await subtle.verify('RSASSA-PKCS1-v1_5', rsa, bytes(RSA.pkcs1), text.subarray(1)),
    await subtle.verify(pss, pssKey, bytes(RSA.pss), text),
    await subtle.verify(pss, pssKey, bytes(RSA.pss), text.subarray(1)),
    await subtle.exportKey('jwk', rsa),
    await outcome(() => subtle.digest('MD4', text)),
    await outcome(() => subtle.sign('HMAC', password, text)),
    await outcome(() => subtle.importKey('raw', secret.subarray(3), 'AES-GCM', true, ['encrypt'])),
  ];
};
