import { Buffer, constants, isUtf8 } from 'node:buffer';

const WRONG = [
  () => Buffer.from(5),
  () => Buffer.from({}),
  () => Buffer.alloc(-1),
  () => process.nextTick(5),
  () => new FormData().append('a'),
  () => new FormData().set('a'),
];

export default () => {
  const bytes = Buffer.from('héllo ✓ 𝒳');
  const encodings = ['utf8', 'hex', 'base64', 'base64url', 'latin1', 'ascii', 'utf16le', 'ucs2', 'binary'];
  const numbers = Buffer.alloc(24);
  numbers.writeUInt32LE(0xdeadbeef, 0);
  numbers.writeDoubleBE(Math.PI, 4);
  numbers.writeBigInt64LE(-5n, 12);
  return [
    encodings.map((encoding) => bytes.toString(encoding)),
    encodings.map((encoding) => Buffer.from('6869', encoding).toString('hex')),
    Buffer.from('-_8', 'base64url').toString('hex'),
    encodings.map((encoding) => Buffer.byteLength('aé', encoding)),
    [...encodings, 'x', ''].map((encoding) => Buffer.isEncoding(encoding)),
    numbers.toString('hex'),
    [numbers.readUInt16BE(1), numbers.readDoubleBE(4), String(numbers.readBigInt64LE(12))],
    bytes.subarray(1, 4).toJSON(),
    bytes.slice(-4).toString(),
    bytes.subarray(2) instanceof Buffer,
    bytes.subarray(1).buffer === bytes.buffer,
    Buffer.concat([Buffer.from('a'), new Uint8Array([98]), Buffer.from('c')]).toString(),
    Buffer.concat([Buffer.from('abc'), Buffer.from('def')], 4).toString(),
    [bytes.indexOf('llo'), bytes.includes('z'), bytes.lastIndexOf('l'), bytes.indexOf('6c', 'hex')],
    Buffer.compare(Buffer.from('a'), Buffer.from('b')),
    Buffer.from('abc').equals(new Uint8Array([97, 98, 99])),
    Buffer.alloc(5, 'ab').toString(),
    Buffer.from('test').swap16().toString(),
    isUtf8(Buffer.from([0xff])),
    JSON.stringify(Buffer.from('x')),
    typeof constants.MAX_LENGTH,
    [Buffer.isBuffer(bytes), Buffer.isBuffer(new Uint8Array(1)), bytes instanceof Uint8Array],
    String(Buffer.from([0xe2, 0x82])),
    Buffer.from(new Uint16Array([1, 258])).toString('hex'),
    Buffer.from('zz', 'hex').length,
    bytes.write('ab', 1, 'latin1'),
    bytes.toString('utf8', 0, 4),
    WRONG.map((run) => {
      try {
        return run();
      } catch ({ name, code }) {
        return [name, code];
      }
    }),
  ];
};
