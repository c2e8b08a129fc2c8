// A hundred thousand elements through the methods, with checksums.
export default () => {
  let seed = 12345;
  const next = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0);
  const a = Array.from({ length: 20000 }, next);
  const sorted = a.toSorted((x, y) => x - y);
  const ok = sorted.every((v, i) => !i || sorted[i - 1] <= v);
  const h = (xs) => xs.reduce((acc, v) => (Math.imul(acc, 16777619) ^ (v | 0)) >>> 0, 2166136261);
  const idx = new Map(sorted.map((v, i) => [v, i]));
  return {
    ok,
    h: [h(a), h(sorted)],
    min: sorted[0],
    max: sorted.at(-1),
    even: a.filter((x) => x % 2 === 0).length,
    sum: a.reduce((x, y) => x + y, 0),
    unique: new Set(a).size,
    mid: idx.get(sorted[10000]),
    str: a
      .map((x) => x.toString(36))
      .sort()
      .slice(0, 3),
    joined: a.join('').length,
    spread: Math.max(...a.slice(0, 10000)) === a.slice(0, 10000).reduce((x, y) => (x > y ? x : y)),
    rev: h([...a].reverse()),
    chunked: a.reduce((m, x) => (m[x % 7]++, m), Array(7).fill(0)),
  };
};
