// Modular powers, inverses, Miller-Rabin, perfect numbers, square roots, the extended Euclid.
const pow = (b, e, m) => {
  let r = 1n;
  for (b %= m; e; e >>= 1n, b = (b * b) % m) if (e & 1n) r = (r * b) % m;
  return r;
};
const egcd = (a, b) => (b ? (([g, x, y]) => [g, y, x - (a / b) * y])(egcd(b, a % b)) : [a, 1n, 0n]);
const inv = (a, m) => ((egcd(a, m)[1] % m) + m) % m;
const prime = (n) => {
  if (n < 2n) return false;
  for (const p of [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n]) {
    if (n % p === 0n) return n === p;
  }
  let d = n - 1n,
    s = 0;
  while (!(d & 1n)) {
    d >>= 1n;
    s++;
  }
  w: for (const a of [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n]) {
    let x = pow(a, d, n);
    if (x === 1n || x === n - 1n) continue;
    for (let i = 1; i < s; i++) {
      x = (x * x) % n;
      if (x === n - 1n) continue w;
    }
    return false;
  }
  return true;
};
const isqrt = (n) => {
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const y = (x + n / x) >> 1n;
    if (y >= x) return x;
    x = y;
  }
};
export default () => ({
  pow: String(pow(3n, 1000n, 10n ** 9n + 7n)),
  inv: String(inv(17n, 3120n)),
  egcd: egcd(240n, 46n).map(String),
  primes: [2n ** 61n - 1n, 2n ** 67n - 1n, 2n ** 89n - 1n, 561n, 1000000007n].map(prime),
  isqrt: String(isqrt(2n * 10n ** 60n)),
  mersenne: [2n, 3n, 5n, 7n, 13n, 17n, 19n].map((p) => 2n ** (p - 1n) * (2n ** p - 1n)).map(String),
  rsa: (() => {
    const [p, q, e] = [61n, 53n, 17n];
    const d = inv(e, (p - 1n) * (q - 1n));
    return [...'Hi!']
      .map((c) => String.fromCharCode(Number(pow(pow(BigInt(c.charCodeAt(0)), e, p * q), d, p * q))))
      .join('');
  })(),
});
