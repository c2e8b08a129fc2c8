import {
  chunk,
  difference,
  intersectionBy,
  keyBy,
  memoize,
  partition,
  range,
  sortedUniq,
  sumBy,
  unescape,
  zipObject,
} from 'lodash-es';

export default () => {
  let calls = 0;
  const slow = memoize((n) => {
    calls += 1;
    return n * n;
  });
  return [
    chunk(range(7), 3),
    difference([1, 2, 3], [2]),
    intersectionBy([2.1, 1.2], [2.3, 3.4], Math.floor),
    keyBy([{ id: 'a' }, { id: 'b' }], 'id'),
    partition([1, 2, 3, 4], (n) => n % 2),
    sortedUniq([1, 1, 2, 2, 3]),
    sumBy([{ n: 1 }, { n: 2 }], 'n'),
    unescape('&lt;&amp;'),
    zipObject(['a', 'b'], [1, 2]),
    [slow(3), slow(3), calls],
  ];
};
