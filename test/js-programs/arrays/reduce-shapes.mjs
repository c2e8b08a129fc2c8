// reduce and reduceRight: group, count, pivot, compose, without a start, on holes.
export default () => {
  const log = [];
  [1, , 3].reduce((a, v, i, arr) => (log.push([a, v, i, arr.length]), a + v));
  ['a', 'b', 'c'].reduceRight((a, v, i) => (log.push([a, v, i]), a + v));
  const groupBy = (xs, f) => xs.reduce((m, x) => ((m[f(x)] ??= []).push(x), m), {});
  const pivot = [
    ['x', 'a', 1],
    ['x', 'b', 2],
    ['y', 'a', 3],
  ].reduce((m, [r, c, v]) => ({ ...m, [r]: { ...m[r], [c]: v } }), {});
  return {
    log,
    group: groupBy([1, 2, 3, 4, 5, 6], (x) => ['fizz', 'one', 'two'][x % 3]),
    pivot,
    max: [3, 9, 2].reduce((a, b) => (a > b ? a : b)),
    single: [5].reduce(() => 'never'),
    init: [].reduce(() => 'never', 'init'),
    undef: [1].reduce((a, b) => String(a) + b, undefined),
    errs: [() => [].reduce((a) => a), () => [,].reduceRight((a) => a), () => [1, 2].reduce()].map((f) => {
      try {
        return f();
      } catch (e) {
        return e.name;
      }
    }),
    right: [[0, 1], [2, 3], [4]].reduceRight((a, b) => a.concat(b)),
    poly: [3, 2, 1].reduceRight((acc, c) => acc * 2 + c, 0),
    words: Object.entries(
      'to be or not to be'.split(' ').reduce((m, w) => ({ ...m, [w]: (m[w] ?? 0) + 1 }), {}),
    ),
    like: Array.prototype.reduce.call('abc', (a, c) => c + a),
    counts: [...'hello'].reduce((m, c) => m.set(c, (m.get(c) ?? 0) + 1), new Map()).get('l'),
  };
};
