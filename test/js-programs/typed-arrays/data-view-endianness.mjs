// DataView: every getter and setter, both byte orders, offsets and errors.
export default () => {
  const dv = new DataView(new ArrayBuffer(16), 0, 16);
  const bytes = () =>
    [...new Uint8Array(dv.buffer)]
      .map((b) => b.toString(16).padStart(2, '0'))
      .join('')
      .replace(/(00)+$/, '');
  const out = [];
  for (const [type, v] of [
    ['Int8', -2],
    ['Uint8', 300],
    ['Int16', -2],
    ['Uint16', 0x1234],
    ['Int32', -123456],
    ['Uint32', 0xdeadbeef],
    ['Float32', Math.fround(1.1)],
    ['Float64', Math.PI],
    ['BigInt64', -5n],
    ['BigUint64', 0x0102030405060708n],
  ]) {
    for (const little of [false, true]) {
      new Uint8Array(dv.buffer).fill(0);
      dv[`set${type}`](1, v, little);
      out.push([
        type,
        little,
        bytes(),
        String(dv[`get${type}`](1, little)),
        String(dv[`get${type}`](1, !little)),
      ]);
    }
  }
  const errs = [
    () => dv.getInt8(16),
    () => dv.getInt32(13),
    () => dv.getInt8(-1),
    () => dv.setInt8(),
    () => new DataView(new ArrayBuffer(4), 5),
    () => new DataView(new ArrayBuffer(4), 2, 3),
    () => new DataView([]),
    () => DataView(new ArrayBuffer(1)),
    () => dv.setBigInt64(0, 1),
    () => dv.getUint8(1.9),
    () => dv.getUint8('2'),
  ].map((f) => {
    try {
      f();
      return 'ok';
    } catch (e) {
      return e.name;
    }
  });
  const sub = new DataView(dv.buffer, 4, 8);
  return {
    out,
    errs,
    sub: [sub.byteOffset, sub.byteLength, sub.buffer === dv.buffer],
    tag: Object.prototype.toString.call(dv),
  };
};
