// toPrecision and toExponential.
const t = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => ({
  prec: [
    [123.456, 4],
    [0.000123, 2],
    [123456, 2],
    [1e21, 3],
    [0, 5],
    [-1.5, 1],
    [1.25, 2],
    [1.35, 2],
    [99.99, 3],
    [1e-7, 3],
    [123, 3],
    [0.00001, 1],
    [15, 1],
    [Infinity, 5],
  ].map(([x, p]) => x.toPrecision(p)),
  undef: (123.456).toPrecision(),
  exp: [
    [123456, 2],
    [0.00015, 1],
    [0, 3],
    [1, 0],
    [-12.5, 1],
    [1e21, 3],
    [5e-324, 2],
    [12345, undefined],
    [25, 0],
    [NaN, 1],
    [1.7976931348623157e308, 5],
  ].map(([x, p]) => x.toExponential(p)),
  errs: [
    t(() => (1).toPrecision(0)),
    t(() => (1).toPrecision(101)),
    t(() => (1).toExponential(-1)),
    t(() => NaN.toPrecision(0)),
    t(() => Infinity.toExponential(999)),
    t(() => Number.prototype.toFixed.call('1')),
  ],
});
