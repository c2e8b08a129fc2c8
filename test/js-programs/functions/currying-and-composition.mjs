// Curry, compose, pipe, memoise, debounce-free combinators.
const curry = (f, ...got) => (got.length >= f.length ? f(...got) : (...more) => curry(f, ...got, ...more));
const pipe =
  (...fs) =>
  (x) =>
    fs.reduce((v, f) => f(v), x);
const compose = (...fs) => pipe(...fs.toReversed());
const memo = (f, key = JSON.stringify) => {
  const c = new Map();
  const g = (...a) => {
    const k = key(a);
    if (!c.has(k)) c.set(k, f.apply(g, a));
    return c.get(k);
  };
  g.size = () => c.size;
  return g;
};
const Y = (f) => ((x) => x(x))((x) => f((...a) => x(x)(...a)));
const once = (f) => {
  let done, v;
  return (...a) => (done ? v : ((done = true), (v = f(...a))));
};
const trampoline =
  (f) =>
  (...a) => {
    let r = f(...a);
    while (typeof r === 'function') r = r();
    return r;
  };
const flip =
  (f) =>
  (a, b, ...r) =>
    f(b, a, ...r);
const church = {
  zero: (f) => (x) => x,
  succ: (n) => (f) => (x) => f(n(f)(x)),
  add: (a, b) => (f) => (x) => a(f)(b(f)(x)),
  toNumber: (n) => n((k) => k + 1)(0),
};
export default () => {
  const add3 = curry((a, b, c) => a + b + c);
  let calls = 0;
  const fib = memo((n) => (calls++, n < 2 ? n : fib(n - 1) + fib(n - 2)));
  const even = trampoline(function e(n) {
    return n === 0 ? true : () => (n === 1 ? false : () => e(n - 2));
  });
  const init = once(() => ++calls);
  const three = [1, 1, 1].reduce((n) => church.succ(n), church.zero);
  const cons = (h, t) => (f) => f(h, t);
  const list = [3, 2, 1].reduce((t, h) => cons(h, t), null);
  const sum = (l) => (l ? l((h, t) => h + sum(t)) : 0);
  return [
    add3(1)(2)(3),
    add3(1, 2)(3),
    add3(1)(2, 3),
    add3('a', 'b', 'c'),
    pipe(
      (x) => x + 1,
      (x) => x * 2,
      String,
    )(4),
    compose(
      (x) => x + 1,
      (x) => x * 2,
    )(4),
    fib(60),
    calls,
    fib.size(),
    Y((self) => (n) => (n <= 1 ? 1 : n * self(n - 1)))(10),
    even(100001),
    [init(), init()],
    flip((a, b) => a - b)(1, 10),
    church.toNumber(church.add(three, three)),
    sum(list),
  ];
};
