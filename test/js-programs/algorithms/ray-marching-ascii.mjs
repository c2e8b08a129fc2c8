// A sphere lit from one side, drawn with characters.
export default () => {
  const W = 30,
    H = 14;
  const rows = [];
  const norm = (v) => {
    const l = Math.hypot(...v);
    return v.map((x) => x / l);
  };
  const light = norm([-1, 1, -1]);
  for (let y = 0; y < H; y++) {
    let r = '';
    for (let x = 0; x < W; x++) {
      const u = ((x + 0.5) / W) * 2.4 - 1.2,
        v = 1.2 - ((y + 0.5) / H) * 2.4;
      const d2 = u * u + v * v;
      if (d2 > 1) {
        r += ' ';
        continue;
      }
      const n = [u, v, -Math.sqrt(1 - d2)];
      const b = Math.max(
        0,
        n.reduce((s, c, i) => s + c * light[i], 0),
      );
      r += '.:-=+*#%@'[Math.min(8, Math.floor(b * 9 + 0.001))];
    }
    rows.push(r);
  }
  const mandel = Array.from({ length: 9 }, (_, j) =>
    Array.from({ length: 30 }, (_, i) => {
      let a = 0,
        b = 0,
        n = 0;
      const cx = -2.2 + i * 0.1,
        cy = -1 + j * 0.25;
      while (a * a + b * b < 4 && n < 40) {
        [a, b] = [a * a - b * b + cx, 2 * a * b + cy];
        n++;
      }
      return ' .:-=+*#%@'[Math.floor(n / 4.1)];
    }).join(''),
  );
  return { rows, mandel };
};
