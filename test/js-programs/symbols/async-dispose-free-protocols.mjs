// Protocols of one's own by symbols: clone, compare, hash, with defaults for foreign types.
export default () => {
  const Hash = Symbol('hash'),
    Eq = Symbol('eq');
  const hash = (x) =>
    x?.[Hash]?.() ??
    (typeof x === 'string'
      ? [...x].reduce((h, c) => (h * 31 + c.charCodeAt(0)) | 0, 7)
      : typeof x === 'number'
        ? x | 0
        : Array.isArray(x)
          ? x.reduce((h, y) => (h * 17 + hash(y)) | 0, 1)
          : 0);
  const eq = (a, b) =>
    a?.[Eq]?.(b) ??
    (Array.isArray(a) && Array.isArray(b)
      ? a.length === b.length && a.every((x, i) => eq(x, b[i]))
      : Object.is(a, b));
  class HashMap {
    #b = Array.from({ length: 8 }, () => []);
    size = 0;
    #slot(k) {
      return this.#b[(hash(k) >>> 0) % 8];
    }
    set(k, v) {
      const s = this.#slot(k);
      const e = s.find(([x]) => eq(x, k));
      if (e) e[1] = v;
      else {
        s.push([k, v]);
        this.size++;
      }
      return this;
    }
    get(k) {
      return this.#slot(k).find(([x]) => eq(x, k))?.[1];
    }
  }
  class P {
    constructor(x, y) {
      Object.assign(this, { x, y });
    }
    [Hash]() {
      return this.x * 31 + this.y;
    }
    [Eq](o) {
      return o instanceof P && o.x === this.x && o.y === this.y;
    }
  }
  const m = new HashMap()
    .set(new P(1, 2), 'p')
    .set([1, [2]], 'arr')
    .set('s', 'str')
    .set(NaN, 'nan')
    .set(new P(1, 2), 'again')
    .set([1, [2]], 'arr2');
  return [
    m.size,
    m.get(new P(1, 2)),
    m.get(new P(2, 1)) ?? 'none',
    m.get([1, [2]]),
    m.get([1, 2]) ?? 'none',
    m.get('s'),
    m.get(NaN),
    hash('abc'),
    hash([1, 'a']),
    eq([], []),
    eq({}, {}),
  ];
};
