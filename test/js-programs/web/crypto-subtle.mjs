// crypto.subtle.
const { subtle } = globalThis.crypto;
const encoder = new TextEncoder();
const text = encoder.encode('some text of more than sixteen bytes');
const hex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytes = (digits) => Uint8Array.from(digits.match(/../g), (pair) => Number.parseInt(pair, 16));
const secret = bytes('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');

const RSA = {
  kty: 'RSA',
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
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
  const damaged = new Uint8Array(packed);
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
  const rsa = await subtle.importKey('jwk', RSA, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, true, [
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
    await subtle.verify('RSASSA-PKCS1-v1_5', rsa, new Uint8Array(256), text),
    await outcome(() => subtle.digest('MD4', text)),
    await outcome(() => subtle.exportKey('raw', password)),
    await outcome(() => subtle.sign('HMAC', password, text)),
    await outcome(() => subtle.importKey('raw', secret.subarray(3), 'AES-GCM', true, ['encrypt'])),
  ];
};
