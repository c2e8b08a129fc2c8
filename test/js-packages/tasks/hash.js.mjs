import hash from 'hash.js';

export default () => {
  const text = 'grüße '.repeat(40);
  return [
    ...['sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'ripemd160'].map((name) =>
      hash[name]().update(text).digest('hex'),
    ),
    hash.hmac(hash.sha256, 'key').update('a').update('b').digest('hex'),
    hash.sha256().update([1, 2, 3]).digest().slice(0, 4),
  ];
};
