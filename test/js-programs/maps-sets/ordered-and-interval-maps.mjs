// A sorted map on arrays and an interval map.
class SortedMap {
  #k = [];
  #v = [];
  #at(k) {
    let [lo, hi] = [0, this.#k.length];
    while (lo < hi) {
      const m = (lo + hi) >>> 1;
      if (this.#k[m] < k) lo = m + 1;
      else hi = m;
    }
    return lo;
  }
  set(k, v) {
    const i = this.#at(k);
    if (this.#k[i] === k) this.#v[i] = v;
    else {
      this.#k.splice(i, 0, k);
      this.#v.splice(i, 0, v);
    }
    return this;
  }
  get(k) {
    const i = this.#at(k);
    return this.#k[i] === k ? this.#v[i] : undefined;
  }
  floor(k) {
    const i = this.#at(k);
    return this.#k[i] === k ? k : this.#k[i - 1];
  }
  ceil(k) {
    return this.#k[this.#at(k)];
  }
  *range(a, b) {
    for (let i = this.#at(a); this.#k[i] < b; i++) yield [this.#k[i], this.#v[i]];
  }
  delete(k) {
    const i = this.#at(k);
    if (this.#k[i] !== k) return false;
    this.#k.splice(i, 1);
    this.#v.splice(i, 1);
    return true;
  }
  get size() {
    return this.#k.length;
  }
}
const union = (is) =>
  is
    .toSorted((a, b) => a[0] - b[0])
    .reduce((out, [s, e]) => {
      if (out.length && s <= out.at(-1)[1]) out.at(-1)[1] = Math.max(out.at(-1)[1], e);
      else out.push([s, e]);
      return out;
    }, []);
export default () => {
  const m = new SortedMap();
  for (const k of [50, 20, 80, 10, 30, 20]) m.set(k, `v${k}`);
  return [
    m.size,
    m.get(20),
    m.get(25) ?? 'none',
    m.floor(29),
    m.floor(5) ?? 'none',
    m.ceil(31),
    m.ceil(99) ?? 'none',
    [...m.range(20, 80)],
    m.delete(30),
    m.delete(30),
    [...m.range(0, 100)].length,
    union([
      [8, 10],
      [1, 3],
      [2, 6],
      [15, 18],
      [17, 20],
    ]),
    union([]),
  ];
};
