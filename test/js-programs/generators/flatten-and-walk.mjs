// Walking nested structures: paths, breadth first, tree building, round trips.
function* paths(v, at = []) {
  if (v && typeof v === 'object') {
    const ks = Object.keys(v);
    if (!ks.length) yield [at.join('.'), Array.isArray(v) ? '[]' : '{}'];
    for (const k of ks) yield* paths(v[k], [...at, k]);
  } else yield [at.join('.'), v];
}
function* bfs(root, kids) {
  const q = [[root, 0]];
  while (q.length) {
    const [n, d] = q.shift();
    yield [n, d];
    q.push(...kids(n).map((k) => [k, d + 1]));
  }
}
function* flat(x, d = Infinity) {
  for (const v of x)
    if (v?.[Symbol.iterator] && typeof v !== 'string' && d > 0) yield* flat(v, d - 1);
    else yield v;
}
function* diff(a, b, at = '') {
  for (const k of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const p = at ? `${at}.${k}` : k;
    if (!(k in b)) yield `-${p}`;
    else if (!(k in a)) yield `+${p}`;
    else if (a[k] && b[k] && typeof a[k] === 'object' && typeof b[k] === 'object') yield* diff(a[k], b[k], p);
    else if (!Object.is(a[k], b[k])) yield `~${p}`;
  }
}
const setPath = (o, p, v) => {
  const ks = p.split('.');
  const last = ks.pop();
  let t = o;
  for (const k of ks) t = t[k] ??= {};
  t[last] = v;
  return o;
};
export default () => {
  const doc = { a: 1, b: { c: [10, { d: null }], e: {} }, f: [] };
  const list = [...paths(doc)];
  return {
    list,
    back: list.reduce((o, [p, v]) => setPath(o, p, v), {}),
    bfs: [...bfs(1, (n) => (n < 8 ? [n * 2, n * 2 + 1] : []))].map(([n, d]) => `${n}@${d}`).join(' '),
    flat: [[...flat([1, [2, new Set([3, [4]])], 'str'])], [...flat([1, [2, [3]]], 1)]],
    diff: [...diff(doc, { a: 2, b: { c: [10, { d: null, x: 1 }] }, f: [], g: 0 })],
  };
};
