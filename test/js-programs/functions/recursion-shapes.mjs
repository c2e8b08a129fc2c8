// Recursion: mutual, deep enough to matter, tree shaped, with accumulators.
export default () => {
  const ack = (m, n) => (m === 0 ? n + 1 : n === 0 ? ack(m - 1, 1) : ack(m - 1, ack(m, n - 1)));
  const isEven = (n) => n === 0 || isOdd(n - 1);
  function isOdd(n) {
    return n !== 0 && isEven(n - 1);
  }
  const hanoi = (n, a = 'A', b = 'B', c = 'C') =>
    n === 0 ? [] : [...hanoi(n - 1, a, c, b), a + c, ...hanoi(n - 1, b, a, c)];
  const permutations = (xs) =>
    xs.length < 2 ? [xs] : xs.flatMap((x, i) => permutations(xs.toSpliced(i, 1)).map((p) => [x, ...p]));
  const powerset = ([h, ...t]) => (h === undefined ? [[]] : powerset(t).flatMap((s) => [s, [h, ...s]]));
  const flatten = (x) => (Array.isArray(x) ? x.reduce((a, v) => a.concat(flatten(v)), []) : [x]);
  const hof = (n) => (n === 0 ? 0 : n - mal(hof(n - 1)));
  const mal = (n) => (n === 0 ? 1 : n - hof(mal(n - 1)));
  const depth = (n) => (n === 0 ? 0 : 1 + depth(n - 1));
  const partitions = (n, max = n) =>
    n === 0
      ? 1
      : Array.from({ length: Math.min(n, max) }, (_, i) => partitions(n - i - 1, i + 1)).reduce(
          (a, b) => a + b,
          0,
        );
  const gray = (n) =>
    n === 0
      ? ['']
      : [
          ...gray(n - 1).map((s) => `0${s}`),
          ...gray(n - 1)
            .toReversed()
            .map((s) => `1${s}`),
        ];
  return {
    ack: ack(2, 5),
    even: [isEven(500), isOdd(500)],
    hanoi: hanoi(4).join(' '),
    perms: permutations(['a', 'b', 'c', 'd'])
      .map((p) => p.join(''))
      .join(' '),
    powerset: powerset([1, 2, 3]),
    flat: flatten([1, [2, [3, [[4]], 5]]]),
    hof: Array.from({ length: 15 }, (_, i) => hof(i)),
    depth: depth(800),
    parts: partitions(12),
    gray: gray(3),
  };
};
