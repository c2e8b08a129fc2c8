// Number's constants and tests.
export default () => {
  const xs = [
    0,
    -0,
    1,
    1.5,
    2 ** 53,
    2 ** 53 - 1,
    -(2 ** 53 - 1),
    NaN,
    Infinity,
    '1',
    null,
    undefined,
    true,
    1n,
    [],
    5.0000000000000001,
  ];
  return {
    tests: xs.map((x) =>
      [Number.isInteger(x), Number.isSafeInteger(x), Number.isFinite(x), Number.isNaN(x)]
        .map(Number)
        .join(''),
    ),
    globals: ['', ' ', 'x', '5', null, undefined, [], {}, new Date(NaN)].map((x) =>
      [isNaN(x), isFinite(x)].map(Number).join(''),
    ),
    consts: [
      Number.EPSILON === 2 ** -52,
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
      Number.MAX_VALUE,
      Number.MIN_VALUE,
      String(Number.POSITIVE_INFINITY),
      String(Number.NEGATIVE_INFINITY),
    ],
    conv: [
      Number(),
      Number(null),
      String(Number(undefined)),
      Number(true),
      Number([]),
      Number([7]),
      String(Number([1, 2])),
      Number(new Date(5)),
      Number(12n),
      String(Number({})),
      Number({ valueOf: () => 3 }),
    ],
    wrap: [typeof new Number(1), new Number(1) + 1, new Number(0) ? 'truthy' : 'falsy'],
  };
};
