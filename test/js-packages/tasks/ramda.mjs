import * as R from 'ramda';

export default () => {
  const people = [
    { n: 'Ada', a: 36 },
    { n: 'Bob', a: 20 },
  ];
  const lens = R.lensPath(['x', 0, 'y']);
  return [
    R.pipe(R.filter(R.propSatisfies(R.lt(30), 'a')), R.pluck('n'))(people),
    R.over(lens, R.inc, { x: [{ y: 1 }] }),
    R.groupBy(({ a }) => (a > 30 ? 'old' : 'young'), people),
    R.transduce(R.compose(R.map(R.multiply(2)), R.take(2)), R.flip(R.append), [], [1, 2, 3]),
    R.curry((a, b, c) => a + b + c)(1)(R.__, 3)(2),
    R.evolve({ a: R.negate }, people[0]),
    R.sortWith([R.descend(R.prop('a')), R.ascend(R.prop('n'))], people).map(R.prop('n')),
    R.mergeDeepRight({ a: { b: 1, c: 2 } }, { a: { c: 3 } }),
    R.cond([
      [R.equals(0), R.always('zero')],
      [R.T, String],
    ])(5),
    R.xprod([1, 2], ['a']),
    R.toString({ a: [1, new Date(0), undefined] }),
    R.equals(new Set([[1]]), new Set([[1]])),
  ];
};
