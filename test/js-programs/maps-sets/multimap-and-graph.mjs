// Multimap, bidirectional map, counter, disjoint sets, graph with Map of Sets.
class MultiMap extends Map {
  add(k, ...vs) {
    const s = this.get(k) ?? new Set();
    for (const v of vs) s.add(v);
    return this.set(k, s);
  }
  remove(k, v) {
    const s = this.get(k);
    const had = s?.delete(v) ?? false;
    if (s?.size === 0) this.delete(k);
    return had;
  }
  *pairs() {
    for (const [k, s] of this) for (const v of s) yield [k, v];
  }
  invert() {
    const r = new MultiMap();
    for (const [k, v] of this.pairs()) r.add(v, k);
    return r;
  }
}
class Counter extends Map {
  constructor(it = []) {
    super();
    for (const x of it) this.inc(x);
  }
  inc(k, n = 1) {
    return this.set(k, this.count(k) + n);
  }
  count(k) {
    return super.get(k) ?? 0;
  }
  top(n) {
    return [...this].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, n);
  }
}
class Dsu {
  #p = new Map();
  find(x) {
    if (!this.#p.has(x)) this.#p.set(x, x);
    let r = x;
    while (this.#p.get(r) !== r) r = this.#p.get(r);
    while (x !== r) {
      const n = this.#p.get(x);
      this.#p.set(x, r);
      x = n;
    }
    return r;
  }
  union(a, b) {
    this.#p.set(this.find(a), this.find(b));
    return this;
  }
  groups() {
    const g = new MultiMap();
    for (const k of this.#p.keys()) g.add(this.find(k), k);
    return [...g.values()].map((s) => [...s].sort().join('')).sort();
  }
}
export default () => {
  const g = new MultiMap().add('a', 'b', 'c').add('b', 'd').add('c', 'd').add('d', 'a');
  const reach = (from) => {
    const seen = new Set([from]);
    for (const x of seen) for (const y of g.get(x) ?? []) seen.add(y);
    return [...seen].join('');
  };
  return {
    pairs: [...g.pairs()].map((p) => p.join('')),
    inv: [...g.invert()].map(([k, s]) => `${k}<${[...s].join('')}`),
    removed: [g.remove('d', 'a'), g.remove('d', 'a'), g.has('d')],
    reach: ['a', 'b', 'd'].map(reach),
    top: new Counter('the rain in spain stays mainly').top(4),
    dsu: new Dsu().union('a', 'b').union('c', 'd').union('e', 'e').union('b', 'f').groups(),
    anag: [...new MultiMap().add('x')].length,
  };
};
