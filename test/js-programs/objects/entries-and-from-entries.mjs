// keys, values, entries, fromEntries and the conversions between objects and maps.
export default () => {
  const o = Object.create({ inherited: 1 }, { hidden: { value: 1 }, shown: { value: 2, enumerable: true } });
  const map = new Map([
    ['a', 1],
    ['b', { c: 2 }],
  ]);
  const invert = (x) => Object.fromEntries(Object.entries(x).map(([k, v]) => [v, k]));
  const mapValues = (x, f) => Object.fromEntries(Object.entries(x).map(([k, v]) => [k, f(v, k)]));
  const pick = (x, ...ks) => Object.fromEntries(ks.filter((k) => k in x).map((k) => [k, x[k]]));
  const errs = [
    () => Object.entries(null),
    () => Object.fromEntries(5),
    () => Object.fromEntries([5]),
    () => Object.fromEntries(['ab']),
    () => Object.fromEntries(),
    () => Object.fromEntries({}),
    () => Object.values(undefined),
  ].map((f) => {
    try {
      return f();
    } catch (e) {
      return e.name;
    }
  });
  let closed = false;
  try {
    Object.fromEntries({
      [Symbol.iterator]: () => ({
        next: () => ({ value: 1 }),
        return() {
          closed = true;
          return {};
        },
      }),
    });
  } catch {}
  const during = {
    get a() {
      delete this.b;
      this.z = 1;
      return 1;
    },
    b: 2,
    c: 3,
  };
  return {
    o: [Object.keys(o), Object.values(o), Object.entries(o)],
    str: [Object.entries('ab'), Object.values('ab'), Object.keys(5), Object.entries([7, , 8])],
    fromMap: Object.fromEntries(map),
    toMap: [...new Map(Object.entries({ x: 1, y: 2 }))],
    invert: invert({ a: 'x', b: 'y' }),
    mapValues: mapValues({ a: 1, b: 2 }, (v, k) => k + v),
    pick: pick({ a: 1, b: 2, c: 3 }, 'a', 'c', 'q'),
    dup: Object.fromEntries([
      ['a', 1],
      ['a', 2],
    ]),
    proto: Object.hasOwn(Object.fromEntries([['__proto__', 1]]), '__proto__'),
    errs,
    closed,
    during: Object.entries(during),
    params: Object.fromEntries(new URLSearchParams('a=1&b=2')),
    sym: Object.fromEntries([[Symbol.for('k'), 1]])[Symbol.for('k')],
  };
};
