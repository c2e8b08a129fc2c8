// fill, copyWithin and reverse with all kinds of positions.
export default () => {
  const f = (...a) => [1, 2, 3, 4, 5].fill(...a).join('');
  const c = (...a) => [1, 2, 3, 4, 5].copyWithin(...a).join('');
  const shared = Array(3).fill([]);
  shared[0].push('same');
  return {
    fill: [
      f(0),
      f(0, 2),
      f(0, 1, 3),
      f(0, -2),
      f(0, -3, -1),
      f(0, 3, 1),
      f(0, NaN),
      f(0, '1', '2'),
      f(0, 99),
      f(),
    ],
    copy: [c(0, 3), c(1, 3, 4), c(-2), c(0, -2, -1), c(2, 0), c(0, 1, 99), c(99, 0), c(1, 0, 3), c(0), c()],
    rev: [
      [1, 2, 3].reverse(),
      [1, 2].reverse(),
      [].reverse(),
      Array.prototype.reverse.call({ length: 2, 0: 'a' }),
    ],
    shared,
    like: Array.prototype.fill.call({ length: 3 }, 'x'),
    grid: (() => {
      const g = Array.from({ length: 3 }, () => Array(3).fill('.'));
      g[1][1] = '#';
      return g.map((r) => r.join(''));
    })(),
  };
};
