import CryptoJS from 'crypto-js';

export default () => {
  const key = CryptoJS.enc.Hex.parse('000102030405060708090a0b0c0d0e0f');
  const iv = CryptoJS.enc.Hex.parse('101112131415161718191a1b1c1d1e1f');
  const sealed = CryptoJS.AES.encrypt('grüße', key, {
    iv,
    mode: CryptoJS.mode.CTR,
    padding: CryptoJS.pad.NoPadding,
  });
  const withPassword = CryptoJS.AES.encrypt('text', 'password').toString();
  return {
    hashes: ['MD5', 'SHA1', 'SHA256', 'SHA3', 'RIPEMD160'].map((name) => CryptoJS[name]('grüße').toString()),
    hmac: CryptoJS.HmacSHA512('a', 'key').toString(CryptoJS.enc.Base64),
    sealed: sealed.toString(),
    opened: CryptoJS.AES.decrypt(withPassword, 'password').toString(CryptoJS.enc.Utf8),
    derived: CryptoJS.PBKDF2('p', 'salt', { keySize: 8, iterations: 20 }).toString(),
    triple: CryptoJS.TripleDES.encrypt('abc', key, { iv }).ciphertext.toString(),
  };
};
