// Object.assign runs getters and setters; deep merge, deep equality and deep clone by hand.
const isObj = (x) => x !== null && typeof x === 'object';
const merge = (a, b) =>
  isObj(a) && isObj(b) && !Array.isArray(b)
    ? { ...a, ...Object.fromEntries(Object.entries(b).map(([k, v]) => [k, merge(a[k], v)])) }
    : b;
const equal = (a, b) =>
  Object.is(a, b) ||
  (isObj(a) &&
    isObj(b) &&
    Object.getPrototypeOf(a) === Object.getPrototypeOf(b) &&
    (a instanceof Date
      ? +a === +b
      : a instanceof Map || a instanceof Set
        ? equal([...a], [...b])
        : Reflect.ownKeys(a).length === Reflect.ownKeys(b).length &&
          Reflect.ownKeys(a).every((k) => Object.hasOwn(b, k) && equal(a[k], b[k]))));
const clone = (x, seen = new Map()) => {
  if (!isObj(x)) return x;
  if (seen.has(x)) return seen.get(x);
  const c = Array.isArray(x) ? [] : Object.create(Object.getPrototypeOf(x));
  seen.set(x, c);
  for (const k of Reflect.ownKeys(x)) c[k] = clone(x[k], seen);
  return c;
};
export default () => {
  const log = [];
  const src = {
    get a() {
      log.push('get');
      return 1;
    },
    [Symbol.for('s')]: 2,
  };
  const dst = {
    set a(v) {
      log.push(`set ${v}`);
    },
  };
  Object.assign(dst, src, null, undefined, 'xy', [9], 5, true);
  const partial = {};
  let err;
  try {
    Object.assign(Object.defineProperty(partial, 'b', { value: 1 }), { a: 1 }, { b: 2 }, { c: 3 });
  } catch (e) {
    err = e.name;
  }
  const cyc = { n: 1, list: [1, { deep: true }] };
  cyc.self = cyc;
  const cc = clone(cyc);
  return {
    log,
    dst: Object.keys(dst),
    sym: dst[Symbol.for('s')],
    err,
    partial: ['a' in partial, 'c' in partial],
    merge: merge({ a: { b: 1, c: [1] }, d: 1 }, { a: { c: [2, 3], e: null }, f: { g: 1 } }),
    equal: [
      equal({ a: [1, { b: NaN }] }, { a: [1, { b: NaN }] }),
      equal([1], { 0: 1, length: 1 }),
      equal(new Map([[1, { a: 1 }]]), new Map([[1, { a: 1 }]])),
      equal({ a: undefined }, { b: undefined }),
      equal(0, -0),
      equal(new Date(5), new Date(5)),
    ],
    clone: [cc.self === cc, cc !== cyc, cc.list[1].deep, cc.list !== cyc.list],
    target: [Object.assign(5, { x: 1 }).x, typeof Object.assign(5)],
  };
};
