// imul, clz32, hypot, cbrt, exact logarithms and roots.
const show = (x) => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x));
export default () => ({
  imul: [[2, 4], [-5, 12], [0xffffffff, 5], [0xfffffffe, 5], [2 ** 31, 2], [1.9, 2.9], ['3', '4'], []].map(
    (a) => Math.imul(...a),
  ),
  clz: [0, 1, 255, 2 ** 31, -1, 0.5, 2 ** 32, NaN, '8', undefined].map(Math.clz32),
  hypot: [[3, 4], [5, 12], [], [-3], [NaN, Infinity], [3, 4, 12], ['3', 4], [0, -0], [1e200, 0]].map((a) =>
    show(Math.hypot(...a)),
  ),
  cbrt: [27, -8, 0, -0, Infinity, 1].map(Math.cbrt).map(show),
  log2: [1, 2, 8, 1024, 0, -1, 0.5].map(Math.log2).map(show),
  log10: [1, 10, 1000, 0, 0.01].map(Math.log10).map(show),
  sqrt: [4, 2, 0, -0, -1, 1e10, 0.25].map(Math.sqrt).map(show),
  log: [1, 0, -1].map(Math.log).map(show),
  log1p: [0, -0, -1, -2].map(Math.log1p).map(show),
  expm1: [0, -0, -Infinity].map(Math.expm1).map(show),
  exp: [0, -Infinity, Infinity].map(Math.exp).map(show),
});
