// Sparse arrays under every method, length as a property, indices that are not.
export default () => {
  const a = [0, , 2];
  const calls = {};
  for (const m of ['forEach', 'map', 'filter', 'some', 'every', 'find', 'findLastIndex', 'flatMap']) {
    calls[m] = 0;
    a[m]((v) => {
      calls[m]++;
      return m === 'every';
    });
  }
  const big = [];
  big[4294967294] = 'last index';
  const notIndex = [];
  notIndex[4294967295] = 'property';
  notIndex['1.5'] = 1;
  notIndex['01'] = 2;
  notIndex[-1] = 3;
  notIndex['2'] = 'index';
  const sparse = [];
  sparse[1000000] = 1;
  sparse[5] = 2;
  const visited = [];
  sparse.forEach((v, i) => visited.push(i));
  const fixed = Object.defineProperty([1, 2, 3], 1, { configurable: false });
  let len;
  try {
    fixed.length = 0;
  } catch (e) {
    len = [e.name, fixed.length];
  }
  return {
    calls,
    big: [big.length, Object.keys(big)],
    notIndex: [notIndex.length, Object.keys(notIndex)],
    visited,
    keys: [[...a.keys()], Object.keys(a)],
    entries: [...a.entries()].map(([i, v]) => [i, v ?? 'u']),
    join: [a.join(), String([null, , undefined])],
    json: JSON.stringify(a),
    map: [
      1 in a.map((x) => x),
      a.filter(() => true).length,
      1 in [...a],
      1 in a.concat([]),
      1 in a.slice(),
      [...a].reverse().length,
    ],
    rev: (() => {
      const r = [1, , 3, 4];
      r.reverse();
      return [r.length, 2 in r, 1 in r];
    })(),
    len,
    copyWithin: (() => {
      const c = [1, , 3, 4, 5];
      c.copyWithin(3, 0, 2);
      return [c[3], 4 in c];
    })(),
    shift: (() => {
      const s = [, 1];
      s.shift();
      return [s.length, 0 in s];
    })(),
    del: (() => {
      const d = [1, 2];
      delete d[1];
      return d.length;
    })(),
    fill: Array(3)
      .fill()
      .map((_, i) => i),
    eq: [[,].length, [, ,].length, [1, ,].length],
  };
};
