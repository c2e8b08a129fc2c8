// What each element type makes of odd numbers.
const show = (x) =>
  Object.is(x, -0) ? '-0' : typeof x === 'bigint' ? `${x}n` : Number.isFinite(x) ? x : String(x);
export default () => {
  const nums = [
    0,
    -0,
    1.5,
    -1.5,
    2.5,
    127,
    128,
    255,
    256,
    -1,
    -129,
    65536,
    2 ** 31,
    2 ** 32,
    2 ** 53,
    NaN,
    Infinity,
    -Infinity,
    1e-50,
    16777217,
    '12',
    null,
    undefined,
    true,
  ];
  const bigs = [0n, -1n, 2n ** 63n, 2n ** 64n, -(2n ** 63n) - 1n, 2n ** 100n + 5n];
  return {
    ...Object.fromEntries(
      [
        Int8Array,
        Uint8Array,
        Uint8ClampedArray,
        Int16Array,
        Uint16Array,
        Int32Array,
        Uint32Array,
        Float32Array,
        Float64Array,
      ].map((T) => [T.name, Array.from(new T(nums), show)]),
    ),
    ...Object.fromEntries(
      [BigInt64Array, BigUint64Array].map((T) => [T.name, Array.from(new T(bigs), show)]),
    ),
    mixed: [
      () => new BigInt64Array([1]),
      () => new Uint8Array([1n]),
      () => new BigInt64Array(new Uint8Array(1)),
      () => {
        new Uint8Array(1)[0] = 1n;
      },
      () => new Uint8Array([Symbol()]),
    ].map((f) => {
      try {
        f();
        return 'ok';
      } catch (e) {
        return e.name;
      }
    }),
    clamp: Array.from(new Uint8ClampedArray([0.5, 1.5, 2.5, 254.5, 255.5, -0.4, 0.50001])),
  };
};
