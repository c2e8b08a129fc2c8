// WeakMap, WeakSet, WeakRef: keys, symbols as keys, errors; nothing about collection.
const tryIt = (f) => {
  try {
    const r = f();
    return r === undefined ? 'undefined' : r;
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const o = {},
    f = () => {},
    s = Symbol('key');
  const wm = new WeakMap([
    [o, 1],
    [f, 2],
  ]);
  wm.set(s, 'by symbol').set(Symbol.iterator, 'well known');
  const ws = new WeakSet([o, s]);
  const wr = new WeakRef(o),
    wrs = new WeakRef(s);
  const memo = new WeakMap();
  let runs = 0;
  const size = (x) => {
    if (!memo.has(x)) {
      runs++;
      memo.set(x, Object.keys(x).length);
    }
    return memo.get(x);
  };
  const obj = { a: 1, b: 2 };
  return {
    get: [
      wm.get(o),
      wm.get(f),
      wm.get(s),
      wm.get(Symbol.iterator),
      wm.get({}) ?? 'none',
      wm.has(5),
      wm.get('x') ?? 'none',
    ],
    set: [
      tryIt(() => wm.set(5, 1) && 1),
      tryIt(() => wm.set(Symbol.for('registered'), 1) && 1),
      tryIt(() => wm.set(null, 1) && 1),
      tryIt(() => ws.add('s') && 1),
      tryIt(() => new WeakRef(1) && 1),
      tryIt(() => new WeakRef(Symbol.for('r')) && 1),
      tryIt(() => WeakMap()),
      tryIt(() => new WeakMap([1]) && 1),
    ],
    del: [wm.delete(o), wm.delete(o), wm.delete(7), ws.has(o), ws.delete(o), ws.has(o), ws.has(s)],
    deref: [wr.deref() === o, wrs.deref() === s],
    no: ['size', 'forEach', 'clear', 'keys'].map((k) => k in wm || k in ws),
    memo: [size(obj), size(obj), runs],
    tags: [String(wm), String(ws), String(wr)],
    fr: [
      typeof FinalizationRegistry,
      tryIt(() => new FinalizationRegistry(() => {}).register(o, 'held')),
      tryIt(() => new FinalizationRegistry(() => {}).register(o, o)),
      tryIt(() => new FinalizationRegistry()),
      new FinalizationRegistry(() => {}).unregister(o),
    ],
  };
};
