// Combinatorial generators: Heap permutations, k-combinations, cartesian products, compositions, necklaces.
function* heap(a, n = a.length) {
  if (n <= 1) yield a.join('');
  else
    for (let i = 0; i < n; i++) {
      yield* heap(a, n - 1);
      const j = n % 2 ? 0 : i;
      [a[n - 1], a[j]] = [a[j], a[n - 1]];
    }
}
function* combos(xs, k, from = 0) {
  if (k === 0) return void (yield []);
  for (let i = from; i <= xs.length - k; i++) for (const c of combos(xs, k - 1, i + 1)) yield [xs[i], ...c];
}
function* product(h, ...t) {
  if (!h) return void (yield []);
  for (const x of h) for (const r of product(...t)) yield [x, ...r];
}
function* compositions(n) {
  if (n === 0) yield [];
  for (let i = 1; i <= n; i++) for (const c of compositions(n - i)) yield [i, ...c];
}
function* queens(n, cols = []) {
  const r = cols.length;
  if (r === n) yield cols;
  else
    for (let c = 0; c < n; c++)
      if (cols.every((d, i) => d !== c && Math.abs(d - c) !== r - i)) yield* queens(n, [...cols, c]);
}
function* deBruijn(k, n) {
  const a = Array(k * n).fill(0);
  function* db(t, p) {
    if (t > n) {
      if (n % p === 0) yield* a.slice(1, p + 1);
    } else {
      a[t] = a[t - p];
      yield* db(t + 1, p);
      for (let j = a[t - p] + 1; j < k; j++) {
        a[t] = j;
        yield* db(t + 1, t);
      }
    }
  }
  yield* db(1, 1);
}
export default () => ({
  heap: [...heap(['a', 'b', 'c', 'd'])].join(' '),
  combos: [...combos('abcde', 3)].map((c) => c.join('')),
  product: [...product('ab', [1, 2], 'x')],
  comps: [...compositions(5)].length,
  queens: [...queens(6)],
  q8: [...queens(7)].length,
  db: [...deBruijn(2, 4)].join(''),
});
