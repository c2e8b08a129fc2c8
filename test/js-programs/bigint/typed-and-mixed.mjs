// BigInt with arrays, sorting, templates, maps, typed arrays and DataView.
export default () => {
  const a = BigInt64Array.of(5n, -1n, 2n ** 63n);
  const v = new DataView(a.buffer);
  return [
    [...a].map(String),
    String(a.toSorted()[0]),
    String(a.reduce((x, y) => x + y)),
    a.indexOf(-1n),
    a.includes(5n),
    a.indexOf(5),
    String(v.getBigUint64(8, true)),
    a.join('|'),
    String(BigInt64Array.from([1, 2], (x) => BigInt(x) * 3n)[1]),
    `${[1n, 2n]}`,
    [3n, 1n, 2n].sort().join(),
    [1n, 2n].includes(1n),
    new Set([1n, BigInt(1)]).size,
    Object.keys({ [5n]: 1 }),
    5n + 'x',
    `${{ valueOf: () => 1n }}`,
    String(1n + { valueOf: () => 2n }),
    typeof (1n * 2n),
    0n === -0n,
    Object.is(0n, -0n),
    1n < 2,
    2n == '2',
    !0n,
    3n && 'yes',
    String((1n, 2n)),
    String(-(2n ** 3n)),
    [...'abc'].map((_, i) => String(BigInt(i) ** 2n)).join(),
  ];
};
