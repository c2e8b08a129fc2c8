// Dynamic programming: knapsack, coins, longest increasing run, edit script, partitions, matrix chains.
const knap = (items, cap) => {
  const best = Array(cap + 1).fill(0),
    take = Array.from({ length: cap + 1 }, () => []);
  for (const { n, w, v } of items)
    for (let c = cap; c >= w; c--)
      if (best[c - w] + v > best[c]) {
        best[c] = best[c - w] + v;
        take[c] = [...take[c - w], n];
      }
  return [best[cap], take[cap].join('')];
};
const coins = (cs, t) => {
  const ways = [1],
    min = [0];
  for (let i = 1; i <= t; i++) {
    ways[i] = 0;
    min[i] = Math.min(...cs.map((c) => (min[i - c] ?? Infinity) + 1));
  }
  for (const c of cs) for (let i = c; i <= t; i++) ways[i] += ways[i - c];
  return [ways[t], min[t]];
};
const lis = (a) => {
  const tails = [],
    prev = [],
    at = [];
  a.forEach((x, i) => {
    let k = tails.findIndex((t) => t >= x);
    if (k < 0) k = tails.length;
    tails[k] = x;
    at[k] = i;
    prev[i] = k ? at[k - 1] : -1;
  });
  const out = [];
  for (let i = at.at(-1); i >= 0; i = prev[i]) out.unshift(a[i]);
  return out;
};
const chain = (d) => {
  const n = d.length - 1,
    m = Array.from({ length: n }, () => Array(n).fill(0)),
    s = Array.from({ length: n }, () => []);
  for (let l = 1; l < n; l++)
    for (let i = 0; i + l < n; i++) {
      m[i][i + l] = Infinity;
      for (let k = i; k < i + l; k++) {
        const c = m[i][k] + m[k + 1][i + l] + d[i] * d[k + 1] * d[i + l + 1];
        if (c < m[i][i + l]) {
          m[i][i + l] = c;
          s[i][i + l] = k;
        }
      }
    }
  const show = (i, j) => (i === j ? 'ABCDEF'[i] : `(${show(i, s[i][j])}${show(s[i][j] + 1, j)})`);
  return [m[0][n - 1], show(0, n - 1)];
};
const subset = (xs, t) => {
  const seen = new Map([[0, []]]);
  for (const x of xs) for (const [s, p] of [...seen]) if (!seen.has(s + x)) seen.set(s + x, [...p, x]);
  return seen.get(t) ?? null;
};
const kadane = (a) =>
  a.reduce(
    ([best, cur], x) => {
      const c = Math.max(x, cur + x);
      return [Math.max(best, c), c];
    },
    [-Infinity, 0],
  )[0];
const wordBreak = (s, ws) => {
  const ok = [[[]]];
  for (let i = 1; i <= s.length; i++)
    ok[i] = ws
      .filter((w) => s.slice(0, i).endsWith(w))
      .flatMap((w) => ok[i - w.length].map((p) => [...p, w]));
  return ok[s.length].map((p) => p.join(' '));
};
export default () => ({
  knap: knap(
    [
      ['a', 12, 4],
      ['b', 2, 2],
      ['c', 1, 1],
      ['d', 4, 10],
      ['e', 1, 2],
    ].map(([n, w, v]) => ({ n, w, v })),
    15,
  ),
  coins: [coins([1, 5, 10, 25], 100), coins([9, 6, 1], 12)],
  lis: lis([10, 9, 2, 5, 3, 7, 101, 18]),
  chain: chain([30, 35, 15, 5, 10, 20, 25]),
  subset: [subset([3, 34, 4, 12, 5, 2], 9), subset([3, 5], 7)],
  kadane: kadane([-2, 1, -3, 4, -1, 2, 1, -5, 4]),
  words: wordBreak('catsanddog', ['cat', 'cats', 'and', 'sand', 'dog']),
  grid: (() => {
    const p = Array.from({ length: 9 }, () => Array(9).fill(1));
    for (let i = 1; i < 9; i++) for (let j = 1; j < 9; j++) p[i][j] = p[i - 1][j] + p[i][j - 1];
    return p[8][8];
  })(),
});
