// Hull, polygon area, point in polygon, segment crossing, closest pair, simplification.
const cross = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
const hull = (ps) => {
  const s = ps.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (xs) =>
    xs
      .reduce((h, p) => {
        while (h.length > 1 && cross(h.at(-2), h.at(-1), p) <= 0) h.pop();
        h.push(p);
        return h;
      }, [])
      .slice(0, -1);
  return [...half(s), ...half(s.toReversed())];
};
const area = (p) =>
  Math.abs(
    p.reduce((s, [x, y], i) => {
      const [u, v] = p[(i + 1) % p.length];
      return s + x * v - u * y;
    }, 0),
  ) / 2;
const inside = (p, [x, y]) =>
  p.reduce((c, [x1, y1], i) => {
    const [x2, y2] = p[(i + 1) % p.length];
    return y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1 ? !c : c;
  }, false);
const crosses = (a, b, c, d) => cross(a, b, c) * cross(a, b, d) < 0 && cross(c, d, a) * cross(c, d, b) < 0;
const closest = (ps) =>
  ps
    .flatMap((p, i) => ps.slice(i + 1).map((q) => [(p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2, p, q]))
    .reduce((a, b) => (b[0] < a[0] ? b : a));
const simplify = (ps, eps) => {
  if (ps.length < 3) return ps;
  const [a, b] = [ps[0], ps.at(-1)];
  const len = Math.hypot(b[0] - a[0], b[1] - a[1]);
  let [m, k] = [0, 0];
  ps.forEach((p, i) => {
    const d = Math.abs(cross(a, b, p)) / len;
    if (d > m) [m, k] = [d, i];
  });
  return m > eps
    ? [...simplify(ps.slice(0, k + 1), eps).slice(0, -1), ...simplify(ps.slice(k), eps)]
    : [a, b];
};
export default () => {
  const ps = Array.from({ length: 30 }, (_, i) => [(i * 37) % 23, (i * 53) % 19]);
  const h = hull(ps);
  return {
    h,
    area: area(h),
    all: ps.every(
      (p) => h.some((q) => q === p) || h.every((a, i) => cross(a, h[(i + 1) % h.length], p) >= 0),
    ),
    inside: [
      [5, 5],
      [50, 5],
      [0, 100],
    ].map((p) => inside(h, p)),
    crosses: [crosses([0, 0], [4, 4], [0, 4], [4, 0]), crosses([0, 0], [1, 1], [2, 2], [3, 3])],
    closest: closest(ps),
    simple: simplify(
      [
        [0, 0],
        [1, 0.1],
        [2, -0.1],
        [3, 5],
        [4, 6],
        [5, 7],
        [6, 8.1],
        [7, 9],
        [8, 9],
        [9, 9],
      ],
      1,
    ),
  };
};
