// MD5, CRC-32 and Adler-32.
const enc = (s) => new TextEncoder().encode(s);
const T = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});
const crc = (b) =>
  (~b.reduce((c, x) => T[(c ^ x) & 255] ^ (c >>> 8), -1) >>> 0).toString(16).padStart(8, '0');
const adler = (b) => {
  let [x, y] = [1, 0];
  for (const v of b) {
    x = (x + v) % 65521;
    y = (y + x) % 65521;
  }
  return ((y * 65536 + x) >>> 0).toString(16).padStart(8, '0');
};
const md5 = (b) => {
  const S = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
  const m = new Uint8Array(((b.length + 72) >> 6) << 6);
  m.set(b);
  m[b.length] = 128;
  const v = new DataView(m.buffer);
  v.setUint32(m.length - 8, b.length * 8, true);
  const h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476].map((x) => x | 0);
  for (let o = 0; o < m.length; o += 64) {
    let [a, x, c, d] = h;
    for (let i = 0; i < 64; i++) {
      const r = i >> 4;
      const f =
        r === 0 ? (x & c) | (~x & d) : r === 1 ? (d & x) | (~d & c) : r === 2 ? x ^ c ^ d : c ^ (x | ~d);
      const g = [i, 5 * i + 1, 3 * i + 5, 7 * i][r] % 16;
      const s = S[r * 4 + (i % 4)];
      const t = (a + f + Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) + v.getInt32(o + g * 4, true)) | 0;
      [a, d, c, x] = [d, c, x, (x + ((t << s) | (t >>> (32 - s)))) | 0];
    }
    [a, x, c, d].forEach((y, i) => {
      h[i] = (h[i] + y) | 0;
    });
  }
  return h
    .map((x) => {
      let s = '';
      for (let i = 0; i < 4; i++) s += ((x >>> (i * 8)) & 255).toString(16).padStart(2, '0');
      return s;
    })
    .join('');
};
export default () =>
  ['', 'a', 'message digest', 'The quick brown fox jumps over the lazy dog', 'x'.repeat(300)].map((s) => [
    md5(enc(s)),
    crc(enc(s)),
    adler(enc(s)),
  ]);
