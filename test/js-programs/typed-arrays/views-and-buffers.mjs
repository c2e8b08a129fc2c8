// Many views over one buffer; offsets, alignment, slices that copy, subarrays that do not.
const nameOf = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const buf = new ArrayBuffer(16);
  const u8 = new Uint8Array(buf);
  u8.set([1, 2, 3, 4, 5, 6, 7, 8]);
  const u32 = new Uint32Array(buf, 4, 1);
  const f64 = new Float64Array(buf);
  f64[1] = -0;
  const sub = u8.subarray(2, 5);
  const slice = u8.slice(2, 5);
  sub[0] = 99;
  const copy = buf.slice(0, 4);
  new Uint8Array(copy)[0] = 77;
  return {
    u32: u32[0] === 0x08070605,
    minusZero: u8[15],
    sub: [sub.byteOffset, sub.length, [...sub], [...slice], u8[2]],
    copy: [copy.byteLength, u8[0]],
    neg: [buf.slice(-2).byteLength, u8.subarray(-3).length, u8.subarray(5, 2).length],
    isView: [
      ArrayBuffer.isView(u8),
      ArrayBuffer.isView(new DataView(buf)),
      ArrayBuffer.isView(buf),
      ArrayBuffer.isView([]),
    ],
    errs: [
      nameOf(() => new Uint32Array(buf, 1)),
      nameOf(() => new Uint32Array(buf, 0, 5)),
      nameOf(() => new Uint16Array(new ArrayBuffer(3))),
      nameOf(() => new ArrayBuffer(-1)),
      nameOf(() => Uint8Array(1)),
      nameOf(() => new Uint8Array(-1)),
      nameOf(() => new (Object.getPrototypeOf(Uint8Array))()),
    ],
    sizes: [Uint8Array, Int16Array, Float32Array, BigInt64Array].map((T) => [
      T.BYTES_PER_ELEMENT,
      T.name,
      new T(2).byteLength,
      T.length,
    ]),
    fromTyped: [...new Uint8Array(new Int16Array([257, -1]))],
    fromIter: [...new Uint8Array(new Set([3, 4]))],
    like: [...new Uint8Array({ length: 2, 0: 9 })],
    num: new Uint8Array('3').length,
    nul: new Uint8Array(null).length,
    sameBuf: sub.buffer === buf,
  };
};
