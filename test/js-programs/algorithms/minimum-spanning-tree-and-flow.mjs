// Kruskal, Prim, maximum flow, bipartite matching.
const edges = [
  ['a', 'b', 7],
  ['a', 'd', 5],
  ['b', 'c', 8],
  ['b', 'd', 9],
  ['b', 'e', 7],
  ['c', 'e', 5],
  ['d', 'e', 15],
  ['d', 'f', 6],
  ['e', 'f', 8],
  ['e', 'g', 9],
  ['f', 'g', 11],
];
const kruskal = (es) => {
  const p = {};
  const find = (x) => ((p[x] ??= x) === x ? x : (p[x] = find(p[x])));
  return es
    .toSorted((a, b) => a[2] - b[2])
    .filter(([a, b]) => {
      const [x, y] = [find(a), find(b)];
      p[x] = y;
      return x !== y;
    });
};
const prim = (es) => {
  const seen = new Set(['a']),
    out = [];
  for (;;) {
    const e = es.filter(([a, b]) => seen.has(a) !== seen.has(b)).sort((x, y) => x[2] - y[2])[0];
    if (!e) return out;
    out.push(e);
    seen.add(e[0]).add(e[1]);
  }
};
const flow = (cap, s, t) => {
  let total = 0;
  for (;;) {
    const prev = { [s]: s },
      q = [s];
    for (const u of q)
      for (const v of Object.keys(cap[u] ?? {}))
        if (!(v in prev) && cap[u][v] > 0) {
          prev[v] = u;
          q.push(v);
        }
    if (!(t in prev)) return total;
    let f = Infinity;
    for (let v = t; v !== s; v = prev[v]) f = Math.min(f, cap[prev[v]][v]);
    for (let v = t; v !== s; v = prev[v]) {
      cap[prev[v]][v] -= f;
      (cap[v] ??= {})[prev[v]] = (cap[v][prev[v]] ?? 0) + f;
    }
    total += f;
  }
};
const match = (g) => {
  const m = {};
  const go = (u, seen) =>
    g[u].some((v) => {
      if (seen.has(v)) return false;
      seen.add(v);
      if (!(v in m) || go(m[v], seen)) {
        m[v] = u;
        return true;
      }
      return false;
    });
  return [Object.keys(g).filter((u) => go(u, new Set())).length, m];
};
export default () => ({
  kruskal: kruskal(edges).map((e) => e.join('')),
  prim: prim(edges).map((e) => e.join('')),
  same: [kruskal, prim].map((f) => f(edges).reduce((s, e) => s + e[2], 0)),
  flow: flow({ s: { u: 10, v: 5 }, u: { v: 15, t: 5, w: 4 }, v: { w: 8 }, w: { t: 10 } }, 's', 't'),
  match: match({ ann: ['x', 'y'], bob: ['x'], cid: ['y', 'z'], dee: ['z'] }),
});
