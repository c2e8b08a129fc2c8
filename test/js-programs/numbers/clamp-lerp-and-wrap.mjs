// Small numeric helpers with odd input.
const show = (x) => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? Math.round(x * 1e9) / 1e9 : String(x));
export default () => {
  const clamp = (x, a, b) => Math.min(Math.max(x, a), b),
    lerp = (a, b, t) => a + (b - a) * t,
    mod = (a, n) => ((a % n) + n) % n,
    gcd = (a, b) => (b ? gcd(b, a % b) : Math.abs(a)),
    sign = (x) => (x > 0) - (x < 0),
    avg = (...x) => x.reduce((a, b) => a + b, 0) / x.length;
  return [
    clamp(5, 0, 3),
    clamp(NaN, 0, 3),
    clamp(-0, 0, 1),
    lerp(10, 20, 0.25),
    lerp(0, Infinity, 0),
    mod(-1, 5),
    mod(-0, 5),
    mod(7, -3),
    gcd(48, -18),
    gcd(0, 0),
    (12 * 18) / gcd(12, 18),
    sign(-3),
    sign(NaN),
    avg(),
    avg(1, 2),
    0.1 + 0.2 - 0.3,
    (0.1 * 3).toFixed(20).length,
    Math.trunc(-0.5),
    1e15 + 0.3 - 1e15,
    2 ** 0.5 * 2 ** 0.5,
    1 / 3 + 1 / 3 + 1 / 3,
    9007199254740992 + 1 - 1,
    Math.round(-0.5),
    parseFloat((1.255).toFixed(2)),
    +(0.1).toPrecision(21),
    ((n) => n ^ 0)(2 ** 32 + 5),
  ].map(show);
};
