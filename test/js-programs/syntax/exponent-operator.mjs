// ** binds to the right and above multiplication.
const show = (x) => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x));
export default () => {
  let x = 3;
  x **= 2;
  let s = '2';
  s **= 3;
  const o = {
    n: 2,
    get calls() {
      return this._c ?? 0;
    },
  };
  o.n **= o.n ** 2;
  return [
    2 ** 10,
    2 ** (3 ** 2),
    (2 ** 3) ** 2,
    (-2) ** 2,
    2 ** -1,
    4 ** 0.5,
    (-8) ** (1 / 3),
    0 ** 0,
    NaN ** 0,
    1 ** Infinity,
    (-1) ** -Infinity,
    (-0) ** 3,
    (-0) ** -3,
    (-0) ** -2,
    2 * 3 ** 2,
    -(2 ** 2),
    2 ** 1023 * 2,
    2 ** -1075,
    2 ** -1074,
    x,
    s,
    o.n,
    '3' ** '2',
    null ** 0,
    [] ** 1,
    true ** 5,
    10 ** 21,
    7 ** 20,
  ].map(show);
};
