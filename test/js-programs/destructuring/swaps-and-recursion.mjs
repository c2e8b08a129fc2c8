// Destructuring in assignments of loops, swaps in arrays, rotations, matrix walks, parsing by pattern.
export default () => {
  const a = [5, 3, 8, 1];
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < a.length - 1; j++) if (a[j] > a[j + 1]) [a[j], a[j + 1]] = [a[j + 1], a[j]];
  let [x, y, z] = [1, 2, 3];
  [x, y, z] = [y, z, x];
  [x, [y]] = [y, [x]];
  const o = { p: { q: 1 } };
  ({
    p: { q: o.r, s: o.t = 'def' },
  } = o);
  const [, ys, ms, ds] = /(\d+)-(\d+)-(\d+)/.exec('on 2024-05-06');
  const {
    groups: { k, v },
  } = /(?<k>\w+)=(?<v>\w+)/.exec('key=val');
  let i = 0;
  const arr = [];
  [arr[i++], arr[i++], ...arr[i++]] = 'wxyz';
  const [h, ...[t1, ...[t2]]] = [1, 2, 3];
  const f = ({ a: [{ b: { c = 'c0' } = {} } = {}] = [] } = {}) => c;
  const count = ([h2, ...t]) => (h2 === undefined ? 0 : 1 + count(t));
  const last = ([p, ...r]) => (r.length ? last(r) : p);
  const [[m00, m01], [m10, m11]] = [
    [1, 2],
    [3, 4],
  ];
  const { length: len, [len - 1]: lastItem } = 'abc';
  return [
    a,
    x,
    y,
    z,
    o,
    ys,
    ms,
    ds,
    k,
    v,
    arr,
    h,
    t1,
    t2,
    f(),
    f({ a: [{}] }),
    f({ a: [{ b: { c: 'C' } }] }),
    count('abcd'),
    last([1, 2, 3]),
    m00 * m11 - m01 * m10,
    len,
    lastItem,
  ];
};
