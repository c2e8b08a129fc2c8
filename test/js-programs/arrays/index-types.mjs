// How methods convert their arguments.
export default () => {
  const a = [10, 20, 30, 40];
  const log = [];
  const n = (v) => ({ valueOf: () => (log.push(v), v) });
  return [
    a.slice(n(1), n(3)),
    a.at(n(-1)),
    a.indexOf(30, n(1)),
    a.includes(10, n(0)),
    a.join({ toString: () => '+' }),
    a.with(n(0), 1),
    a.toSpliced(n(1), n(1)),
    a.fill(n(5).valueOf(), 3),
    a.flat(n(1)),
    a.slice('x', true ? 2 : 0),
    a.slice(true),
    a.slice([1]),
    a.at({}),
    a.at(null),
    a.at(false),
    a['1'],
    a[[2]],
    a[1.0],
    a[true] ?? 'none',
    log,
  ];
};
