// What JSON.stringify makes of every kind of value.
const s = (...a) => {
  try {
    return JSON.stringify(...a) ?? 'undefined';
  } catch (e) {
    return e.name;
  }
};
export default () =>
  [
    undefined,
    () => 1,
    Symbol('x'),
    null,
    NaN,
    -Infinity,
    -0,
    1e21,
    1e-7,
    '',
    '"\\/\b\f\n\r\t\u0001\u007f\u2028',
    '\ud800',
    '\udc00x',
    '😀',
    [undefined, () => 1, Symbol(), , null],
    { a: undefined, b() {}, c: 1, [Symbol()]: 1 },
    new Date(0),
    new Map([[1, 2]]),
    new Set([1]),
    /x/,
    new Error('e'),
    Object(1),
    Object('s'),
    Object(false),
    new Uint8Array([1, 2]),
    Object.create({ inherited: 1 }),
    Object.assign([1], { extra: 2 }),
    1n,
    Object(1n),
    { toJSON: () => 'custom' },
    { toJSON: 5 },
    [[], {}, [[]]],
    new (class {
      a = 1;
      #b = 2;
      get c() {
        return 3;
      }
    })(),
    Promise.resolve(),
    new Proxy([1], {}),
  ]
    .map((v) => s(v))
    .concat([
      s(),
      s(
        (() => {
          const o = {};
          o.o = o;
          return o;
        })(),
      ),
      s(
        (() => {
          const a = [];
          a.push([a]);
          return a;
        })(),
      ),
      s({
        get x() {
          throw new RangeError();
        },
      }),
    ]);
