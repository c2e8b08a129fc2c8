import md5 from 'md5';

export default () => [
  md5('grüße'),
  md5(''),
  md5('a'.repeat(1000)),
  md5(Uint8Array.of(1, 2, 255)),
  md5('x', { asBytes: true }),
  md5('x', { encoding: 'binary' }),
  md5([104, 105]),
];
