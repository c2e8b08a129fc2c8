// A small lodash: chunk, zip, unzip, uniqBy, partition, difference, range, rotate, window, transpose, sample sums.
const range = (a, b, s = 1) =>
  Array.from({ length: Math.max(0, Math.ceil((b - a) / s)) }, (_, i) => a + i * s);
const chunk = (xs, n) => range(0, xs.length, n).map((i) => xs.slice(i, i + n));
const zip = (...xs) => range(0, Math.max(...xs.map((x) => x.length))).map((i) => xs.map((x) => x[i] ?? null));
const uniqBy = (xs, f) => [...xs.reduce((m, x) => (m.has(f(x)) ? m : m.set(f(x), x)), new Map()).values()];
const partition = (xs, f) => xs.reduce(([y, n], x) => (f(x) ? [[...y, x], n] : [y, [...n, x]]), [[], []]);
const rotate = (xs, k) => {
  const n = ((k % xs.length) + xs.length) % xs.length;
  return [...xs.slice(n), ...xs.slice(0, n)];
};
const windows = (xs, n) => range(0, xs.length - n + 1).map((i) => xs.slice(i, i + n));
const transpose = (m) => m[0].map((_, i) => m.map((r) => r[i]));
const merge = (a, b) => {
  const out = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) out.push(j >= b.length || a[i] <= b[j] ? a[i++] : b[j++]);
  return out;
};
const bisect = (xs, x) => {
  let [lo, hi] = [0, xs.length];
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (xs[mid] < x) lo = mid + 1;
    else hi = mid;
  }
  return lo;
};
const spiral = (m) =>
  m.length ? [...m[0], ...spiral(transpose(m.slice(1).length ? m.slice(1) : [[]]).toReversed())] : [];
export default () => ({
  range: [range(0, 5), range(5, 0), range(0, 1, 0.25), range(5, 0, -2)],
  chunk: chunk('abcdefg'.split(''), 3),
  zip: zip([1, 2, 3], ['a', 'b']),
  uniq: uniqBy([1.1, 1.9, 2.3], Math.floor),
  part: partition([1, 2, 3, 4], (x) => x % 2),
  rotate: [rotate([1, 2, 3, 4], 1), rotate([1, 2, 3, 4], -1)],
  win: windows([1, 2, 3, 4], 2),
  tr: transpose([
    [1, 2, 3],
    [4, 5, 6],
  ]),
  merge: merge([1, 4, 6], [2, 3, 7, 8]),
  bisect: [0, 3, 4, 99].map((x) => bisect([1, 3, 3, 5], x)),
  spiral: spiral([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]),
  diff: [[1, 2, 3].filter((x) => ![2].includes(x)), [...new Set([1, 2].concat([2, 3]))]],
});
