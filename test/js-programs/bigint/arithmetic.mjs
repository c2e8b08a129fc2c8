// BigInt operators with signs and sizes.
const t = (f) => {
  try {
    return String(f());
  } catch (e) {
    return e.name;
  }
};
export default () => ({
  ops: [
    7n / 2n,
    -7n / 2n,
    7n % -2n,
    -7n % 2n,
    2n ** 100n,
    (-3n) ** 3n,
    -(-5n),
    0n * -5n,
    -0n,
    10n ** 30n - 1n,
    2n ** 64n / 3n,
    123456789012345678901234567890n * 987654321098765432109876543210n,
  ].map(String),
  errs: [
    t(() => 1n / 0n),
    t(() => 1n % 0n),
    t(() => 2n ** -1n),
    t(() => 1n + 1),
    t(() => +1n),
    t(() => Math.max(1n)),
    t(() => 1n >>> 0n),
    t(() => BigInt(1.5)),
    t(() => BigInt('1.5')),
    t(() => BigInt('x')),
    t(() => BigInt(NaN)),
    t(() => BigInt(undefined)),
    t(() => new BigInt(1)),
    t(() => JSON.stringify(1n)),
    t(() => [1n].indexOf(1)),
    t(() => Number.parseInt('9n')),
  ],
  bits: [
    5n & 3n,
    5n | -8n,
    5n ^ -1n,
    ~5n,
    1n << 70n,
    -1n >> 3n,
    1n << -1n,
    -(1n << 64n) >> 60n,
    0xffn & ~0xfn,
  ].map(String),
  cmp: [
    1n < 2,
    2n > 1.5,
    1n == 1,
    1n === 1,
    1n == '1',
    0n ? 1 : 0,
    2n > '1',
    1n < NaN,
    10n ** 400n > 1e308,
    9007199254740993n == 9007199254740992,
    [3n, 1, 2n, 10].sort((a, b) => (a < b ? -1 : 1)).map(String),
  ],
  inc: (() => {
    let a = 1n;
    a++;
    a += 5n;
    a **= 2n;
    a <<= 3n;
    return String(a--);
  })(),
});
