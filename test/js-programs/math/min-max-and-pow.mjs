// Math.max, min, pow, atan2 and the special cases of the trigonometric functions.
const show = (x) => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? Math.round(x * 1e10) / 1e10 : String(x));
export default () => {
  const calls = [];
  const v = (n) => ({ valueOf: () => (calls.push(n), n) });
  return {
    minmax: [
      Math.max(),
      Math.min(),
      Math.max(1, NaN, 3),
      Math.max(-0, 0),
      Math.min(0, -0),
      Math.max('5', [7], null),
      Math.max(undefined),
      Math.max(v(1), v(NaN), v(3)),
    ].map(show),
    calls: calls.map(String),
    pow: [
      [0, 0],
      [NaN, 0],
      [1, Infinity],
      [-2, 3],
      [-8, 1 / 3],
      [0, -1],
      [-0, -1],
      [-0, -2],
      [2, 0.5],
      [Infinity, -1],
    ].map((a) => show(Math.pow(...a))),
    atan2: [
      [0, 0],
      [0, -0],
      [-0, 0],
      [-0, -0],
      [1, 0],
      [-1, 0],
      [1, 1],
      [-1, -1],
      [0, -1],
      [Infinity, Infinity],
      [1, Infinity],
    ].map((a) => show(Math.atan2(...a))),
    trig: [
      'sin',
      'cos',
      'tan',
      'asin',
      'acos',
      'atan',
      'sinh',
      'cosh',
      'tanh',
      'asinh',
      'acosh',
      'atanh',
    ].map((f) => [0, -0, 1, -1, 0.5, 2, Infinity].map((x) => show(Math[f](x)))),
    consts: ['PI', 'E', 'LN2', 'LN10', 'LOG2E', 'LOG10E', 'SQRT2', 'SQRT1_2'].map((k) => Math[k]),
    names: [Math.max.length, Math.hypot.length, Math.atan2.length, String(Math)],
    rnd: Array.from({ length: 50 }, Math.random).every((x) => x >= 0 && x < 1),
  };
};
