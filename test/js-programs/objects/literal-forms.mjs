// Everything an object literal can say: shorthand, computed, methods, duplicates, numeric names.
export default () => {
  const a = 1,
    b = 2;
  let n = 0;
  const k = () => `k${n++}`;
  const o = {
    a,
    b,
    m() {
      return 'm';
    },
    [k()]: n,
    [k()]() {
      return n;
    },
    get [k()]() {
      return 'g';
    },
    async [k()]() {},
    *[k()]() {
      yield 1;
    },
    async *[k()]() {},
    0x10: 'hex',
    1e3: 'exp',
    0.5: 'half',
    1n: 'big',
    0b11: 'bin',
    'str ing': 's',
    if: 1,
    get: 2,
    set: 3,
    async: 4,
    await: 5,
    static: 6,
    new: 7,
    typeof: 8,
    __proto__: null,
  };
  const dup = {
    x: 1,
    x: 2,
    get x() {
      return 3;
    },
    x: 4,
  };
  const dup2 = {
    get y() {
      return 1;
    },
    set y(v) {},
    y: 5,
  };
  const half = { z: 1, set z(v) {} };
  const nested = { l1: { l2: { l3: [{ l4: a }] } } };
  const trailing = { q: 1 };
  const fns = { async: async () => 1, arrow: (x) => x, fn: function () {}, klass: class {} };
  return {
    keys: Object.keys(o),
    k0: o.k0,
    k1: o.k1(),
    k2: o.k2,
    dup,
    dup2: Object.getOwnPropertyDescriptor(dup2, 'y').value,
    half: half.z === undefined,
    nested: nested.l1.l2.l3[0].l4,
    trailing,
    names: Object.values(fns).map((f) => f.name),
    nul: Object.getPrototypeOf(o),
    sp: { ...(a && { yes: 1 }), ...(!a && { no: 1 }) },
    comp: {
      [`${a}${b}`]: 1,
      [a + b]: 2,
      [[1, 2]]: 3,
      [{}]: 4,
      [null]: 5,
      [undefined]: 6,
      [-0]: 7,
      [1e21]: 8,
    },
  };
};
