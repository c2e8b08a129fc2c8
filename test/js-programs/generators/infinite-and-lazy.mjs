// Lazy pipelines over endless generators.
function* naturals(n = 0) {
  while (true) yield n++;
}
function* map(it, f) {
  for (const x of it) yield f(x);
}
function* filter(it, f) {
  for (const x of it) if (f(x)) yield x;
}
function* take(it, n) {
  if (n > 0)
    for (const x of it) {
      yield x;
      if (--n === 0) return;
    }
}
function* zip(...its) {
  const is = its.map((i) => i[Symbol.iterator]());
  for (;;) {
    const rs = is.map((i) => i.next());
    if (rs.some((r) => r.done)) return;
    yield rs.map((r) => r.value);
  }
}
function* fib() {
  let [a, b] = [0n, 1n];
  for (;;) {
    yield a;
    [a, b] = [b, a + b];
  }
}
function* sieve(it = naturals(2)) {
  const { value: p } = it.next();
  yield p;
  yield* sieve(filter(it, (x) => x % p));
}
function* collatz(n) {
  while (n !== 1) {
    yield n;
    n = n % 2 ? 3 * n + 1 : n / 2;
  }
  yield 1;
}
function* chunk(it, n) {
  let c = [];
  for (const x of it) {
    c.push(x);
    if (c.length === n) {
      yield c;
      c = [];
    }
  }
  if (c.length) yield c;
}
function* scan(it, f, acc) {
  for (const x of it) yield (acc = f(acc, x));
}
const pipe = (it, ...fs) => fs.reduce((a, f) => f(a), it);
export default () => ({
  squares: [
    ...take(
      map(
        filter(naturals(), (x) => x % 3 === 0),
        (x) => x * x,
      ),
      6,
    ),
  ],
  zip: [...zip('abc', naturals(1), [true, false, true, false])],
  fib: [...take(fib(), 90)].at(-1).toString(),
  primes: [...take(sieve(), 12)],
  collatz: [...collatz(27)].length,
  chunk: [...chunk(take(naturals(), 7), 3)],
  scan: [...scan([1, 2, 3, 4], (a, b) => a + b, 0)],
  pipe: pipe(
    naturals(10),
    (i) => take(i, 3),
    (i) => map(i, String),
    (i) => [...i].join(''),
  ),
  none: [...take(naturals(), 0)],
});
