// Partial application with placeholders, argument juggling, arity control, pointfree pipelines.
export default () => {
  const _ = Symbol('_');
  const partial =
    (f, ...p) =>
    (...a) => {
      const q = [...a];
      const full = p.map((x) => (x === _ ? q.shift() : x));
      return f(...full, ...q);
    };
  const ary =
    (n) =>
    (f) =>
    (...a) =>
      f(...a.slice(0, n));
  const rev =
    (f) =>
    (...a) =>
      f(...a.reverse());
  const spread = (f) => (xs) => f(...xs);
  const gather =
    (f) =>
    (...xs) =>
      f(xs);
  const tap = (f) => (x) => (f(x), x);
  const conv =
    (f, ...gs) =>
    (x) =>
      f(...gs.map((g) => g(x)));
  const until = (p, f) => (x) => {
    while (!p(x)) x = f(x);
    return x;
  };
  const prop = (k) => (o) => o?.[k];
  const flow =
    (...fs) =>
    (x) =>
      fs.reduce((v, f) => f(v), x);
  const join = (...a) => a.join('-');
  const log = [];
  return [
    partial(join, 1, _, 3, _)(2, 4, 5),
    partial(join)(1),
    ['1', '2', '3'].map(ary(1)(parseInt)),
    rev(join)(1, 2, 3),
    spread(Math.max)([1, 9, 3]),
    gather((xs) => xs.length)(1, 2, 3),
    [1, 2].map(tap((x) => log.push(x))),
    log,
    conv(
      (a, b) => a / b,
      (xs) => xs.reduce((x, y) => x + y),
      (xs) => xs.length,
    )([2, 4, 9]),
    until(
      (x) => x > 100,
      (x) => x * 3,
    )(1),
    flow(prop('a'), prop('b'), (x) => x ?? 'none')({ a: { b: 5 } }),
    flow(prop('a'), prop('b'))({}) ?? 'undef',
  ];
};
