// Topological order, cycles, strongly connected components, bridges.
const topo = (g) => {
  const indeg = Object.fromEntries(Object.keys(g).map((k) => [k, 0]));
  for (const vs of Object.values(g)) for (const v of vs) indeg[v] = (indeg[v] ?? 0) + 1;
  const q = Object.keys(indeg)
      .filter((k) => !indeg[k])
      .sort(),
    out = [];
  while (q.length) {
    const u = q.shift();
    out.push(u);
    for (const v of g[u] ?? [])
      if (--indeg[v] === 0) {
        q.push(v);
        q.sort();
      }
  }
  return out.length === Object.keys(indeg).length ? out : null;
};
const scc = (g) => {
  let n = 0;
  const idx = {},
    low = {},
    st = [],
    on = new Set(),
    out = [];
  const go = (v) => {
    idx[v] = low[v] = n++;
    st.push(v);
    on.add(v);
    for (const w of g[v] ?? []) {
      if (!(w in idx)) {
        go(w);
        low[v] = Math.min(low[v], low[w]);
      } else if (on.has(w)) low[v] = Math.min(low[v], idx[w]);
    }
    if (low[v] === idx[v]) {
      const c = [];
      let w;
      do {
        w = st.pop();
        on.delete(w);
        c.push(w);
      } while (w !== v);
      out.push(c.sort().join(''));
    }
  };
  for (const v of Object.keys(g)) if (!(v in idx)) go(v);
  return out;
};
const bridges = (edges) => {
  const g = new Map();
  for (const [a, b] of edges) {
    g.set(a, [...(g.get(a) ?? []), b]);
    g.set(b, [...(g.get(b) ?? []), a]);
  }
  const t = new Map(),
    low = new Map(),
    out = [];
  let n = 0;
  const go = (v, p) => {
    t.set(v, n);
    low.set(v, n++);
    for (const w of g.get(v)) {
      if (w === p) continue;
      if (t.has(w)) low.set(v, Math.min(low.get(v), t.get(w)));
      else {
        go(w, v);
        low.set(v, Math.min(low.get(v), low.get(w)));
        if (low.get(w) > t.get(v)) out.push(`${v}-${w}`);
      }
    }
  };
  for (const v of g.keys()) if (!t.has(v)) go(v);
  return out.sort();
};
export default () => ({
  topo: [
    topo({
      shirt: ['tie', 'belt'],
      tie: ['jacket'],
      pants: ['shoes', 'belt'],
      belt: ['jacket'],
      socks: ['shoes'],
    }),
    topo({ a: ['b'], b: ['a'] }),
  ],
  scc: scc({
    a: ['b'],
    b: ['c', 'e', 'f'],
    c: ['d', 'g'],
    d: ['c', 'h'],
    e: ['a', 'f'],
    f: ['g'],
    g: ['f'],
    h: ['d', 'g'],
  }),
  bridges: bridges([
    [1, 2],
    [2, 3],
    [3, 1],
    [3, 4],
    [4, 5],
    [5, 6],
    [6, 4],
    [6, 7],
  ]),
});
