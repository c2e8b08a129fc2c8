// A bit set and a Bloom filter over Uint32Array.
class BitSet {
  #w;
  constructor(n) {
    this.#w = new Uint32Array(Math.ceil(n / 32));
  }
  set(i) {
    this.#w[i >>> 5] |= 1 << (i & 31);
    return this;
  }
  clear(i) {
    this.#w[i >>> 5] &= ~(1 << (i & 31));
    return this;
  }
  has(i) {
    return ((this.#w[i >>> 5] >>> (i & 31)) & 1) === 1;
  }
  get size() {
    let c = 0;
    for (let w of this.#w) {
      w -= (w >>> 1) & 0x55555555;
      w = (w & 0x33333333) + ((w >>> 2) & 0x33333333);
      c += Math.imul((w + (w >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
    }
    return c;
  }
  *[Symbol.iterator]() {
    for (let k = 0; k < this.#w.length; k++)
      for (let w = this.#w[k]; w; w &= w - 1) yield k * 32 + (31 - Math.clz32(w & -w));
  }
  op(o, f) {
    const r = new BitSet(0);
    r.#w = this.#w.map((w, i) => f(w, o.#w[i]));
    return r;
  }
}
const fnv = (s, seed) => {
  let h = 2166136261 ^ seed;
  for (let i = 0; i < s.length; i++) h = Math.imul(h ^ s.charCodeAt(i), 16777619);
  return h >>> 0;
};
class Bloom {
  #b = new BitSet(4096);
  add(s) {
    for (let k = 0; k < 4; k++) this.#b.set(fnv(s, k * 7919) % 4096);
  }
  has(s) {
    return [0, 1, 2, 3].every((k) => this.#b.has(fnv(s, k * 7919) % 4096));
  }
  get load() {
    return this.#b.size;
  }
}
export default () => {
  const a = new BitSet(100).set(0).set(31).set(32).set(63).set(99);
  const b = new BitSet(100).set(31).set(50).set(99);
  const n = 500;
  const sieve = new BitSet(n);
  for (let i = 2; i < n; i++) sieve.set(i);
  for (let i = 2; i * i < n; i++) if (sieve.has(i)) for (let j = i * i; j < n; j += i) sieve.clear(j);
  const bloom = new Bloom();
  for (let i = 0; i < 200; i++) bloom.add(`key${i}`);
  let falsePos = 0;
  for (let i = 200; i < 1200; i++) if (bloom.has(`key${i}`)) falsePos++;
  return {
    a: [...a],
    and: [...a.op(b, (x, y) => x & y)],
    or: [...a.op(b, (x, y) => x | y)],
    xor: [...a.op(b, (x, y) => x ^ y)],
    not: [...a.op(b, (x, y) => x & ~y)],
    primes: [sieve.size, [...sieve].slice(-3)],
    bloom: [bloom.load, falsePos, Array.from({ length: 200 }, (_, i) => bloom.has(`key${i}`)).every(Boolean)],
  };
};
