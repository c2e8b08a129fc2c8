// SHA-256 from its definition.
const primes = (n) => {
  const p = [];
  for (let i = 2; p.length < n; i++) if (p.every((q) => i % q)) p.push(i);
  return p;
};
const frac = (x) => Math.floor((x - Math.floor(x)) * 2 ** 32) | 0;
const K = primes(64).map((p) => frac(Math.cbrt(p)));
const rot = (x, n) => (x >>> n) | (x << (32 - n));
const sha256 = (bytes) => {
  const len = bytes.length;
  const m = new Uint8Array(((len + 9 + 63) >> 6) << 6);
  m.set(bytes);
  m[len] = 0x80;
  const v = new DataView(m.buffer);
  v.setUint32(m.length - 4, len * 8);
  const h = Int32Array.from(primes(8), (p) => frac(Math.sqrt(p)));
  const w = new Int32Array(64);
  for (let o = 0; o < m.length; o += 64) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) w[i] = v.getInt32(o + i * 4);
      else {
        const a = w[i - 15],
          b = w[i - 2];
        w[i] =
          w[i - 16] +
          (rot(a, 7) ^ rot(a, 18) ^ (a >>> 3)) +
          w[i - 7] +
          (rot(b, 17) ^ rot(b, 19) ^ (b >>> 10));
      }
    }
    let [a, b, c, d, e, f, g, k] = h;
    for (let i = 0; i < 64; i++) {
      const t1 = (k + (rot(e, 6) ^ rot(e, 11) ^ rot(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const t2 = ((rot(a, 2) ^ rot(a, 13) ^ rot(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [k, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, k].forEach((x, i) => {
      h[i] += x;
    });
  }
  return Array.from(h, (x) => (x >>> 0).toString(16).padStart(8, '0')).join('');
};
export default () =>
  ['', 'abc', 'é😀', 'a'.repeat(1000), 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'].map((s) =>
    sha256(new TextEncoder().encode(s)),
  );
