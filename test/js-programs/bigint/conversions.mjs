// Text, numbers, and fixed widths.
const t = (f) => {
  try {
    return String(f());
  } catch (e) {
    return e.name;
  }
};
export default () => ({
  from: [
    BigInt(10),
    BigInt('0xff'),
    BigInt('0b101'),
    BigInt('0o17'),
    BigInt(''),
    BigInt('  12  '),
    BigInt(true),
    BigInt(1e25),
    BigInt(Number.MAX_SAFE_INTEGER) + 2n,
    BigInt('-5'),
    BigInt([7]),
  ].map(String),
  bad: ['-0x1', '1n', '1e3', '+ 1', '0x', null].map((s) => t(() => BigInt(s))),
  to: [
    Number(2n ** 53n + 1n),
    Number(10n ** 30n),
    Number(-(2n ** 1030n)) === -Infinity,
    parseInt('123n'),
    Number('12'),
    Number(9007199254740993n),
    Number(9007199254740995n),
  ],
  str: [
    255n.toString(16),
    (-255n).toString(2),
    (10n ** 20n).toString(36),
    String(-0n),
    `${2n ** 70n}`,
    12n + 'x',
    t(() => 1n.toString(1)),
  ],
  width: [
    BigInt.asIntN(8, 255n),
    BigInt.asIntN(8, 128n),
    BigInt.asUintN(8, -1n),
    BigInt.asUintN(64, -1n),
    BigInt.asIntN(64, 2n ** 63n),
    BigInt.asIntN(0, 5n),
    BigInt.asUintN(200, -1n),
    BigInt.asIntN(3, 25n),
  ].map(String),
  typeofs: [typeof 1n, typeof Object(1n), Object(1n) + 1n === 2n, 1n instanceof BigInt],
  key: [{ 1n: 'k' }[1], new Map([[1n, 'a']]).get(1n), new Set([1n, 1, 1n]).size],
  json: JSON.stringify({ v: 5n }, (k, v) => (typeof v === 'bigint' ? `${v}n` : v)),
});
