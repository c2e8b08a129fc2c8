// An LRU cache on the order of a Map, an LFU cache on buckets, and a TTL cache on a fake clock.
class LRU {
  #m = new Map();
  constructor(n) {
    this.n = n;
  }
  get(k) {
    if (!this.#m.has(k)) return undefined;
    const v = this.#m.get(k);
    this.#m.delete(k);
    this.#m.set(k, v);
    return v;
  }
  set(k, v) {
    this.#m.delete(k);
    this.#m.set(k, v);
    if (this.#m.size > this.n) this.#m.delete(this.#m.keys().next().value);
    return this;
  }
  toString() {
    return [...this.#m].map(([k, v]) => k + v).join(' ');
  }
}
class LFU {
  #v = new Map();
  #f = new Map();
  #b = new Map();
  constructor(n) {
    this.n = n;
  }
  #bump(k) {
    const f = this.#f.get(k) ?? 0;
    this.#b.get(f)?.delete(k);
    this.#f.set(k, f + 1);
    (this.#b.get(f + 1) ?? this.#b.set(f + 1, new Set()).get(f + 1)).add(k);
  }
  get(k) {
    if (!this.#v.has(k)) return undefined;
    this.#bump(k);
    return this.#v.get(k);
  }
  set(k, v) {
    if (!this.#v.has(k) && this.#v.size >= this.n) {
      const f = Math.min(...[...this.#b].filter(([, s]) => s.size).map(([x]) => x));
      const [old] = this.#b.get(f);
      this.#b.get(f).delete(old);
      this.#v.delete(old);
      this.#f.delete(old);
    }
    this.#v.set(k, v);
    this.#bump(k);
    return this;
  }
  keys() {
    return [...this.#v.keys()].join('');
  }
}
export default () => {
  const l = new LRU(3).set('a', 1).set('b', 2).set('c', 3);
  const lru = [`${l}`, l.get('a'), `${l.set('d', 4)}`, l.get('b') ?? 'miss', `${l.set('c', 9)}`];
  const f = new LFU(2).set('x', 1).set('y', 2);
  const lfu = [
    f.get('x'),
    f.set('z', 3).keys(),
    f.get('y') ?? 'miss',
    f.get('z'),
    f.get('z'),
    f.set('w', 4).keys(),
    f.get('x') ?? 'miss',
  ];
  let now = 0;
  const ttl = new Map();
  const put = (k, v, ms) => ttl.set(k, { v, until: now + ms });
  const get = (k) => {
    const e = ttl.get(k);
    if (!e) return 'none';
    if (e.until <= now) {
      ttl.delete(k);
      return 'expired';
    }
    return e.v;
  };
  put('p', 1, 10);
  put('q', 2, 20);
  const t = [get('p')];
  now = 10;
  t.push(get('p'), get('p'), get('q'));
  const hits = (cache) => {
    let h = 0,
      s = 1;
    for (let i = 0; i < 1000; i++) {
      s = (s * 48271) % 2147483647;
      const k = (s % 10) * (s % 3);
      if (cache.get(k) !== undefined) h++;
      else cache.set(k, i);
    }
    return h;
  };
  return { lru, lfu, ttl: t, hits: [hits(new LRU(5)), hits(new LFU(5))] };
};
