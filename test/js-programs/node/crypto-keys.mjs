import crypto, { createPrivateKey, createPublicKey, createSign, createVerify } from 'node:crypto';

// Keys of nobody: made for this program.
const RSA = `
-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7Uf9uYhd/yku9
VHt8qYZT2JsOzwqYI/QRNkkqIW4cr44xRN5C39nFVnsCeEMkSRN9UL7fm6tQklnC
N5AV6uS7utwlxptx2mQo1+l5lcm1Jw6VOBlvaeRPCxZfz3Es9PIO3vVaaKODN2cc
irh0+jDCvm2arBAuDId4+TuUONRwXrbNszA5TbqeKC5zooXSvJg03PmHliHjwNUN
TnFVXexCzFkz7YqkgnkUBSeN9KCtDCMmvu8bGMfY61uYtHfcjGrz/eiUO+2l2evd
0mMMj2mWOMhwgGP9ZipvgUlTaFYMAe6EKEQcQkwJDSTFYaohjevZ6nEUjZNa8thu
l5z5KHDbAgMBAAECggEAV4uCCm+ztdiwvyKNt/xuuB8CkNA4jlQ3TBgH57XKBYQS
u3oJOk3uNCkvwj68emfgwO+M1WqmjTho1LktEOE/13EEVG9W1MYRi3klN9rGc3B2
g0y9rnFZ74sqAMsthKpRupt/JarDyJ6LBS7b+Ge5hDqFdQU3Zp4abnJk4ugQeRcr
2jpJ0CEYzNsK4e3FqiwfqddAlgqDdefw1SHEGetnE6IgZudmDEeBzvorcWiR2k2b
7sC95K5KXCbESlh2DY6qqFGs3Fb03ZrmqDDiIK/4uqZGzbjZ3YW3bl77Poyo9AF3
tJmVCGVzDhV6iL8cIk4gCgyUsEbxjI2ZcVNlh+E0cQKBgQD/F/4+iFdnuMpLfQnX
I4cGiIOFQsA/+qQQV5y/c4OKlIvsFEKJEakEhSCSkZ2nZBNidx5uxB3qvcv88El9
4FXQ+2FW87xGYQB7FAYjcyXuOdLMD/2pT2f5sj2CdqCw9Fec3p6tDN/iCWQarRpT
aTkIEIe8LBNY2uLrFErKTAceEwKBgQC7/F1tGnVzc30yu67gYdCpxRkzsz67BFKu
JpCtrkVj51PO8lGTMOV08EgU4FtTfrf+AZ9gPbyplT3W9HhhKmtOR8bTa/YRsjmu
i6Ja4jfyxrJRBxtmzZcLJvl1udoph3nx2HpF0/Z1CQZ4KSGtnZvOKa6s8ayngrxN
8qT10dubGQKBgAdkP5a6RqYXwazcS6uzONdkn0L+QynXbmeW0lDt3PLoCQHnOGJW
Y6pg3SfCFmpiSPmCcBxPjHpf04hZwhdmp7Xtgs2NNHhpmST32JGwZXn4rPYCxJvi
VCX1FzkvjMpz2hIOlVR4Wghns0HeoDOoieGE8RnvwQPDG+4p4VzpRQ+HAoGARwet
WXtE49HAfbny8u+iw3Mo+aMB0fJpN0p1IlsV9xDCVxCyiBZSrSPZaKH5gAwCg6Sj
Tt8k+ULd8em/zp8Tmql+VAaYHMmmB/DU8NhHYaF4YSt5TBfkuZ8JZVVLPKPnDN3K
HbZgiopVenO4OPyzkWuoh8ptfYHlmuJTOFsKSokCgYEA+Rane6T2XEHs5odKoCCK
Yeuf9CzJ6COXPBMmmFYehRjtoEKSsaGRUzC2G2BRuRNQtTOKs+21rjntgKySJ6OX
Ox1SYhhG3rrUlAXB+XfCfR+8pVL2JiAaedj0Sq/6afyQwfJMP+I1kglNIqkf1bo4
diHWUyBzYWs/Mk/UF2/7dYI=
-----END PRIVATE KEY-----
`;
const EC = `
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMs6DvfAp3UQRqDuC
uC5P90ngkAuxlK+8ssErM/dqiLyhRANCAASMFSc34PdLDrlHefZumEaLNupuMQK/
HvYnSjluBeAPXzCWtGapDk//uXd+IoQJQZWkAQFWP8IHmBHu1YCCClkD
-----END PRIVATE KEY-----
`;
const CERTIFICATE = `
-----BEGIN CERTIFICATE-----
MIIDCzCCAfOgAwIBAgIUGtzpSPX0Oy+srl1LJHsOxYQ1xRgwDQYJKoZIhvcNAQEL
BQAwFDESMBAGA1UEAwwJYS5leGFtcGxlMCAXDTI2MTEyOTE3MDMxM1oYDzIxMjYx
MTA1MTcwMzEzWjAUMRIwEAYDVQQDDAlhLmV4YW1wbGUwggEiMA0GCSqGSIb3DQEB
AQUAA4IBDwAwggEKAoIBAQC7Uf9uYhd/yku9VHt8qYZT2JsOzwqYI/QRNkkqIW4c
r44xRN5C39nFVnsCeEMkSRN9UL7fm6tQklnCN5AV6uS7utwlxptx2mQo1+l5lcm1
Jw6VOBlvaeRPCxZfz3Es9PIO3vVaaKODN2ccirh0+jDCvm2arBAuDId4+TuUONRw
XrbNszA5TbqeKC5zooXSvJg03PmHliHjwNUNTnFVXexCzFkz7YqkgnkUBSeN9KCt
DCMmvu8bGMfY61uYtHfcjGrz/eiUO+2l2evd0mMMj2mWOMhwgGP9ZipvgUlTaFYM
Ae6EKEQcQkwJDSTFYaohjevZ6nEUjZNa8thul5z5KHDbAgMBAAGjUzBRMB0GA1Ud
DgQWBBTSJKzWMisw4oZlsNmrNgpUWTbX1jAfBgNVHSMEGDAWgBTSJKzWMisw4oZl
sNmrNgpUWTbX1jAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQB9
OobEU5SEm3g+dIsAJaC+bxWe/MT3bUdKfBbPr2eKvBCgzEd/VPzLc7f9k9Qo0IqD
i6Pt/vko9v2klymNV+3Huft9iDtf+xJo09jo5uIVJAPHito+meB3vofbPfk2LH2K
heMhbqyLNGmd1J0lDltAwDqSGqzFuRtaJcFfvRv9X85r+BW65pGinLTZvwdRQn0f
HXjfoSli8F19xTuKENxv9+5U4cST1U16q9kDW0XpYTtf3VQ0fKJ8uD/FGJAPezFC
KKvb6em51GVeIvIiUuJe6BOOitjkQjv80rugzdOQNofxJ387A5mw1UsvXHlGWH3P
2NGSMWNOJyrpZkZ6c1RP
-----END CERTIFICATE-----
`;
const TEXT = Buffer.from('a text');
/** With a salt of 20 bytes, of SHA-256. */
const PSS =
  'XpI6Eg7dGsAew1cGoI9Hh/3aIJPK3l1KSHexufkEdT/T9rNid34clVfoj4lKkiudyKZ5d2FRITw/6wyeNMYAfq+QO5' +
  'ar/g9PJo2O2Tv6RL40KbGl+RSR82x88tCcDxq8eyducAD3sPj7NgRVHKhb/3/AgcTAl8v+hD7RXULYy+jAJQQsku3U' +
  'lKyQTqb3mR2zJ/5EQ/DmHK7+FxqOH5lx9Z/m5XMKebhMvg6aBHVfHN94HaNR9yKFSTv7L5J7tCWJqAGt3vkoj7ju7y' +
  'A9sBo8m/YVp8KCW4KNd/9abTZUdzJURQ8cS+vyO2htiEIukzyVtzfoKTmwIggGPITMlH4HDg==';
/** Of SHA-384 and of SHA-256. */
const ECDSA =
  'MEYCIQDF6dkZp2B3PEpXyKPCs8SP8BphCApo069B8H8CuzvyoQIhANHiNsOEEj1rWV/hDHkIJ/OPbnt5Mp7buTh9D10Nyx6I';
const ECDSA_PLAIN =
  'HIr/ls38F95J7oeolNIPTMKZoVXlQlYkUsIL5cjeFl5EIwL8azisBuN34ThCWAoW4VTNFazjBpRqAiK3xoSq3Q==';
const { RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_DIGEST, RSA_PSS_SALTLEN_AUTO } = crypto.constants;

function code(run) {
  try {
    return run();
  } catch (error) {
    return [error.name, error.code];
  }
}

function signature(name, key) {
  return createSign(name).update('a ').update(TEXT.subarray(2)).sign(key, 'base64');
}

function isRight(name, key, base64, text = 'a text') {
  return createVerify(name).update(text).verify(key, base64, 'base64');
}

export default async () => {
  const [rsa, ec] = [createPrivateKey(RSA), createPrivateKey({ key: EC, format: 'pem' })];
  const [rsaPublic, ecPublic] = [createPublicKey(rsa), createPublicKey(EC)];
  const forms = [
    [rsa, 'pkcs1', 'pkcs8'],
    [rsaPublic, 'pkcs1', 'spki'],
    [ec, 'sec1', 'pkcs8'],
    [ecPublic, 'spki'],
  ];
  const made = crypto.generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const own = crypto.sign('sha384', TEXT, made.privateKey);
  const pss = { key: rsa, padding: RSA_PKCS1_PSS_PADDING };
  const other = crypto.generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const agreed = [
    [made, other],
    [other, made],
  ].map(([one, two]) =>
    crypto.diffieHellman({ privateKey: one.privateKey, publicKey: two.publicKey }).toString('hex'),
  );
  return {
    details: [rsa, rsaPublic, ec, ecPublic].map((key) => [
      key.type,
      key.asymmetricKeyType,
      key.symmetricKeySize ?? null,
      { ...key.asymmetricKeyDetails, publicExponent: `${key.asymmetricKeyDetails.publicExponent}` },
    ]),
    forms: forms.map(([key, ...types]) =>
      types.map((type) => [
        key.export({ type, format: 'pem' }),
        key.export({ type, format: 'der' }).toString('hex'),
        key.equals(
          (key.type === 'public' ? createPublicKey : createPrivateKey)(key.export({ type, format: 'pem' })),
        ),
      ]),
    ),
    jwk: forms.map(([key]) => Object.entries(key.export({ format: 'jwk' })).sort()),
    back: forms.map(([key]) =>
      (key.type === 'public' ? createPublicKey : createPrivateKey)({
        key: key.export({ format: 'jwk' }),
        format: 'jwk',
      }).equals(key),
    ),
    certificate: createPublicKey(CERTIFICATE).equals(rsaPublic),
    pkcs1: ['sha1', 'RSA-SHA256', 'sha384', 'SHA512'].map((name) => signature(name, RSA)),
    right: [RSA, rsa, rsaPublic, CERTIFICATE, rsaPublic.export({ type: 'pkcs1', format: 'pem' })].map((key) =>
      isRight('sha256', key, signature('sha256', rsa)),
    ),
    wrong: [
      isRight('sha256', rsaPublic, signature('sha256', rsa), 'another text'),
      isRight('sha512', rsaPublic, signature('sha256', rsa)),
      isRight('sha256', rsaPublic, 'AAAA'),
      isRight('sha256', ecPublic, 'AAAA'),
      isRight('sha256', ecPublic, ECDSA),
    ],
    pss: [undefined, 20, RSA_PSS_SALTLEN_AUTO, RSA_PSS_SALTLEN_DIGEST, 0].map((saltLength) =>
      isRight('sha256', { ...pss, saltLength }, PSS),
    ),
    pssOwn: [undefined, 20, RSA_PSS_SALTLEN_DIGEST].map((saltLength) =>
      isRight('sha256', pss, signature('sha256', { ...pss, saltLength })),
    ),
    pssForged: isRight('sha256', pss, signature('sha256', rsa)),
    ec: [
      isRight('sha384', ecPublic, ECDSA),
      crypto.verify(
        'sha256',
        TEXT,
        { key: ecPublic, dsaEncoding: 'ieee-p1363' },
        Buffer.from(ECDSA_PLAIN, 'base64'),
      ),
      isRight('sha384', EC, signature('sha384', EC)),
      crypto.sign('sha256', TEXT, { key: ec, dsaEncoding: 'ieee-p1363' }).length,
    ],
    made: [
      crypto.verify('sha384', TEXT, made.publicKey, own),
      made.privateKey.asymmetricKeyDetails.namedCurve,
    ],
    agreed: [agreed[0] === agreed[1], agreed[0].length],
    later: await new Promise((resolve) =>
      crypto.verify('sha384', TEXT, made.publicKey, own, (error, result) => resolve([error, result])),
    ),
    errors: [
      code(() => createPublicKey('no key')),
      code(() => createPrivateKey(rsaPublic.export({ type: 'spki', format: 'pem' }))),
      code(() => createSign('md17')),
      code(() => createPrivateKey(undefined)),
      code(() => createSign('sha256').update('a').sign(rsaPublic)),
      code(() => rsa.export({ format: 'pem' })),
      code(() => crypto.generateKeyPairSync('ec', { namedCurve: 'none' })),
      code(() => createPublicKey(crypto.createSecretKey(TEXT))),
      code(() => rsa.equals(1)),
    ],
  };
};
