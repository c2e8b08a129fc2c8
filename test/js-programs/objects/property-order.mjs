// Integer keys first, ascending; then strings in order of creation; then symbols.
export default () => {
  const o = {
    b: 1,
    2: 1,
    a: 1,
    [Symbol('s')]: 1,
    1: 1,
    '-1': 1,
    '01': 1,
    4294967294: 1,
    4294967295: 1,
    4294967296: 1,
  };
  delete o.b;
  o.b = 2;
  o[0] = 0;
  class K {
    z = 1;
    1 = 1;
    a = 1;
    static y() {}
    static 5 = 1;
    static x = 1;
  }
  const merged = { ...{ z: 1, 9: 1 }, ...{ a: 1, 3: 1 } };
  return {
    own: Reflect.ownKeys(o).map(String),
    keys: Object.keys(o),
    json: JSON.stringify({ y: 1, 10: 1, 9: 1, x: 1 }),
    entries: Object.entries({ b: 1, 1: 2, a: 3 }),
    klass: Object.keys(new K()),
    statics: Reflect.ownKeys(K).map(String),
    merged: Object.keys(merged),
    assign: Object.keys(Object.assign({ q: 1 }, { 2: 1, p: 1 }, { 1: 1, q: 2 })),
    forIn: (() => {
      const out = [];
      for (const k in Object.create(
        { p: 1, 5: 1, own: 'shadowed' },
        { own: { value: 1, enumerable: true }, 7: { value: 1, enumerable: true } },
      ))
        out.push(k);
      return out;
    })(),
    shadow: (() => {
      const out = [];
      for (const k in Object.create({ h: 1, v: 1 }, { h: { value: 1, enumerable: false } })) out.push(k);
      return out;
    })(),
    fromEntries: Object.keys(
      Object.fromEntries([
        ['z', 1],
        ['1', 2],
        ['a', 3],
      ]),
    ),
    str: Object.keys('ab'),
    arr: Object.getOwnPropertyNames([1, 2]),
  };
};
