// Taking floats apart through a shared buffer: sign, exponent, next neighbour, fast inverse square root.
const f64 = new Float64Array(1);
const u64 = new BigUint64Array(f64.buffer);
const f32 = new Float32Array(1);
const i32 = new Int32Array(f32.buffer);
const bits = (x) => {
  f64[0] = x;
  return u64[0].toString(16).padStart(16, '0');
};
const next = (x) => {
  f64[0] = x;
  u64[0] += x >= 0 ? 1n : -1n;
  return f64[0];
};
const parts = (x) => {
  f64[0] = x;
  const b = u64[0];
  return [Number(b >> 63n), Number((b >> 52n) & 0x7ffn), (b & 0xfffffffffffffn).toString(16)];
};
const rsqrt = (x) => {
  f32[0] = x;
  i32[0] = 0x5f3759df - (i32[0] >> 1);
  const y = f32[0];
  return Math.fround(y * Math.fround(1.5 - Math.fround(x * 0.5 * y * y)));
};
const half = (x) => {
  f32[0] = x;
  const b = i32[0];
  const s = (b >>> 16) & 0x8000;
  const e = ((b >>> 23) & 0xff) - 112;
  const m = b & 0x7fffff;
  return e <= 0 ? s : e >= 31 ? s | 0x7c00 : s | (e << 10) | (m >> 13);
};
export default () => ({
  bits: [0, -0, 1, -2, 0.1, Infinity, -Infinity, 5e-324, 1.7976931348623157e308, 2 ** -1022].map(bits),
  next: [1, 0, 0.1, 2 ** 53].map(next),
  parts: [parts(6.5), parts(-0.75), parts(5e-324)],
  eps: next(1) - 1 === Number.EPSILON,
  rsqrt: Math.abs(rsqrt(4) - 0.5) < 0.001,
  fround: [0.1, 5.5, 16777217, 1e40, 1e-46].map((x) => String(Math.fround(x))),
  half: [1, -2, 0.5, 65504, 1e6, 0].map((x) => half(x).toString(16)),
  ulps: (() => {
    let n = 0;
    for (let x = 1; x < 1 + 10 * Number.EPSILON; x = next(x)) n++;
    return n;
  })(),
});
