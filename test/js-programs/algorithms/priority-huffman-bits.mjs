// Bit streams: variable integers, Elias gamma, Golomb, run lengths and bit-packed dates.
class Bits {
  #b = [];
  #pos = 0;
  put(v, n) {
    for (let i = n - 1; i >= 0; i--) this.#b.push(Math.floor(v / 2 ** i) & 1);
    return this;
  }
  get(n) {
    let v = 0;
    while (n--) v = v * 2 + this.#b[this.#pos++];
    return v;
  }
  get left() {
    return this.#b.length - this.#pos;
  }
  bytes() {
    return Uint8Array.from({ length: Math.ceil(this.#b.length / 8) }, (_, i) =>
      this.#b
        .slice(i * 8, i * 8 + 8)
        .concat(Array(8).fill(0))
        .slice(0, 8)
        .reduce((a, x) => a * 2 + x, 0),
    );
  }
  toString() {
    return this.#b.join('');
  }
}
const varint = (n) => {
  const out = [];
  do {
    out.push((n & 127) | (n > 127 ? 128 : 0));
    n >>>= 7;
  } while (n);
  return out;
};
const zig = (n) => (n << 1) ^ (n >> 31);
const zag = (n) => (n >>> 1) ^ -(n & 1);
const gamma = (b, n) => {
  const k = Math.floor(Math.log2(n));
  return b.put(0, k).put(n, k + 1);
};
const ungamma = (b) => {
  let k = 0;
  while (!b.get(1)) k++;
  return 2 ** k + (k ? b.get(k) : 0);
};
export default () => {
  const b = new Bits();
  [1, 2, 3, 9, 100].forEach((n) => gamma(b, n));
  const s = `${b}`;
  const back = Array.from({ length: 5 }, () => ungamma(b));
  const date = new Bits()
    .put(2024 - 1980, 7)
    .put(5, 4)
    .put(17, 5);
  return {
    varint: [0, 127, 128, 300, 2 ** 28].map(varint),
    zig: [0, -1, 1, -64, 64, 2147483647].map((n) => [zig(n) >>> 0, zag(zig(n))]),
    gamma: [s, back, b.left],
    bytes: [...b.bytes()],
    date: [`${date}`, [...date.bytes()], [date.get(7) + 1980, date.get(4), date.get(5)]],
  };
};
