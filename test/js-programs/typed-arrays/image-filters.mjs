// Grey scale, box blur, Sobel edges, Floyd-Steinberg dithering on a small picture.
const W = 24,
  H = 12;
const make = () => {
  const px = new Uint8ClampedArray(W * H * 4);
  for (let y = 0; y < H; y++)
    for (let x = 0; x < W; x++) px.set([(x * 255) / W, (y * 255) / H, (x ^ y) * 16, 255], (y * W + x) * 4);
  return px;
};
const grey = (px) =>
  Uint8ClampedArray.from(
    { length: W * H },
    (_, i) => (px[i * 4] * 299 + px[i * 4 + 1] * 587 + px[i * 4 + 2] * 114) / 1000,
  );
const conv = (g, k, div = 1, off = 0) => {
  const out = new Uint8ClampedArray(W * H);
  for (let y = 1; y < H - 1; y++)
    for (let x = 1; x < W - 1; x++) {
      let s = 0;
      for (let j = -1; j <= 1; j++)
        for (let i = -1; i <= 1; i++) s += g[(y + j) * W + x + i] * k[(j + 1) * 3 + i + 1];
      out[y * W + x] = s / div + off;
    }
  return out;
};
const dither = (g) => {
  const e = Float32Array.from(g);
  let s = '';
  for (let y = 0; y < H; y++) {
    for (let x = 0; x < W; x++) {
      const i = y * W + x;
      const v = e[i] < 128 ? 0 : 255;
      const d = e[i] - v;
      s += v ? '#' : '.';
      if (x + 1 < W) e[i + 1] += (d * 7) / 16;
      if (y + 1 < H) {
        if (x) e[i + W - 1] += (d * 3) / 16;
        e[i + W] += (d * 5) / 16;
        if (x + 1 < W) e[i + W + 1] += d / 16;
      }
    }
    s += '\n';
  }
  return s.trim().split('\n');
};
const sum = (a) => a.reduce((s, v, i) => (s + v * (i + 1)) % 1000003, 0);
export default () => {
  const g = grey(make());
  return {
    grey: sum(g),
    blur: sum(conv(g, [1, 1, 1, 1, 1, 1, 1, 1, 1], 9)),
    sobel: sum(conv(g, [-1, 0, 1, -2, 0, 2, -1, 0, 1])),
    sharp: sum(conv(g, [0, -1, 0, -1, 5, -1, 0, -1, 0])),
    emboss: conv(g, [-2, -1, 0, -1, 1, 1, 0, 1, 2], 1, 8)
      .slice(W + 1, W + 8)
      .join(),
    dither: dither(g),
    hist: [...g].reduce((h, v) => (h[v >> 5]++, h), Array(8).fill(0)),
  };
};
