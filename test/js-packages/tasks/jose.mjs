import * as jose from 'jose';

export default async () => {
  const secret = new TextEncoder().encode('a secret of at least thirty-two bytes');
  const token = await new jose.SignJWT({ role: 'admin' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt(1_700_000_000)
    .setIssuer('urn:me')
    .setExpirationTime(1_700_003_600)
    .sign(secret);
  const currentDate = new Date(1_700_000_100_000);
  const { payload } = await jose.jwtVerify(token, secret, { issuer: 'urn:me', currentDate });
  const late = await jose
    .jwtVerify(token, secret, { currentDate: new Date(1_800_000_000_000) })
    .catch(({ code }) => code);
  const broken = await jose
    .jwtVerify(`${token.slice(0, -3)}AAA`, secret, { currentDate })
    .catch(({ code }) => code);
  const { publicKey, privateKey } = await jose.generateKeyPair('ES256', { extractable: true });
  const signed = await new jose.CompactSign(secret).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
  const opened = await jose.compactVerify(signed, publicKey);
  const sealed = await new jose.CompactEncrypt(secret)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(secret.slice(0, 32));
  const { plaintext } = await jose.compactDecrypt(sealed, secret.slice(0, 32));
  const thumb = await jose.calculateJwkThumbprint({ kty: 'oct', k: 'abc' });
  return {
    token,
    payload,
    late,
    broken,
    opened: opened.payload.length,
    plain: plaintext.length,
    thumb,
    header: jose.decodeProtectedHeader(sealed),
  };
};
