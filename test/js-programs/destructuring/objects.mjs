// Object patterns: renames, computed keys, defaults, rest without own copies of the prototype.
export default () => {
  const src = {
    a: 1,
    b: { c: 2, d: [3, { e: 4 }] },
    'quoted-key': 5,
    7: 'seven',
    n: null,
    u: undefined,
    [Symbol.for('s')]: 'sym',
  };
  const key = 'a';
  const {
    a,
    [key]: again,
    b: {
      c,
      d: [d0, { e }],
    },
    'quoted-key': quoted,
    7: seven,
    n = 'default',
    u = 'default',
    missing = a + c,
    [Symbol.for('s')]: sym,
    [`${key}${key}`]: none = 'none',
  } = src;
  const { length } = 'text';
  const { toFixed } = 5;
  const proto = Object.create(
    { inherited: 1 },
    { own: { value: 2, enumerable: true }, hidden: { value: 3 } },
  );
  const { inherited, own, ...rest } = proto;
  const { ...copy } = Object.assign(Object.create({ p: 1 }), { q: 2 });
  const { x: { y: { z = 'deep' } = {} } = {} } = {};
  let m, t;
  ({ m, t = 'tt' } = { m: 'mm' });
  const target = {};
  ({ a: target.x, b: target['y'], ...target.rest } = { a: 1, b: 2, c: 3, d: 4 });
  const errs = [null, undefined, 0, 'x'].map((v) => {
    try {
      const {} = v;
      return 'ok';
    } catch (e) {
      return e.name;
    }
  });
  const f = ({ id, opts: { verbose = false, level: lv = 1 } = {}, ...more }) => [id, verbose, lv, more];
  const fns = [({ a }) => a, ([a]) => a, ({ a: { b } = { b: 1 } } = {}) => b];
  for (const { k, v = k.toUpperCase() } of [{ k: 'a' }, { k: 'b', v: 'x' }]) target[k] = v;
  return {
    flat: [a, again, c, d0, e, quoted, seven, n, u, missing, sym, none],
    length,
    toFixed: typeof toFixed,
    proto: [inherited, own, rest, copy],
    z,
    mt: [m, t],
    target,
    errs,
    f: [f({ id: 1 }), f({ id: 2, opts: { verbose: true }, k: 3 })],
    fns: [fns[0]({ a: 1 }), fns[1]([2]), fns[2]()],
  };
};
