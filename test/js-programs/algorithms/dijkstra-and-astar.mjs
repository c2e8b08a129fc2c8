// Shortest paths with a binary heap; A* on a grid.
class Heap {
  #a = [];
  constructor(cmp) {
    this.cmp = cmp;
  }
  get size() {
    return this.#a.length;
  }
  push(v) {
    const a = this.#a;
    let i = a.push(v) - 1;
    while (i && this.cmp(a[i], a[(i - 1) >> 1]) < 0) {
      [a[i], a[(i - 1) >> 1]] = [a[(i - 1) >> 1], a[i]];
      i = (i - 1) >> 1;
    }
  }
  pop() {
    const a = this.#a;
    const top = a[0],
      last = a.pop();
    if (a.length) {
      a[0] = last;
      for (let i = 0; ; ) {
        let m = i;
        for (const c of [2 * i + 1, 2 * i + 2]) if (c < a.length && this.cmp(a[c], a[m]) < 0) m = c;
        if (m === i) break;
        [a[i], a[m]] = [a[m], a[i]];
        i = m;
      }
    }
    return top;
  }
}
const dijkstra = (g, s) => {
  const d = { [s]: 0 },
    prev = {};
  const h = new Heap((a, b) => a[0] - b[0]);
  h.push([0, s]);
  while (h.size) {
    const [c, u] = h.pop();
    if (c > d[u]) continue;
    for (const [v, w] of Object.entries(g[u] ?? {}))
      if (c + w < (d[v] ?? Infinity)) {
        d[v] = c + w;
        prev[v] = u;
        h.push([d[v], v]);
      }
  }
  return { d, path: (t) => (t === s ? [s] : prev[t] ? [...dijkstra.trace(prev, s, t)] : []) };
};
dijkstra.trace = (prev, s, t) => (t === s ? [s] : [...dijkstra.trace(prev, s, prev[t]), t]);
const astar = (grid) => {
  const find = (c) => {
    const y = grid.findIndex((r) => r.includes(c));
    return [grid[y].indexOf(c), y];
  };
  const [sx, sy] = find('S'),
    [gx, gy] = find('G');
  const h = new Heap((a, b) => a.f - b.f || b.g - a.g);
  const best = new Map();
  h.push({ x: sx, y: sy, g: 0, f: 0, p: null });
  while (h.size) {
    const n = h.pop();
    const k = `${n.x},${n.y}`;
    if (best.has(k)) continue;
    best.set(k, n);
    if (n.x === gx && n.y === gy) {
      const out = grid.map((r) => [...r]);
      for (let q = n.p; q?.p; q = q.p) out[q.y][q.x] = '*';
      return [n.g, out.map((r) => r.join(''))];
    }
    for (const [dx, dy] of [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ]) {
      const [x, y] = [n.x + dx, n.y + dy];
      if (grid[y]?.[x] && grid[y][x] !== '#')
        h.push({ x, y, g: n.g + 1, f: n.g + 1 + Math.abs(x - gx) + Math.abs(y - gy), p: n });
    }
  }
  return null;
};
export default () => {
  const g = {
    a: { b: 7, c: 9, f: 14 },
    b: { c: 10, d: 15 },
    c: { d: 11, f: 2 },
    d: { e: 6 },
    f: { e: 9 },
    z: {},
  };
  const r = dijkstra(g, 'a');
  return {
    d: r.d,
    path: r.path('e'),
    none: r.path('z'),
    astar: astar(['S..#....', '.#.#.##.', '.#...#..', '.#####.#', '.......G']),
    blocked: astar(['S#G']),
  };
};
