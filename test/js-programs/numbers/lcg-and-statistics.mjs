// A seeded generator and descriptive statistics over it.
const lcg = (s) => () => (s = (s * 16807) % 2147483647) / 2147483647;
const r6 = (x) => Math.round(x * 1e6) / 1e6;
export default () => {
  const rnd = lcg(42);
  const xs = Array.from({ length: 1000 }, rnd);
  const n = xs.length;
  const mean = xs.reduce((a, b) => a + b) / n;
  const variance = xs.reduce((s, x) => s + (x - mean) ** 2, 0) / (n - 1);
  const sorted = xs.toSorted((a, b) => a - b);
  const q = (p) => {
    const i = (n - 1) * p;
    const lo = Math.floor(i);
    return sorted[lo] + (sorted[Math.min(lo + 1, n - 1)] - sorted[lo]) * (i - lo);
  };
  const hist = Array(10).fill(0);
  for (const x of xs) hist[Math.floor(x * 10)]++;
  const ys = xs.map((x, i) => 3 * x + 1 + (xs[(i + 1) % n] - 0.5) * 0.1);
  const my = ys.reduce((a, b) => a + b) / n;
  const slope = xs.reduce((s, x, i) => s + (x - mean) * (ys[i] - my), 0) / ((n - 1) * variance);
  const shuffled = [...Array(10).keys()];
  for (let i = 9; i > 0; i--) {
    const j = Math.floor(rnd() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
  }
  const inside = Array.from({ length: 5000 }, () => rnd() ** 2 + rnd() ** 2 < 1).filter(Boolean).length;
  return {
    mean: r6(mean),
    variance: r6(variance),
    quart: [0, 0.25, 0.5, 0.75, 1].map((p) => r6(q(p))),
    hist,
    slope: r6(slope),
    shuffled,
    inside,
  };
};
