// Newton, bisection, Simpson, Runge-Kutta, a small FFT, linear systems.
const r = (x) => Math.round(x * 1e8) / 1e8 + 0;
const newton = (f, df, x) => {
  for (let i = 0; i < 50; i++) x -= f(x) / df(x);
  return x;
};
const bisect = (f, a, b) => {
  for (let i = 0; i < 80; i++) {
    const m = (a + b) / 2;
    if (f(a) * f(m) <= 0) b = m;
    else a = m;
  }
  return a;
};
const simpson = (f, a, b, n = 200) => {
  const h = (b - a) / n;
  let s = f(a) + f(b);
  for (let i = 1; i < n; i++) s += f(a + i * h) * (i % 2 ? 4 : 2);
  return (s * h) / 3;
};
const rk4 = (f, y, t, h, n) => {
  for (let i = 0; i < n; i++, t += h) {
    const k1 = f(t, y),
      k2 = f(t + h / 2, y + (h / 2) * k1),
      k3 = f(t + h / 2, y + (h / 2) * k2),
      k4 = f(t + h, y + h * k3);
    y += (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return y;
};
const fft = (re, im = re.map(() => 0)) => {
  const n = re.length;
  if (n === 1) return [re, im];
  const half = (a, o) => a.filter((_, i) => i % 2 === o);
  const [er, ei] = fft(half(re, 0), half(im, 0)),
    [or, oi] = fft(half(re, 1), half(im, 1));
  const R = Array(n),
    I = Array(n);
  for (let k = 0; k < n / 2; k++) {
    const a = (-2 * Math.PI * k) / n;
    const tr = Math.cos(a) * or[k] - Math.sin(a) * oi[k],
      ti = Math.cos(a) * oi[k] + Math.sin(a) * or[k];
    R[k] = er[k] + tr;
    I[k] = ei[k] + ti;
    R[k + n / 2] = er[k] - tr;
    I[k + n / 2] = ei[k] - ti;
  }
  return [R, I];
};
const solve = (A, b) => {
  const m = A.map((row, i) => [...row, b[i]]);
  const n = m.length;
  for (let c = 0; c < n; c++) {
    let p = c;
    for (let i = c; i < n; i++) if (Math.abs(m[i][c]) > Math.abs(m[p][c])) p = i;
    [m[c], m[p]] = [m[p], m[c]];
    for (let i = 0; i < n; i++)
      if (i !== c) {
        const k = m[i][c] / m[c][c];
        for (let j = c; j <= n; j++) m[i][j] -= k * m[c][j];
      }
  }
  return m.map((row, i) => r(row[n] / row[i]));
};
export default () => ({
  newton: r(
    newton(
      (x) => x * x - 2,
      (x) => 2 * x,
      1,
    ),
  ),
  bisect: r(bisect((x) => x ** 3 - x - 2, 1, 2)),
  simpson: [r(simpson(Math.sin, 0, Math.PI)), r(simpson((x) => x * x, 0, 3))],
  rk4: r(rk4((t, y) => y, 1, 0, 0.01, 100)),
  fft: fft([1, 2, 3, 4, 0, 0, 0, 0]).map((a) => a.map(r)),
  solve: solve(
    [
      [2, 1, -1],
      [-3, -1, 2],
      [-2, 1, 2],
    ],
    [8, -11, -3],
  ),
});
