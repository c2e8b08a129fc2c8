// Numbers become 32 bits wide, with wrap around.
export default () => {
  let x = 0b1100;
  const steps = [(x &= 0b0110), (x |= 1), (x ^= 0xff), (x <<= 4), (x >>= 2), (x >>>= 1)];
  return {
    steps,
    ops: [
      5 & 3,
      5 | 3,
      5 ^ 3,
      ~0,
      1 << 31,
      1 << 32,
      1 << -1,
      -1 >>> 0,
      -1 >>> 31,
      -1 >> 31,
      -8 >> 1,
      (2 ** 32) | 0,
      (2 ** 31) | 0,
      (2 ** 53) | 0,
      -(2 ** 31 + 1) | 0,
    ],
    odd: [
      NaN | 0,
      Infinity | 0,
      '7' & 3,
      null | 5,
      undefined ^ 9,
      1.9 | 0,
      -1.9 | 0,
      1e20 | 0,
      [6] & 3,
      true << 2,
    ],
    pop: [0, 1, 255, 0xffffffff, 0x80000001].map((n) => {
      let c = 0;
      for (n >>>= 0; n; n &= n - 1) c++;
      return c;
    }),
    rot: [1, 0x80000000, 0x12345678].map((n) => ((n << 5) | (n >>> 27)) >>> 0),
    prec: [(1 + 2) << 3, 1 | (2 ^ (3 & 4)), 7 & (3 === 3), 1 << (2 + 1), ~1 + 2],
  };
};
