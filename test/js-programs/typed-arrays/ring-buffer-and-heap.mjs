// A byte ring buffer with wrap around, and a struct laid over bytes.
class Ring {
  #b;
  #r = 0;
  #n = 0;
  constructor(n) {
    this.#b = new Uint8Array(n);
  }
  write(xs) {
    let k = 0;
    for (const x of xs) {
      if (this.#n === this.#b.length) break;
      this.#b[(this.#r + this.#n++) % this.#b.length] = x;
      k++;
    }
    return k;
  }
  read(n) {
    const out = new Uint8Array(Math.min(n, this.#n));
    for (let i = 0; i < out.length; i++) {
      out[i] = this.#b[this.#r];
      this.#r = (this.#r + 1) % this.#b.length;
      this.#n--;
    }
    return out;
  }
  get raw() {
    return [...this.#b];
  }
}
const struct = (fields) => {
  let size = 0;
  const at = Object.entries(fields).map(([k, t]) => {
    const w = { u8: 1, i16: 2, u32: 4, f64: 8 }[t];
    size = Math.ceil(size / w) * w;
    const f = [k, t, size];
    size += w;
    return f;
  });
  const M = { u8: 'Uint8', i16: 'Int16', u32: 'Uint32', f64: 'Float64' };
  return {
    size,
    view: (buf, o = 0) => {
      const v = new DataView(buf, o, size);
      return Object.defineProperties(
        {},
        Object.fromEntries(
          at.map(([k, t, p]) => [
            k,
            {
              enumerable: true,
              get: () => v[`get${M[t]}`](p, true),
              set: (x) => v[`set${M[t]}`](p, x, true),
            },
          ]),
        ),
      );
    },
  };
};
export default () => {
  const r = new Ring(5);
  const s = struct({ tag: 'u8', temp: 'i16', id: 'u32', val: 'f64' });
  const buf = new ArrayBuffer(s.size * 2);
  const [a, b] = [s.view(buf), s.view(buf, s.size)];
  Object.assign(a, { tag: 300, temp: -5, id: -1, val: 1.5 });
  Object.assign(b, a, { tag: 7 });
  return [
    r.write([1, 2, 3, 4]),
    [...r.read(3)],
    r.write([5, 6, 7, 8, 9]),
    r.raw,
    [...r.read(10)],
    [...r.read(1)],
    s.size,
    { ...a },
    { ...b },
    [...new Uint8Array(buf, 0, 8)],
  ];
};
