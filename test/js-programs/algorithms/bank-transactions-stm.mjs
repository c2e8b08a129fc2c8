// Optimistic transactions with versions, retries and snapshots.
class Store {
  #d = new Map();
  #v = 0;
  commits = 0;
  conflicts = 0;
  get(k) {
    return this.#d.get(k)?.v;
  }
  set(k, v) {
    this.#d.set(k, { v, ver: ++this.#v });
    return this;
  }
  async run(f, max = 50) {
    for (let i = 0; i < max; i++) {
      const reads = new Map(),
        writes = new Map(),
        start = this.#v;
      const tx = {
        get: (k) => {
          if (writes.has(k)) return writes.get(k);
          reads.set(k, this.#d.get(k)?.ver ?? 0);
          return this.get(k);
        },
        set: (k, v) => writes.set(k, v),
      };
      const r = await f(tx);
      if ([...reads].every(([k, ver]) => (this.#d.get(k)?.ver ?? 0) === ver)) {
        for (const [k, v] of writes) this.set(k, v);
        this.commits++;
        return [r, start <= this.#v];
      }
      this.conflicts++;
    }
    throw new RangeError('too many conflicts');
  }
}
export default async () => {
  const s = new Store().set('a', 100).set('b', 50).set('c', 0);
  const move = (from, to, n, ticks) =>
    s.run(async (t) => {
      const have = t.get(from);
      if (have < n) throw new TypeError('poor');
      for (let i = 0; i < ticks; i++) await null;
      t.set(from, have - n);
      t.set(to, t.get(to) + n);
      return have;
    });
  const r = await Promise.allSettled([
    move('a', 'b', 10, 3),
    move('b', 'c', 20, 1),
    move('a', 'c', 5, 2),
    move('c', 'a', 999, 1),
    move('b', 'a', 1, 4),
  ]);
  return {
    r: r.map((x) => x.value?.[0] ?? x.reason.name),
    bal: ['a', 'b', 'c'].map((k) => s.get(k)),
    sum: ['a', 'b', 'c'].reduce((t, k) => t + s.get(k), 0),
    commits: s.commits,
    conflicts: s.conflicts > 0,
  };
};
