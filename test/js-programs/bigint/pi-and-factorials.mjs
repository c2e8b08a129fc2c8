// Digits of pi (Gibbons), of e, large factorials, Fibonacci by doubling, binomials, Catalan.
function* pi() {
  let [q, r, t, k, n, l] = [1n, 0n, 1n, 1n, 3n, 3n];
  for (;;) {
    if (4n * q + r - t < n * t) {
      yield n;
      [q, r, n] = [10n * q, 10n * (r - n * t), (10n * (3n * q + r)) / t - 10n * n];
    } else
      [q, r, t, k, n, l] = [
        q * k,
        (2n * q + r) * l,
        t * l,
        k + 1n,
        (q * (7n * k) + 2n + r * l) / (t * l),
        l + 2n,
      ];
  }
}
const fact = (n) => {
  let r = 1n;
  for (let i = 2n; i <= n; i++) r *= i;
  return r;
};
const fib = (n) => {
  if (n === 0n) return [0n, 1n];
  const [a, b] = fib(n >> 1n);
  const c = a * (2n * b - a),
    d = a * a + b * b;
  return n & 1n ? [d, c + d] : [c, d];
};
const e = (digits) => {
  const one = 10n ** BigInt(digits + 5);
  let s = 0n,
    t = one,
    k = 1n;
  while (t) {
    s += t;
    t /= k++;
  }
  return String(s).slice(0, digits);
};
export default () => {
  const it = pi();
  const f100 = fact(100n);
  return {
    pi: Array.from({ length: 60 }, () => it.next().value).join(''),
    e: e(50),
    f100: String(f100).length + String(f100).slice(0, 12),
    zeros: /0*$/.exec(String(fact(60n)))[0].length,
    fib: String(fib(300n)[0]),
    catalan: Array.from({ length: 12 }, (_, i) =>
      String(fact(2n * BigInt(i)) / (fact(BigInt(i)) * fact(BigInt(i) + 1n))),
    ),
    digitSum: [...String(2n ** 500n)].reduce((s, c) => s + Number(c), 0),
    power: String(7n ** 77n),
  };
};
