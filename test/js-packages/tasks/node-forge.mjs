import forge from 'node-forge';

export default () => {
  const key = '0123456789abcdef';
  const cipher = forge.cipher.createCipher('AES-GCM', key);
  cipher.start({ iv: 'twelve bytes', additionalData: 'more' });
  cipher.update(forge.util.createBuffer('secret text', 'utf8'));
  cipher.finish();
  const random = forge.random.createInstance();
  random.seedFileSync = (count) => 'x'.repeat(count);
  const { privateKey, publicKey } = forge.pki.rsa.generateKeyPair({ bits: 512, e: 65537 });
  const digest = forge.md.sha256.create().update('signed');
  const signature = privateKey.sign(digest);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = '01';
  certificate.validity.notBefore = certificate.validity.notAfter = new Date(0);
  certificate.setSubject([{ name: 'commonName', value: 'me' }]);
  certificate.setIssuer([{ name: 'commonName', value: 'me' }]);
  certificate.sign(privateKey, forge.md.sha256.create());
  const read = forge.pki.certificateFromPem(forge.pki.certificateToPem(certificate));
  return {
    sealed: cipher.output.toHex() + cipher.mode.tag.toHex(),
    verified: publicKey.verify(digest.digest().bytes(), signature),
    subject: read.subject.getField('CN').value,
    trusted: read.verify(read),
    derived: forge.util.bytesToHex(forge.pkcs5.pbkdf2('p', 'salt', 20, 16)),
    hashes: ['md5', 'sha1', 'sha512'].map((name) => forge.md[name].create().update('a').digest().toHex()),
    asn1: forge.asn1
      .toDer(forge.asn1.create(0, forge.asn1.Type.INTEGER, false, forge.asn1.integerToDer(1000).getBytes()))
      .toHex(),
  };
};
