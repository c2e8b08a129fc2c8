import { Buffer } from 'buffer/index.js';

export default () => {
  const all = Buffer.concat([Buffer.from('grüße €'), Buffer.from([1, 2, 255]), Buffer.alloc(3, 'ab')]);
  const numbers = Buffer.alloc(24);
  numbers.writeUInt32BE(0xdeadbeef, 0);
  numbers.writeDoubleLE(-1.5, 4);
  numbers.writeBigInt64BE(-5n, 12);
  numbers.writeIntLE(-12345, 20, 3);
  return {
    texts: ['hex', 'base64', 'latin1', 'ascii'].map((kind) => all.toString(kind)),
    hex: numbers.toString('hex'),
    read: [
      numbers.readUInt16LE(1),
      numbers.readDoubleLE(4),
      String(numbers.readBigInt64BE(12)),
      numbers.readIntLE(20, 3),
    ],
    found: [all.indexOf('€'), all.includes('ß'), all.lastIndexOf(0x62)],
    compared: Buffer.compare(Buffer.from('a'), Buffer.from('b')),
    json: Buffer.from('aGk=', 'base64').toJSON(),
    swapped: Buffer.from('01020304', 'hex').swap16().toString('hex'),
  };
};
