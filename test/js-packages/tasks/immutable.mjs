import { fromJS, is, List, Map, OrderedMap, Range, Record, Seq, Set } from 'immutable';

export default () => {
  const tree = fromJS({ a: { b: [1, 2, { c: 3 }] } });
  const Point = Record({ x: 0, y: 0 });
  const changed = tree.updateIn(['a', 'b', 2, 'c'], (n) => n + 1).setIn(['a', 'd'], Set([1, 2]));
  const large = Map(Range(0, 2000).map((n) => [`k${n}`, n]));
  return {
    changed: changed.toJS(),
    same: is(Map({ a: List([1]) }), Map({ a: List([1]) })),
    point: new Point({ x: 5 }).set('y', 2).toString(),
    large: [large.size, large.get('k1234'), large.reduce((a, b) => a + b)],
    lazy: Seq([1, 2, 3, 4])
      .filter((n) => n % 2)
      .map((n) => n * n)
      .toArray(),
    grouped: List([1, 2, 3, 4])
      .groupBy((n) => n % 2)
      .map((list) => list.toArray())
      .toJS(),
    merged: OrderedMap({ z: 1 })
      .mergeDeep({ a: { b: 1 } })
      .keySeq()
      .toArray(),
    hash: [fromJS([1, 'a']).hashCode(), List.of(1, 2).equals(List([1, 2]))],
    sorted: List([3, 1, 2])
      .sortBy((n) => -n)
      .join(),
  };
};
