// round, floor, ceil, trunc, sign, fround, with negative zero.
const show = (x) => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x));
export default () =>
  Object.fromEntries(
    ['round', 'floor', 'ceil', 'trunc', 'sign', 'fround', 'abs'].map((f) => [
      f,
      [
        0,
        -0,
        0.5,
        -0.5,
        1.5,
        2.5,
        -1.5,
        -2.5,
        0.49999999999999994,
        -0.2,
        0.2,
        4503599627370495.5,
        9007199254740991,
        NaN,
        Infinity,
        -Infinity,
        '3.7',
        null,
        undefined,
        [],
        true,
        1e-7,
      ].map((x) => show(Math[f](x))),
    ]),
  );
